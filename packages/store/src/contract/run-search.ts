import assert from "node:assert/strict";
import type { FilterField, FilterOperator } from "@rivulet/domain";
import type { Store, StoreQuery } from "../port/store.ts";
import { anExperiment, aRun, BUILT_AT } from "./builders.ts";
import {
  attribute,
  by,
  type ContractCase,
  contractGroup,
  EVERYTHING,
  readPages,
  refuses,
  where,
} from "./contract-case.ts";
import { hexId } from "./hex-id.ts";

const ALL = { experimentIds: [], lifecycle: "active" } as const;
const metric: FilterField = { kind: "metric", key: "val/acc" };
const param: FilterField = { kind: "param", key: "lr" };
const tag: FilterField = { kind: "tag", key: "my.color" };

/** a (0.9), b (0.7), c (0.5), d (no metric, no tag). */
async function fourRuns(store: Store): Promise<void> {
  await store.experiments.create(anExperiment());
  const runs = [
    { name: "a", acc: 0.9, lr: "0.1", color: "Blue sky" },
    { name: "b", acc: 0.7, lr: "0.01", color: "blue_sea" },
    { name: "c", acc: 0.5, lr: "0.1", color: "100% red" },
  ];
  for (const [index, { name, acc, lr, color }] of runs.entries()) {
    const id = hexId(index + 1);
    const startTime = BUILT_AT + index;
    await store.runs.create(
      aRun({ id, name, startTime, params: { lr }, tags: { "my.color": color } }),
    );
    const metrics = [{ key: "val/acc", value: acc, step: 0, timestamp: BUILT_AT }];
    await store.runs.logBatch({ runId: id, metrics });
  }
  await store.runs.create(
    aRun({ id: hexId(4), name: "d", experimentId: "1", startTime: BUILT_AT + 3, status: "failed" }),
  );
}

async function names(store: Store, query: Partial<StoreQuery>): Promise<string> {
  const order = query.order ?? by(attribute("name"));
  const page = await store.runs.search({ ...EVERYTHING, ...ALL, ...query, order });
  return page.items.map(({ name }) => name).join("");
}

type Row = readonly [FilterField, FilterOperator, Parameters<typeof where>[2], string];

const CLAUSES: readonly Row[] = [
  [metric, ">", 0.7, "a"],
  [metric, ">=", 0.7, "ab"],
  [metric, "<", 0.7, "c"],
  [metric, "<=", 0.7, "bc"],
  [metric, "=", 0.7, "b"],
  [metric, "!=", 0.7, "ac"],
  [{ kind: "metric", key: "none" }, ">", 0, ""],
  [param, "=", "0.1", "ac"],
  [param, "!=", "0.1", "b"],
  [param, "LIKE", "0.0%", "b"],
  [param, "IN", ["0.01", "7"], "b"],
  [param, "NOT IN", ["0.01"], "ac"],
  [param, "IS NULL", undefined, "d"],
  [param, "IS NOT NULL", undefined, "abc"],
  [tag, "LIKE", "Blue%", "a"],
  [tag, "LIKE", "blue_sea", "b"],
  [tag, "LIKE", "b", ""],
  [tag, "ILIKE", "BLUE%", "ab"],
  [tag, "ILIKE", "blue_s%", "ab"],
  [tag, "=", "100% red", "c"],
  [tag, "=", "x' OR '1'='1", ""],
  [tag, "IS NULL", undefined, "d"],
  [attribute("id"), "=", hexId(2), "b"],
  [attribute("id"), "IN", [hexId(2), hexId(3)], "bc"],
  [attribute("name"), "ILIKE", "A", "a"],
  [attribute("status"), "=", "failed", "d"],
  [attribute("status"), "!=", "failed", "abc"],
  [attribute("startTime"), ">", BUILT_AT + 1, "cd"],
  [attribute("experimentId"), "=", "1", "d"],
  [attribute("endTime"), "IS NULL", undefined, "abcd"],
  [attribute("endTime"), ">", 0, ""],
];

/** Rules of {@link RunStore.search}; the searches of other entities share its compiler. */
export const runSearchRules: readonly ContractCase[] = contractGroup("the search of runs", {
  ...Object.fromEntries(
    CLAUSES.map(([field, operator, value, expected]): [string, ContractCase["run"]] => [
      `${field.kind} ${field.key} ${operator} ${JSON.stringify(value) ?? ""}`,
      async (store) => {
        await fourRuns(store);
        const { where: clauses } = where(field, operator, value);
        assert.equal(await names(store, { where: clauses }), expected);
      },
    ]),
  ),
  "joins clauses": async (store) => {
    await fourRuns(store);
    const clauses = [...where(metric, "<", 0.8).where, ...where(param, "=", "0.1").where];
    assert.equal(await names(store, { where: clauses }), "c");
  },
  "starts with the newest": async (store) => {
    await fourRuns(store);
    assert.equal(await names(store, { order: [] }), "dcba");
  },
  "orders by any field, missing values last in both directions": async (store) => {
    await fourRuns(store);
    assert.equal(await names(store, { order: by(metric) }), "cbad");
    assert.equal(await names(store, { order: by(metric, true) }), "abcd");
    assert.equal(await names(store, { order: by(tag, true) }).then((all) => all.at(-1)), "d");
    assert.equal(
      await names(store, { order: [...by(param), ...by(attribute("name"), true)] }),
      "bcad",
    );
  },
  "gives each run once over pages, whatever the order": async (store) => {
    await fourRuns(store);
    for (const order of [[], by(metric), by(metric, true), by(tag), by(param, true)]) {
      const query = { ...EVERYTHING, ...ALL, order };
      const whole = (await store.runs.search(query)).items;
      for (const limit of [1, 2, 3]) {
        const pages = await readPages((page) => store.runs.search({ ...query, ...page }), limit);
        assert.deepEqual(pages, whole);
      }
    }
  },
  "refuses a page token that no search has given": async (store) => {
    await fourRuns(store);
    for (const pageToken of ["nonsense", "", "e30", "bnVsbA", "🦦"]) {
      const query = { ...EVERYTHING, ...ALL, pageToken };
      await refuses("invalid_argument", () => store.runs.search(query));
    }
  },
  "sees the experiments and the lifecycle it is asked for": async (store) => {
    await fourRuns(store);
    await store.runs.update({ id: hexId(1), lifecycleStage: "deleted" });
    const query = { ...EVERYTHING, order: by(attribute("name")) };
    const seen = async (
      experimentIds: readonly string[],
      lifecycle: "active" | "deleted" | "all",
    ): Promise<string> => {
      const page = await store.runs.search({ ...query, experimentIds, lifecycle });
      return page.items.map(({ name }) => name).join("");
    };
    assert.equal(await seen(["0"], "active"), "bc");
    assert.equal(await seen(["1"], "active"), "d");
    assert.equal(await seen(["0", "1"], "all"), "abcd");
    assert.equal(await seen([], "deleted"), "a");
    assert.equal(await seen(["77"], "all"), "");
  },
});

import assert from "node:assert/strict";
import {
  type FilterField,
  type FilterOperator,
  type LifecycleFilter,
  parseFilter,
} from "@rivulet/domain";
import type { RunQuery, Store, StoreQuery } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import {
  attribute,
  by,
  type ContractCase,
  contractGroup,
  EVERYTHING,
  type RoomRule,
  readPages,
  refuses,
  where,
} from "./contract-case.ts";
import type { Room } from "./room.ts";

const metric: FilterField = { kind: "metric", key: "val/acc" };
const param: FilterField = { kind: "param", key: "lr" };
const tag: FilterField = { kind: "tag", key: "my.color" };
const other: FilterField = { kind: "tag", key: "greeting" };

/** a (0.9), b (0.7), c (0.5); in another experiment d (no metric, no tag). */
async function fourRuns(store: Store, room: Room): Promise<void> {
  await store.experiments.create(room.anExperiment());
  const runs = [
    { name: "a", acc: 0.9, lr: "0.1", color: "Blue sky" },
    { name: "b", acc: 0.7, lr: "0.01", color: "blue_sea" },
    { name: "c", acc: 0.5, lr: "0.1", color: "100% red", greeting: "GRÜßE_[ÉLAN]* жуК" },
  ];
  for (const [index, { name, acc, lr, color, greeting }] of runs.entries()) {
    const id = room.id(index + 1);
    const startTime = BUILT_AT + index;
    await store.runs.create(
      room.aRun({
        id,
        name,
        startTime,
        params: { lr },
        tags: { "my.color": color, ...(greeting === undefined ? {} : { greeting }) },
      }),
    );
    const metrics = [{ key: "val/acc", value: acc, step: 0, timestamp: BUILT_AT }];
    await store.runs.logBatch({ runId: id, metrics });
  }
  await store.runs.create(
    room.aRun({
      id: room.id(4),
      name: "d",
      experimentId: room.otherExperimentId(1),
      startTime: BUILT_AT + 3,
      status: "failed",
    }),
  );
}

/** A query for all runs of the room, by name. */
function runsOf(room: Room, query: Partial<StoreQuery> = {}): RunQuery {
  const experimentIds = [room.experimentId, room.otherExperimentId(1)];
  const order = by(attribute("name"));
  return { ...EVERYTHING, order, experimentIds, lifecycle: "active", ...query };
}

/** The names of the runs that are found, one after the other. */
async function names(store: Store, query: RunQuery): Promise<string> {
  const page = await store.runs.search(query);
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
  [attribute("name"), "ILIKE", "A", "a"],
  [other, "LIKE", "%GRÜßE_[ÉLAN]*%", "c"],
  [other, "LIKE", "%grüße%", ""],
  [other, "ILIKE", "%grüße_[élan]*%", "c"],
  [other, "ILIKE", "GRÜ_E_[éLaN]%", "c"],
  [other, "NOT ILIKE", "%жук%", ""],
  [attribute("status"), "=", "failed", "d"],
  [attribute("status"), "!=", "failed", "abc"],
  [attribute("startTime"), ">", BUILT_AT + 1, "cd"],
  [attribute("endTime"), "IS NULL", undefined, "abcd"],
  [attribute("endTime"), ">", 0, ""],
];

/** Rules of {@link RunStore.search}; the searches of other entities share its compiler. */
export const runSearchRules: readonly ContractCase[] = contractGroup("the search of runs", {
  ...Object.fromEntries(
    CLAUSES.map(([field, operator, value, expected]): [string, RoomRule] => [
      `${field.kind} ${field.key} ${operator} ${JSON.stringify(value) ?? ""}`,
      async (store, room) => {
        await fourRuns(store, room);
        const { where: clauses } = where(field, operator, value);
        assert.equal(await names(store, runsOf(room, { where: clauses })), expected);
      },
    ]),
  ),
  "attributes that are ids": async (store, room) => {
    await fourRuns(store, room);
    const found = (...clause: Parameters<typeof where>): Promise<string> =>
      names(store, runsOf(room, { where: where(...clause).where }));
    assert.equal(await found(attribute("id"), "=", room.id(2)), "b");
    assert.equal(await found(attribute("id"), "IN", [room.id(2), room.id(3)]), "bc");
    assert.equal(await found(attribute("experimentId"), "=", room.otherExperimentId(1)), "d");
  },
  "understands the whole language": async (store, room) => {
    await fourRuns(store, room);
    const filters = {
      "name = 'a' OR metrics.`val/acc` < 0.6 AND params.lr = '0.1'": "ac",
      "NOT (name = 'a' OR name = 'b')": "cd",
      "NOT params.lr = 0.1": "bd",
      "params.lr BETWEEN 0.005 AND 0.05 OR status = 'FAILED'": "bd",
      "name RLIKE '^[ab]$' AND NOT tags.my.color RLIKE 'sky'": "b",
      "startTime > now() - 3ms": "bcd",
      "tags.my.color LIKE '%!%%' ESCAPE '!'": "c",
      "tags.my.color ILIKE 'BLUE\\_%' ESCAPE '\\'": "b",
      "tags.my.color NOT LIKE '%e~_s%' ESCAPE '~'": "ac",
    };
    for (const [filter, expected] of Object.entries(filters)) {
      const query = { where: parseFilter("run", filter), now: BUILT_AT + 3 };
      assert.equal(await names(store, runsOf(room, query)), expected, filter);
    }
  },
  "joins clauses": async (store, room) => {
    await fourRuns(store, room);
    const clauses = [...where(metric, "<", 0.8).where, ...where(param, "=", "0.1").where];
    assert.equal(await names(store, runsOf(room, { where: clauses })), "c");
  },
  "starts with the newest": async (store, room) => {
    await fourRuns(store, room);
    assert.equal(await names(store, runsOf(room, { order: [] })), "dcba");
  },
  "orders by any field, missing values last in both directions": async (store, room) => {
    await fourRuns(store, room);
    assert.equal(await names(store, runsOf(room, { order: by(metric) })), "cbad");
    assert.equal(await names(store, runsOf(room, { order: by(metric, true) })), "abcd");
    assert.equal((await names(store, runsOf(room, { order: by(tag, true) }))).at(-1), "d");
    const order = [...by(param), ...by(attribute("name"), true)];
    assert.equal(await names(store, runsOf(room, { order })), "bcad");
  },
  "gives each run once over pages, whatever the order": async (store, room) => {
    await fourRuns(store, room);
    for (const order of [[], by(metric), by(metric, true), by(tag), by(param, true)]) {
      const query = runsOf(room, { order });
      const whole = (await store.runs.search(query)).items;
      for (const limit of [1, 2, 3]) {
        const pages = await readPages((page) => store.runs.search({ ...query, ...page }), limit);
        assert.deepEqual(pages, whole);
      }
    }
  },
  "refuses a page token that no search has given": async (store, room) => {
    await fourRuns(store, room);
    for (const pageToken of ["nonsense", "", "e30", "bnVsbA", "🦦"]) {
      const query = runsOf(room, { pageToken });
      await refuses("invalid_argument", () => store.runs.search(query));
    }
  },
  "sees the experiments and the lifecycle it is asked for": async (store, room) => {
    await fourRuns(store, room);
    await store.runs.update({ id: room.id(1), lifecycleStage: "deleted" });
    const [home, other] = [room.experimentId, room.otherExperimentId(1)];
    const ids = [1, 2, 3, 4].map(room.id);
    const seen = (experimentIds: readonly string[], lifecycle: LifecycleFilter): Promise<string> =>
      names(store, {
        ...runsOf(room, { where: where(attribute("id"), "IN", ids).where }),
        experimentIds,
        lifecycle,
      });
    assert.equal(await seen([home], "active"), "bc");
    assert.equal(await seen([other], "active"), "d");
    assert.equal(await seen([home, other], "all"), "abcd");
    assert.equal(await seen([], "all"), "abcd");
    assert.equal(await seen([], "deleted"), "a");
    assert.equal(await seen([room.otherExperimentId(77)], "all"), "");
  },
});

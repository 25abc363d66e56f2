import { parseOrder } from "@rivulet/core";
import { ENTITIES, type Entity } from "@rivulet/domain/entities";
import type { StoreQuery } from "@rivulet/store";
import { expect, test } from "vitest";
import { type Entities, plansOf } from "./plans.ts";

type List = Exclude<keyof typeof ENTITIES, "promptVersion">;

/** Every list that may be searched. */
const LISTS: Readonly<Record<List, (entities: Entities, query: StoreQuery) => Promise<unknown>>> = {
  experiment: ({ experiments }, query) => experiments.search({ ...query, lifecycle: "active" }),
  run: ({ runs }, query) => runs.search({ ...query, lifecycle: "active", experimentIds: ["0"] }),
  loggedModel: ({ loggedModels }, query) =>
    loggedModels.search({ ...query, lifecycle: "active", experimentIds: ["0"] }),
  model: ({ models }, query) => models.search(query),
  modelVersion: ({ models }, query) => models.searchVersions(query),
  prompt: ({ prompts }, query) => prompts.search(query),
  trace: ({ traces }, query) => traces.search({ ...query, experimentIds: ["0"] }),
  dataset: ({ datasets }, query) => datasets.search(query),
  view: ({ views }, query) => views.search(query),
  webhook: ({ webhooks }, query) => webhooks.search(query),
  evaluation: ({ evaluations }, query) => evaluations.search({ ...query, experimentIds: ["0"] }),
};
const NAMES = Object.keys(LISTS) as List[];

/** What a list may be sorted by. */
function sortable(list: List): readonly string[] {
  const { searched, intervals = {} }: { searched: readonly string[]; intervals?: object } =
    ENTITIES[list];
  return [...searched, ...Object.keys(intervals)];
}

async function isSorted(list: List, query: Partial<StoreQuery>): Promise<boolean> {
  const plans = await plansOf((entities) =>
    LISTS[list](entities, { limit: 50, where: [], order: [], ...query }),
  );
  return plans.some((plan) => plan.includes("TEMP B-TREE"));
}

test.each(NAMES)(
  "the list of each %s is in the order of an index where no order is asked for",
  async (list) => {
    expect(await isSorted(list, {})).toBe(false);
  },
);

/**
 * Orders that an index gives, both ways. For any other, everything is sorted. An index costs some 50 bytes for
 * each row, and every write of one: of traces and runs, orders that people ask for have one. Experiments, models,
 * prompts, datasets and evaluations are thousands at most, which takes no longer than a millisecond or two.
 */
const WALKED: Readonly<Record<List, readonly string[]>> = {
  experiment: ["id", "name", "createdAt"],
  run: ["startTime"],
  loggedModel: ["createdAt"],
  model: ["name"],
  modelVersion: ["name"],
  prompt: ["name"],
  trace: ["startTime", "durationMs"],
  dataset: ["name"],
  view: ["id", "name"],
  webhook: ["id", "name"],
  evaluation: ["startTime"],
};

test.each(NAMES)(
  "the list of each %s is sorted for those orders only that are known for it",
  async (list) => {
    const walked: string[] = [];
    for (const field of sortable(list)) {
      const ways = [`${field} ASC`, `${field} DESC`].map((way) =>
        isSorted(list, { order: parseOrder(list, [way]) }),
      );
      if (!(await Promise.all(ways)).includes(true)) walked.push(field);
    }
    expect(walked).toEqual(WALKED[list]);
  },
);

/** Texts whose rows an index names: where they are rare, nothing else is looked at. For others a list is walked. */
const LOOKED_UP: Readonly<Record<List, readonly string[]>> = {
  experiment: ["id", "name"],
  run: ["id", "parentRunId"],
  loggedModel: ["id", "runId"],
  model: ["name"],
  // Their key is two fields; a model has some versions, not thousands.
  modelVersion: [],
  prompt: ["name"],
  trace: ["id", "status", "sessionId", "userId", "runId", "prompt", "errorFingerprint"],
  dataset: ["name"],
  view: ["id", "name", "page"],
  webhook: ["id", "name"],
  evaluation: ["id"],
};

test.each(NAMES)(
  "what is rare in the list of each %s is looked up where an index has it",
  async (list) => {
    const { columns, searched, texts = [] }: Entity = ENTITIES[list];
    const fields = [...searched.filter((field) => columns[field]?.startsWith("text")), ...texts];
    const found: string[] = [];
    for (const key of fields) {
      const clause = { field: { kind: "attribute", key }, operator: "=", value: "error" } as const;
      const plans = await plansOf((entities) =>
        LISTS[list](entities, { limit: 50, where: [clause], order: [] }),
      );
      if (plans.some((plan) => plan.includes("SCAN rare"))) found.push(key);
    }
    expect(found).toEqual(LOOKED_UP[list]);
  },
);

test.each([
  ["run", { kind: "metric", key: "acc" }],
  ["run", { kind: "param", key: "lr" }],
] as const)(
  "a list of each %s by what is looked up is walked by its index: %o",
  async (list, field) => {
    for (const descending of [true, false]) {
      const [first = ""] = await plansOf((entities) =>
        LISTS[list](entities, { limit: 50, where: [], order: [{ field, descending }] }),
      );
      expect(first).toMatch(/metrics_value|params_number/);
      expect(first).not.toContain("TEMP B-TREE");
    }
  },
);

import { operations } from "@rivulet/core/operations";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DOORS, type Input, outcomeOf, type Served, serve } from "./door.ts";
import { operationOf } from "./operation-of.ts";
import { SCRIPT } from "./script.ts";

let served: Served;
beforeAll(() => {
  const { process: inProcess } = DOORS;
  if (inProcess === undefined) throw new Error("There is no door to this process.");
  served = serve(inProcess);
});
afterAll(() => served.close());

/** What is asked of many, and what removes by a condition, finds nothing in an empty store. */
const NOTHING: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["experiments.find", undefined],
  ["runs.search", { items: [] }],
  ["runs.count", 0],
  ["runs.metricSeries", []],
  ["runs.keys", { metrics: [], params: [], tags: [] }],
  ["runs.values", []],
  ["runs.groups", []],
  ["experiments.datasets", []],
  ["experiments.purge", { count: 0, kept: [], runs: 0, traces: 0 }],
  ["runs.metricSummaries", []],
  ["runs.owners", []],
  ["loggedModels.search", { items: [] }],
  ["models.search", { items: [] }],
  ["models.history", { items: [] }],
  ["webhooks.search", { items: [] }],
  ["models.searchVersions", { items: [] }],
  ["prompts.search", { items: [] }],
  ["traces.search", { items: [] }],
  ["traces.count", 0],
  ["traces.countUnindexed", 0],
  ["traces.aggregate", []],
  ["traces.groupErrors", []],
  ["traces.keys", { tags: [], feedback: [], expectations: [], models: [], tools: [] }],
  ["traces.values", []],
  ["traces.listAssessments", []],
  ["sessions.search", { items: [] }],
  ["users.search", { items: [] }],
  ["traces.deleteFound", 0],
  ["traces.delete", 0],
  ["traces.prune", 0],
  ["datasets.search", { items: [] }],
  ["evaluations.search", { items: [] }],
  ["views.search", { items: [] }],
]);

/** They make what is not there; the default experiment is always there. */
const MAKERS = new Set([
  ...["experiments.create", "experiments.ensure", "experiments.search", "runs.create"],
  ...["models.create", "models.register", "prompts.register", "datasets.create", "views.create"],
  "webhooks.create",
]);

/** Each call names a thing that an empty store does not have. */
const CALLS: readonly (readonly [id: string, input: Input])[] = [
  ...SCRIPT.filter(([id]) => !MAKERS.has(id)),
  ["datasets.listRecords", { name: "sums" }],
  ["models.getVersion", { reference: "tree" }],
  ["models.getVersion", { reference: "tree@2" }],
  ["prompts.get", { reference: "greet" }],
  ["prompts.get", { reference: "greet@2" }],
  ["artifacts.list", { runId: "none" }],
];

test("every operation is called that does not make what is not there", () => {
  const called = new Set([...CALLS.map(([id]) => id), ...MAKERS]);
  expect([...called].sort()).toEqual(operations.map(({ id }) => id as string).sort());
});

test.each(CALLS)("%s %j says that it is not there, or finds nothing", async (id, input) => {
  const outcome = await outcomeOf(served.door, operationOf(id).id, input);
  if (id.endsWith("Many")) {
    const ids = input["ids"] as readonly string[];
    const failed = ids.map((one) => ({ id: one, code: "not_found" }));
    expect(outcome).toMatchObject({ answer: { changed: [], failed } });
  } else if (id === "runs.purge") {
    const ids = input["ids"] as readonly string[];
    const kept = ids.map((one) => ({ id: one, code: "not_found" }));
    expect(outcome).toMatchObject({ answer: { count: 0, kept } });
  } else if (NOTHING.has(id)) expect(outcome).toEqual({ answer: NOTHING.get(id) });
  else expect(outcome).toMatchObject({ code: "not_found" });
});

test.each([
  ["models.updateVersion", { name: "tree", version: 2, description: "x" }, 'model "tree"'],
  ["models.setAlias", { name: "tree", alias: "best", version: 2 }, 'model "tree"'],
  ["prompts.setAlias", { name: "greet", alias: "live", version: 2 }, 'prompt "greet"'],
])("%s says of what there is no such version", async (id, input, what) => {
  const outcome = await outcomeOf(served.door, operationOf(id).id, input);
  expect(outcome).toMatchObject({ message: `There is no version 2 of ${what}.` });
});

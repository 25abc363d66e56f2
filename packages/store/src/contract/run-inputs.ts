import assert from "node:assert/strict";
import type { InputDataset, RunInput } from "@rivulet/domain";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup, readPages, refuses, where } from "./contract-case.ts";
import type { Room } from "./room.ts";

const IRIS: InputDataset = {
  name: "iris",
  digest: "d1",
  sourceType: "local",
  source: "./iris.csv",
  schema: { mlflow_colspec: [{ name: "x", type: "double" }] },
  profile: { num_rows: 150 },
};

type Given = Omit<RunInput, "runId">;

/** An input of a run: a dataset of flowers. */
export function anInput(dataset: Partial<InputDataset>, context?: string): Given {
  const use = context === undefined ? {} : { context };
  return { dataset: { ...IRIS, ...dataset }, ...use, tags: {}, loggedAt: BUILT_AT };
}

async function foundRuns(
  store: Store,
  room: Room,
  [key, value]: readonly [key: string, value: string],
): Promise<readonly string[]> {
  const query = where({ kind: "dataset", key }, "=", value);
  const { items } = await store.runs.search({
    ...query,
    experimentIds: [room.experimentId],
    lifecycle: "active",
  });
  return items.map(({ id }) => id);
}

/** Rules of the datasets that runs are given. */
export const runInputRules: readonly ContractCase[] = contractGroup("inputs of runs", {
  "come out as they went in, page by page, by name, digest and context": async (store, room) => {
    const runId = room.id(1);
    await store.runs.create(room.aRun());
    const inputs = [
      { ...anInput({ name: "zoo", digest: "d9" }), tags: { a: "b" } },
      anInput({}, "training"),
      anInput({ digest: "d0" }),
      anInput({}, "evaluation"),
    ];
    await store.runs.logInputs({ runId, inputs });
    const [zoo, training, older, evaluation] = inputs.map((input) => ({ runId, ...input }));
    assert.deepEqual(await store.runs.inputs({ runId, limit: 10 }), {
      items: [older, evaluation, training, zoo],
    });
    const pages = await readPages((page) => store.runs.inputs({ runId, ...page }), 2);
    assert.deepEqual(pages, [older, evaluation, training, zoo]);
  },
  "are told once, with the last tags; the first description stays": async (store, room) => {
    const runId = room.id(1);
    await store.runs.create(room.aRun());
    await store.runs.logInputs({ runId, inputs: [anInput({}, "training")] });
    const again = { ...anInput({ source: "elsewhere" }, "training"), tags: { fold: "1" } };
    await store.runs.logInputs({ runId, inputs: [again] });
    const { items } = await store.runs.inputs({ runId, limit: 10 });
    assert.deepEqual(items, [{ ...anInput({}, "training"), runId, tags: { fold: "1" } }]);
  },
  "need a run that is not deleted": async (store, room) => {
    const write = { runId: room.id(1), inputs: [anInput({})] };
    await refuses("not_found", () => store.runs.logInputs(write));
    await store.runs.create(room.aRun());
    await store.runs.update({ id: room.id(1), lifecycleStage: "deleted" });
    await refuses("conflict", () => store.runs.logInputs(write));
    assert.deepEqual(await store.runs.inputs({ runId: room.id(1), limit: 10 }), { items: [] });
  },
  "find the runs that have them": async (store, room) => {
    const [one, two] = [room.id(1), room.id(2)];
    await store.runs.create(room.aRun());
    await store.runs.create(room.aRun({ id: two }));
    await store.runs.create(room.aRun({ id: room.id(3) }));
    await store.runs.logInputs({ runId: one, inputs: [anInput({}, "training")] });
    await store.runs.logInputs({ runId: two, inputs: [anInput({ digest: "d2" }, "evaluation")] });
    assert.deepEqual(await foundRuns(store, room, ["name", "iris"]), [two, one]);
    assert.deepEqual(await foundRuns(store, room, ["digest", "d2"]), [two]);
    assert.deepEqual(await foundRuns(store, room, ["context", "training"]), [one]);
    assert.deepEqual(await foundRuns(store, room, ["name", "zoo"]), []);
    const names = await store.runs.values({
      experimentIds: [room.experimentId],
      lifecycle: "active",
      where: [],
      field: { kind: "dataset", key: "name" },
      limit: 10,
    });
    assert.deepEqual(names, [{ value: "iris", count: 2 }]);
  },
  "group the runs that have them, each once": async (store, room) => {
    const runId = room.id(1);
    await store.runs.create(room.aRun());
    await store.runs.create(room.aRun({ id: room.id(2) }));
    const point = { key: "loss", value: 2, step: 0, timestamp: BUILT_AT };
    await store.runs.logBatch({ runId, metrics: [point] });
    await store.runs.logInputs({ runId, inputs: [anInput({}, "training"), anInput({}, "test")] });
    const query = { where: [], experimentIds: [room.experimentId], lifecycle: "active" } as const;
    const grouped = (key: string) =>
      store.runs.groups({
        ...query,
        field: { kind: "dataset", key },
        metrics: ["loss"],
        limit: 10,
      });
    const metrics = { loss: { count: 1, mean: 2, min: 2, max: 2 } };
    assert.deepEqual(await grouped("name"), [{ value: "iris", count: 1, metrics }]);
    assert.deepEqual(await grouped("context"), [
      { value: "test", count: 1, metrics },
      { value: "training", count: 1, metrics },
    ]);
  },
  "are listed by experiment": async (store, room) => {
    await store.runs.create(room.aRun());
    await store.runs.logInputs({
      runId: room.id(1),
      inputs: [anInput({ name: "zoo" }), anInput({}, "training")],
    });
    const { experimentId } = room;
    const query = { experimentIds: [experimentId], limit: 10 };
    assert.deepEqual(await store.runs.inputDatasets(query), [
      { experimentId, name: "iris", digest: "d1", context: "training" },
      { experimentId, name: "zoo", digest: "d1" },
    ]);
    assert.equal((await store.runs.inputDatasets({ ...query, limit: 1 })).length, 1);
  },
});

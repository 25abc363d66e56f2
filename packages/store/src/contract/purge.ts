import assert from "node:assert/strict";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup } from "./contract-case.ts";
import { aFile, fileId } from "./files.ts";
import { aLoggedModel } from "./logged-models.ts";
import type { Room } from "./room.ts";
import { anInput } from "./run-inputs.ts";
import { aView } from "./views.ts";

const AT = BUILT_AT + 9;

/** Deletes the first run of the room, then removes it for good. */
async function purgeRun(store: Store, room: Room): Promise<void> {
  const id = room.id(1);
  await store.runs.update({ id, lifecycleStage: "deleted", deletedAt: AT });
  const purged = await store.runs.purge({ ids: [id], dryRun: false });
  assert.deepEqual(purged, { changed: [id], failed: [] });
}

/** Rules of what is removed for good: what is made anew under its id begins with nothing. */
export const purgeRules: readonly ContractCase[] = contractGroup("what is removed for good", {
  "leaves nothing of a run": async (store, room) => {
    const runId = room.id(1);
    const given = room.aRun({ tags: { a: "1" }, params: { p: "1" }, metrics: { loss: 1 } });
    await store.runs.create({ ...given, owner: "somebody" });
    await store.runs.logInputs({ runId, inputs: [anInput({}, "training")] });
    await store.files.write(aFile(room, 1));
    const file = { sha256: "ab", contentType: "text/plain", size: 3, createdAt: BUILT_AT };
    await store.artifacts.put({ runId, path: "a", ...file, fileId: fileId(room, 1) });
    await purgeRun(store, room);
    await store.runs.create(room.aRun());
    assert.deepEqual(await store.runs.get(runId), room.aRun());
    assert.deepEqual(await store.runs.inputs({ runId, limit: 10 }), { items: [] });
    assert.deepEqual(await store.artifacts.list({ runId }), []);
    assert.deepEqual(await store.runs.owners({ runIds: [runId] }), []);
    assert.deepEqual(await store.runs.metricSummaries({ runIds: [runId] }), []);
    const history = { runId, key: "loss", limit: 10 };
    assert.deepEqual(await store.runs.metricHistory(history), { items: [] });
  },
  "leaves nothing of the models of a run": async (store, room) => {
    await store.runs.create(room.aRun());
    const model = aLoggedModel(room, 1, { params: { trees: "50" }, tags: { a: "1" } });
    await store.loggedModels.create(model);
    const point = { key: "acc", value: 1, step: 0, timestamp: BUILT_AT };
    const metrics = [{ ...point, model: { modelId: model.id } }];
    await store.runs.logBatch({ runId: model.runId, metrics });
    await purgeRun(store, room);
    assert.equal(await store.loggedModels.get(model.id), undefined);
    await store.runs.create(room.aRun());
    await store.loggedModels.create(aLoggedModel(room, 1));
    assert.deepEqual(await store.loggedModels.get(model.id), aLoggedModel(room, 1));
  },
  "is no parent any more, and its children stay": async (store, room) => {
    await store.runs.create(room.aRun());
    const child = room.aRun({ id: room.id(2), parentRunId: room.id(1) });
    await store.runs.create(child);
    await purgeRun(store, room);
    const { parentRunId: _none, ...root } = child;
    assert.deepEqual(await store.runs.get(child.id), root);
  },
  "leaves nothing of an experiment": async (store, room) => {
    const { id, ...experiment } = room.anExperiment({ tags: { a: "1" } });
    const create = async (tags: Readonly<Record<string, string>>): Promise<void> => {
      await store.experiments.create({ ...experiment, id, tags });
      await store.runs.create(room.aRun({ experimentId: id }));
    };
    await create({ a: "1" });
    const runId = room.id(1);
    await store.runs.logInputs({ runId, inputs: [anInput({ source: "./old.csv" })] });
    const view = aView(room, 1, { experimentId: id });
    await store.views.create(view);
    const evaluation = room.anEvaluation({ experimentId: id });
    await store.evaluations.create(evaluation);
    await store.evaluations.addRows([room.anEvaluationRow()]);
    await store.experiments.update({ id, lifecycleStage: "deleted", updatedAt: AT });
    await store.runs.purge({ ids: [runId], dryRun: false });
    await store.experiments.purge(id);
    assert.equal(await store.views.get(view.id), undefined);
    assert.equal(await store.evaluations.get(evaluation.id), undefined);
    await create({});
    assert.deepEqual((await store.experiments.get(id))?.tags, {});
    await store.runs.logInputs({ runId, inputs: [anInput({ source: "./new.csv" })] });
    const { items } = await store.runs.inputs({ runId, limit: 10 });
    assert.deepEqual(
      items.map(({ dataset }) => dataset.source),
      ["./new.csv"],
    );
    await store.views.create(view);
    assert.deepEqual(await store.views.get(view.id), view);
    await store.evaluations.create(evaluation);
    assert.deepEqual(await store.evaluations.get(evaluation.id), evaluation);
    const rows = { evaluationId: evaluation.id, limit: 10 };
    assert.deepEqual(await store.evaluations.listRows(rows), { items: [] });
    assert.deepEqual(await store.runs.keys({ experimentIds: [id] }), {
      metrics: [],
      params: [],
      tags: [],
    });
  },
});

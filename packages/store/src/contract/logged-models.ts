import assert from "node:assert/strict";
import type { LoggedModel, ModelMetric } from "@rivulet/domain";
import type { LoggedModelQuery, Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import {
  by,
  type ContractCase,
  contractGroup,
  EVERYTHING,
  readPages,
  refuses,
  where,
} from "./contract-case.ts";
import type { Room } from "./room.ts";

/** A logged model of the room's first run. */
export function aLoggedModel(
  room: Room,
  number: number,
  given: Partial<LoggedModel> = {},
): LoggedModel {
  return {
    id: `m-${room.id(number)}`,
    experimentId: room.experimentId,
    name: `model ${number}`,
    runId: room.id(1),
    artifactPath: "model",
    status: "pending",
    params: {},
    tags: {},
    metrics: [],
    createdAt: BUILT_AT + number,
    updatedAt: BUILT_AT + number,
    lifecycleStage: "active",
    ...given,
  };
}

function within(room: Room, query: Partial<LoggedModelQuery> = {}): LoggedModelQuery {
  return {
    ...EVERYTHING,
    experimentIds: [room.experimentId],
    lifecycle: "active",
    ...query,
  };
}

async function namesOf(store: Store, query: LoggedModelQuery): Promise<readonly string[]> {
  return (await store.loggedModels.search(query)).items.map(({ name }) => name);
}

/** Points of three models on two datasets. */
async function measuredModels(store: Store, room: Room): Promise<void> {
  await store.runs.create(room.aRun());
  const values: readonly (readonly [number, string, number])[] = [
    [1, "train", 0.99],
    [1, "test", 0.5],
    [2, "train", 0.8],
    [2, "test", 0.7],
    [3, "train", 0.6],
  ];
  for (const number of [1, 2, 3]) await store.loggedModels.create(aLoggedModel(room, number));
  await store.runs.logBatch({
    runId: room.id(1),
    metrics: values.map(([number, datasetName, value], place) => ({
      key: "acc",
      value,
      step: 0,
      timestamp: BUILT_AT + place,
      model: { modelId: `m-${room.id(number)}`, datasetName, datasetDigest: "d1" },
    })),
  });
}

/** Rules of {@link LoggedModelStore}. */
export const loggedModelRules: readonly ContractCase[] = contractGroup("logged models", {
  "come out as they went in, and belong to the experiment of their run": async (store, room) => {
    await store.runs.create(room.aRun());
    const model = aLoggedModel(room, 1, {
      modelType: "tfjs",
      signature: { inputs: [{ name: "x", type: "float32", shape: [null, 4] }] },
      params: { trees: "50", depth: "three" },
      tags: { team: "a" },
    });
    await store.loggedModels.create(model);
    assert.deepEqual(await store.loggedModels.get(model.id), model);
    assert.equal(await store.loggedModels.get(`m-${room.id(2)}`), undefined);
    await refuses("already_exists", () => store.loggedModels.create(model));
    await refuses("not_found", () =>
      store.loggedModels.create(aLoggedModel(room, 2, { runId: room.id(2) })),
    );
  },
  "get a path of their own where it matters that another has theirs": async (store, room) => {
    await store.runs.create(room.aRun());
    const at = (number: number) => aLoggedModel(room, number, { artifactPath: "net" });
    const first = await store.loggedModels.create({ ...at(1), pathIfTaken: "net-1" });
    const [one, other] = await Promise.all([
      store.loggedModels.create({ ...at(2), pathIfTaken: "net-2" }),
      store.loggedModels.create(at(3)),
    ]);
    assert.deepEqual([first, one, other], ["net", "net-2", "net"]);
    const found = await store.loggedModels.get(`m-${room.id(2)}`);
    assert.equal(found?.artifactPath, "net-2");
  },
  "are not added to a deleted run": async (store, room) => {
    await store.runs.create(room.aRun());
    await store.runs.update({ id: room.id(1), lifecycleStage: "deleted" });
    await refuses("conflict", () => store.loggedModels.create(aLoggedModel(room, 1)));
  },
  "take no writes while their run is deleted": async (store, room) => {
    await store.runs.create(room.aRun());
    const model = aLoggedModel(room, 1);
    await store.loggedModels.create(model);
    await store.runs.update({ id: room.id(1), lifecycleStage: "deleted" });
    const patch = { id: model.id, updatedAt: BUILT_AT + 9, tags: { a: "b" } };
    await refuses("conflict", () => store.loggedModels.update(patch));
    assert.deepEqual(await store.loggedModels.get(model.id), model);
    await store.runs.update({ id: room.id(1), lifecycleStage: "active" });
    assert.deepEqual((await store.loggedModels.update(patch)).tags, { a: "b" });
  },
  "change their status with its reason, and write each param once": async (store, room) => {
    await store.runs.create(room.aRun());
    const model = aLoggedModel(room, 1, { params: { trees: "50" } });
    await store.loggedModels.create(model);
    const patch = { id: model.id, updatedAt: BUILT_AT + 9 };
    const failed = await store.loggedModels.update({
      ...patch,
      status: "upload_failed",
      statusMessage: "disk full",
    });
    assert.deepEqual([failed.status, failed.statusMessage], ["upload_failed", "disk full"]);
    const ready = await store.loggedModels.update({
      ...patch,
      status: "ready",
      params: { trees: "50", depth: "3" },
      tags: { a: "b" },
    });
    assert.deepEqual(ready, {
      ...model,
      status: "ready",
      params: { depth: "3", trees: "50" },
      tags: { a: "b" },
      updatedAt: BUILT_AT + 9,
    });
    await refuses("conflict", () =>
      store.loggedModels.update({ ...patch, name: "other", params: { trees: "51" } }),
    );
    assert.deepEqual(await store.loggedModels.get(model.id), ready);
    await refuses("not_found", () =>
      store.loggedModels.update({ ...patch, id: `m-${room.id(2)}`, status: "ready" }),
    );
  },
  "take no writes while they are deleted": async (store, room) => {
    await store.runs.create(room.aRun());
    await store.loggedModels.create(aLoggedModel(room, 1));
    const patch = { id: `m-${room.id(1)}`, updatedAt: BUILT_AT };
    await store.loggedModels.update({ ...patch, lifecycleStage: "deleted" });
    await refuses("conflict", () => store.loggedModels.update({ ...patch, name: "other" }));
    assert.deepEqual(await namesOf(store, within(room)), []);
    assert.deepEqual(await namesOf(store, within(room, { lifecycle: "deleted" })), ["model 1"]);
    const point = { key: "acc", value: 1, step: 0, timestamp: BUILT_AT };
    await refuses("not_found", () =>
      store.runs.logBatch({
        runId: room.id(1),
        metrics: [{ ...point, model: { modelId: patch.id } }],
      }),
    );
    assert.deepEqual((await store.runs.get(room.id(1)))?.metrics, {});
    await store.loggedModels.update({ ...patch, lifecycleStage: "active" });
    assert.deepEqual(await namesOf(store, within(room)), ["model 1"]);
  },
  "have of one step and time the value that was written last": async (store, room) => {
    await store.runs.create(room.aRun());
    const { id: modelId, runId } = aLoggedModel(room, 1);
    await store.loggedModels.create(aLoggedModel(room, 1));
    const log = async (...points: readonly (readonly [number, number, number])[]): Promise<void> =>
      store.runs.logBatch({
        runId,
        metrics: points.map(([value, step, ms]) => {
          return { key: "acc", value, step, timestamp: BUILT_AT + ms, model: { modelId } };
        }),
      });
    const latest = async (): Promise<number | undefined> =>
      (await store.loggedModels.get(modelId))?.metrics[0]?.value;
    await log([0.9, 1, 5], [0.8, 1, 5]);
    assert.equal(await latest(), 0.8);
    await log([0.7, 1, 5]);
    assert.equal(await latest(), 0.7);
    await log([0.99, 1, 4]);
    await log([0.98, 0, 9]);
    assert.equal(await latest(), 0.7);
  },
  "have the latest value of each metric on each dataset, as the run has the point": async (
    store,
    room,
  ) => {
    await store.runs.create(room.aRun());
    await store.loggedModels.create(aLoggedModel(room, 1));
    const modelId = `m-${room.id(1)}`;
    const point = { key: "acc", timestamp: BUILT_AT };
    const train = { modelId, datasetName: "train", datasetDigest: "d1" };
    const runId = room.id(1);
    const metrics = [
      { ...point, value: 0.9, step: 2, model: train },
      { ...point, value: 0.5, step: 1, model: train },
      { ...point, value: Number.NaN, step: 1, model: { modelId } },
      { ...point, key: "alone", value: 3, step: 1 },
    ];
    await store.runs.logBatch({ runId, metrics });
    const expected: readonly ModelMetric[] = [
      { key: "acc", value: Number.NaN, step: 1, timestamp: BUILT_AT, runId },
      {
        key: "acc",
        value: 0.9,
        step: 2,
        timestamp: BUILT_AT,
        runId,
        datasetName: "train",
        datasetDigest: "d1",
      },
    ];
    assert.deepEqual((await store.loggedModels.get(modelId))?.metrics, expected);
    assert.deepEqual((await store.runs.get(runId))?.metrics, { acc: 0.9, alone: 3 });
    store.journal.appendMetrics({
      runId,
      points: [{ key: "acc", value: 0.95, step: 3, timestamp: BUILT_AT }],
      model: train,
    });
    await store.journal.flush();
    const later = await store.loggedModels.get(modelId);
    assert.deepEqual(
      later?.metrics.map(({ value }) => value),
      [Number.NaN, 0.95],
    );
    assert.equal((await store.runs.get(runId))?.metrics["acc"], 0.95);
  },
  "are found by field, param, tag and metric, and sorted by a metric": async (store, room) => {
    await measuredModels(store, room);
    const acc = { kind: "metric", key: "acc" } as const;
    const high = within(room, where(acc, ">", 0.75));
    assert.deepEqual(await namesOf(store, high), ["model 2", "model 1"]);
    const sorted = within(room, { order: by(acc, true) });
    assert.deepEqual(await namesOf(store, sorted), ["model 1", "model 2", "model 3"]);
    await store.loggedModels.update({
      id: `m-${room.id(3)}`,
      params: { trees: "50" },
      tags: { team: "a" },
      updatedAt: BUILT_AT,
    });
    const trees = where({ kind: "param", key: "trees" }, ">", 9);
    assert.deepEqual(await namesOf(store, within(room, trees)), ["model 3"]);
    const team = where({ kind: "tag", key: "team" }, "=", "a");
    assert.deepEqual(await namesOf(store, within(room, team)), ["model 3"]);
  },
  "are filtered and sorted by their metrics on some datasets only": async (store, room) => {
    await measuredModels(store, room);
    const acc = { kind: "metric", key: "acc" } as const;
    const onTest = { datasets: [{ name: "test", digest: "d1" }] };
    const sorted = within(room, { ...onTest, order: by(acc, true) });
    assert.deepEqual(await namesOf(store, sorted), ["model 2", "model 1", "model 3"]);
    const high = within(room, { ...where(acc, ">", 0.6), ...onTest });
    assert.deepEqual(await namesOf(store, high), ["model 2"]);
    const other = within(room, {
      ...where(acc, ">", 0),
      datasets: [{ name: "test", digest: "d2" }],
    });
    assert.deepEqual(await namesOf(store, other), []);
    const pages = await readPages((page) => store.loggedModels.search({ ...sorted, ...page }), 1);
    assert.equal(pages.length, 3);
    const { nextPageToken } = await store.loggedModels.search({ ...sorted, limit: 1 });
    const elsewhere = { ...within(room, { order: by(acc, true) }), limit: 1 };
    await refuses("invalid_argument", () =>
      store.loggedModels.search({
        ...elsewhere,
        ...(nextPageToken === undefined ? {} : { pageToken: nextPageToken }),
      }),
    );
  },
});

import assert from "node:assert/strict";
import type { Run } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup, EVERYTHING, refuses } from "./contract-case.ts";
import { entityRules } from "./entity-rules.ts";

const ownRules = contractGroup("runs", {
  "come out as they went in": async (store, room) => {
    const parent = room.aRun({ id: room.id(9) });
    const run = room.aRun({
      status: "finished",
      endTime: BUILT_AT + 0.125,
      parentRunId: parent.id,
      userId: "ann",
      params: Object.fromEntries([
        ["lr", "0.1"],
        ["__proto__", "1"],
      ]),
      tags: { a: "" },
    });
    await store.runs.create(parent);
    await store.runs.create(run);
    assert.deepEqual(await store.runs.get(run.id), run);
    assert.deepEqual(await store.runs.get(parent.id), parent);
    assert.equal(await store.runs.get(room.id(77)), undefined);
  },
  "are given many at once, with their experiments": async (store, room) => {
    const runs = [1, 2].map((number) =>
      room.aRun({ id: room.id(number), params: { number: String(number) }, metrics: { number } }),
    );
    for (const run of runs) await store.runs.create(run);
    const found = await store.runs.getMany([room.id(2), room.id(77), room.id(1)]);
    assert.deepEqual(
      found.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      runs,
    );
    assert.deepEqual(await store.runs.getMany([]), []);
    const ids = [room.otherExperimentId(77), room.experimentId];
    const experiments = await store.experiments.getMany(ids);
    assert.deepEqual(experiments, [await store.experiments.get(room.experimentId)]);
  },
  "keep a param and a metric of one name apart": async (store, room) => {
    const run = room.aRun({ params: { loss: "low" }, metrics: { loss: 0.5 } });
    await store.runs.create(run);
    assert.deepEqual(await store.runs.get(run.id), run);
    const { metrics, params } = await store.runs.keys({ experimentIds: [room.experimentId] });
    assert.deepEqual([metrics, params], [["loss"], ["loss"]]);
  },
  "keep a time that cannot be as the nearest that can": async (store, room) => {
    await store.runs.create(room.aRun({ endTime: BUILT_AT * 1000 }));
    const run = await store.runs.get(room.id(1));
    assert.equal(run?.endTime, Math.trunc(Number.MAX_SAFE_INTEGER / 1000));
  },
  "are tagged, deleted and restored many at once, and those that cannot be are named": async (
    store,
    room,
  ) => {
    const [one, two, none] = [room.id(2), room.id(1), room.id(77)];
    await store.runs.create(room.aRun({ id: one }));
    await store.runs.create(room.aRun({ id: two }));
    const ids = [one, none, two, one];
    const missing = { id: none, code: "not_found", message: `No run has the id "${none}".` };
    const all = { changed: [one, two], failed: [missing] };
    assert.deepEqual(await store.runs.updateMany({ ids, tags: { a: "1" } }), all);
    assert.deepEqual((await store.runs.get(one))?.tags, { a: "1" });
    const stage = { ids: [two], lifecycleStage: "deleted" } as const;
    assert.deepEqual(await store.runs.updateMany(stage), { changed: [two], failed: [] });
    const refused = await store.runs.updateMany({ ids: [one, two], removeTags: ["a"] });
    assert.deepEqual(
      [refused.changed, refused.failed.map(({ id, code }) => [id, code])],
      [[one], [[two, "conflict"]]],
    );
    assert.deepEqual((await store.runs.get(two))?.tags, { a: "1" });
    await store.runs.updateMany({ ids: [two], lifecycleStage: "active" });
    assert.equal((await store.runs.get(two))?.lifecycleStage, "active");
  },
  "are deleted since the first time that it was said, until they are restored": async (
    store,
    room,
  ) => {
    const id = room.id(1);
    await store.runs.create(room.aRun());
    const deleted = async (deletedAt: number): Promise<number | undefined> =>
      (await store.runs.update({ id, lifecycleStage: "deleted", deletedAt })).deletedAt;
    assert.equal(await deleted(BUILT_AT + 5), BUILT_AT + 5);
    assert.equal(await deleted(BUILT_AT + 9), BUILT_AT + 5);
    await store.runs.update({ id, lifecycleStage: "active" });
    assert.equal(await deleted(BUILT_AT + 9), BUILT_AT + 9);
  },
  "need their experiment and their parent": async (store, room) => {
    await refuses("not_found", () =>
      store.runs.create(room.aRun({ experimentId: room.otherExperimentId(77) })),
    );
    await refuses("not_found", () => store.runs.create(room.aRun({ parentRunId: room.id(77) })));
    assert.equal(await store.runs.get(room.id(1)), undefined);
  },
  "change only what the patch names": async (store, room) => {
    await store.runs.create(room.aRun({ tags: { a: "1", b: "2" }, params: { p: "1" } }));
    const updated = await store.runs.update({
      id: room.id(1),
      status: "failed",
      endTime: BUILT_AT + 5,
      name: "new",
      tags: { c: "3" },
      removeTags: ["a"],
    });
    const expected = room.aRun({
      status: "failed",
      endTime: BUILT_AT + 5,
      name: "new",
      tags: { b: "2", c: "3" },
      params: { p: "1" },
    });
    assert.deepEqual(updated, expected);
    assert.deepEqual(await store.runs.get(room.id(1)), expected);
    await refuses("not_found", () => store.runs.update({ id: room.id(77), status: "failed" }));
  },
  "take a batch whole": async (store, room) => {
    await store.runs.create(room.aRun());
    const point = { key: "acc", value: 0.5, step: 1, timestamp: BUILT_AT };
    await store.runs.logBatch({
      runId: room.id(1),
      metrics: [point],
      params: { lr: "0.1" },
      tags: { t: "1" },
    });
    const found = await store.runs.get(room.id(1));
    assert.deepEqual(found?.metrics, { acc: 0.5 });
    assert.deepEqual(found?.params, { lr: "0.1" });
    assert.deepEqual(found?.tags, { t: "1" });
  },
  "refuse another value for a param, and all that came with it": async (store, room) => {
    await store.runs.create(room.aRun({ params: { lr: "0.1" } }));
    const runId = room.id(1);
    await store.runs.logBatch({ runId, params: { lr: "0.1", depth: "3" } });
    await refuses("conflict", () =>
      store.runs.logBatch({
        runId,
        params: { fresh: "1", lr: "0.2" },
        tags: { t: "1" },
        metrics: [{ key: "acc", value: 1, step: 0, timestamp: BUILT_AT }],
      }),
    );
    assert.deepEqual(await store.runs.get(runId), room.aRun({ params: { lr: "0.1", depth: "3" } }));
  },
  "refuse a batch when a tag is not as expected, and all that came with it": async (
    store,
    room,
  ) => {
    await store.runs.create(room.aRun({ tags: { list: "a" } }));
    const runId = room.id(1);
    const write = (expected: string | null, list: string): Promise<void> =>
      store.runs.logBatch({ runId, tags: { list }, expectedTags: { list: expected } });
    await write("a", "a,b");
    for (const expected of ["a", null]) await refuses("conflict", () => write(expected, "a,c"));
    const params = { lr: "0.1" };
    await refuses("conflict", () =>
      store.runs.logBatch({ runId, params, expectedTags: { list: "a,b", other: "x" } }),
    );
    await store.runs.logBatch({ runId, expectedTags: { other: null }, tags: { other: "y" } });
    const { tags, params: kept } = (await store.runs.get(runId)) ?? {};
    assert.deepEqual([tags, kept], [{ list: "a,b", other: "y" }, {}]);
  },
  "refuse a batch for a run that is not there, or is deleted": async (store, room) => {
    await refuses("not_found", () => store.runs.logBatch({ runId: room.id(77), tags: { a: "1" } }));
    await store.runs.create(room.aRun());
    await store.runs.update({ id: room.id(1), lifecycleStage: "deleted" });
    await refuses("conflict", () => store.runs.logBatch({ runId: room.id(1), tags: { a: "1" } }));
    assert.deepEqual((await store.runs.get(room.id(1)))?.tags, {});
  },
  "keep what is acknowledged while many write at once": async (store, room) => {
    await store.runs.create(room.aRun());
    const keys = Array.from({ length: 40 }, (_, index) => `k${String(index).padStart(2, "0")}`);
    await Promise.all(
      keys.map((key) => store.runs.logBatch({ runId: room.id(1), params: { [key]: key } })),
    );
    const page = await store.runs.search({
      ...EVERYTHING,
      experimentIds: [room.experimentId],
      lifecycle: "active",
    });
    assert.deepEqual(Object.keys(page.items[0]?.params ?? {}).toSorted(), keys);
  },
});

/** Rules of {@link RunStore}, but for its search. */
export const runRules: readonly ContractCase[] = [
  ...entityRules<Run>("runs", {
    entity: ENTITIES.run,
    rest: (room, number) => ({
      id: room.id(number),
      experimentId: room.experimentId,
      parentRunId: number === 1 ? undefined : room.id(1),
      params: { number: String(number) },
      tags: { number: String(number) },
      metrics: { number },
    }),
    add: (store, run) => store.runs.create(run),
    get: (store, { id }) => store.runs.get(id),
    search: (store, room, query) =>
      store.runs.search({ ...query, experimentIds: [room.experimentId], lifecycle: "all" }),
  }),
  ...ownRules,
];

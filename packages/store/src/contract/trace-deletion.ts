import assert from "node:assert/strict";
import type { Store } from "../port/store.ts";
import type { DeleteFoundQuery } from "../port/traces.ts";
import { BUILT_AT } from "./builders.ts";
import { attribute, type ContractCase, contractGroup, where } from "./contract-case.ts";
import { aDataset, aRecord } from "./datasets.ts";
import { hexId } from "./hex-id.ts";
import type { Room } from "./room.ts";

/**
 * A trace named `ann`; a dataset with a record that was made of it and one that was not, both changed later; and an
 * evaluation over both, which has recorded the second and third trace. Returns the dataset's name.
 */
async function curated(store: Store, room: Room): Promise<string> {
  for (const [number, name] of ["ann", "evaluated", "evaluated"].entries()) {
    store.journal.appendSpan(room.aSpan({ traceId: room.id(number + 1), name }));
  }
  await store.journal.flush();
  const name = room.name("qa");
  await store.datasets.create(aDataset({ name }));
  const made = aRecord({ id: hexId(1), inputs: "of ann", sourceTraceId: room.id(1) });
  const other = aRecord({ id: hexId(2), inputs: "curated", createdAt: BUILT_AT + 1 });
  await store.datasets.changeRecords({ name, upsert: [made, other], updatedAt: BUILT_AT });
  const changed = [made, other].map((record) => ({ ...record, expectations: "more" }));
  await store.datasets.changeRecords({ name, upsert: changed, updatedAt: BUILT_AT });
  await store.runs.create(room.aRun());
  await store.evaluations.create(room.anEvaluation({ datasetName: name, datasetVersion: 2 }));
  await store.evaluations.addRows([
    room.anEvaluationRow({ rowId: hexId(1), traceId: room.id(2) }),
    room.anEvaluationRow({ rowId: hexId(2), traceId: room.id(3) }),
  ]);
  return name;
}

function tracesOf(room: Room): DeleteFoundQuery {
  const { where: found } = where(attribute("name"), "=", "ann");
  return { where: found, experimentIds: [room.experimentId], limit: 100 };
}

/** Rules of what goes with traces, and what stays. */
export const traceDeletionRules: readonly ContractCase[] = contractGroup("deleted traces", {
  "come no later than is said, among equals by their ids": async (store, room) => {
    for (const [number, startTime] of [BUILT_AT + 1, BUILT_AT, BUILT_AT, BUILT_AT].entries()) {
      store.journal.appendSpan(
        room.aSpan({ traceId: room.id(number + 1), name: "ann", startTime }),
      );
    }
    await store.journal.flush();
    const found = { ...tracesOf(room), upTo: { startTime: BUILT_AT, id: room.id(3) } };
    assert.deepEqual(await store.traces.deleteFound({ ...found, limit: 1 }), [room.id(2)]);
    assert.deepEqual(await store.traces.deleteFound(found), [room.id(3)]);
    assert.deepEqual(await store.traces.deleteFound(found), []);
    assert.deepEqual(await store.traces.deleteFound(tracesOf(room)), [room.id(4), room.id(1)]);
  },
  "leave the records of datasets that were made of them": async (store, room) => {
    const name = await curated(store, room);
    assert.deepEqual(await store.traces.deleteFound(tracesOf(room)), [room.id(1)]);
    const { items } = await store.datasets.listRecords({ name, limit: 10 });
    assert.deepEqual(
      items.map(({ sourceTraceId }) => sourceTraceId),
      [room.id(1), undefined],
    );
  },
  "take with them, if asked, what is left of them in datasets and evaluations": async (
    store,
    room,
  ) => {
    const name = await curated(store, room);
    const found = { ...tracesOf(room), withDatasetRecords: true };
    assert.deepEqual(await store.traces.deleteFound(found), [room.id(1), room.id(2)]);
    assert.deepEqual(await store.traces.deleteFound(found), []);
    for (const version of [1, 2]) {
      const { items } = await store.datasets.listRecords({ name, version, limit: 10 });
      assert.deepEqual(
        items.map(({ inputs }) => inputs),
        ["curated"],
      );
    }
    const dataset = await store.datasets.get(name);
    assert.deepEqual([dataset?.version, dataset?.recordCount], [2, 1]);
    const rows = await store.evaluations.listRows({ evaluationId: room.id(1), limit: 10 });
    assert.deepEqual(
      rows.items.map(({ rowId }) => rowId),
      [hexId(2)],
    );
    assert.equal(await store.traces.get(room.id(2)), undefined);
    assert.equal((await store.traces.get(room.id(3)))?.id, room.id(3));
  },
});

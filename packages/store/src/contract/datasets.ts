import assert from "node:assert/strict";
import type { Dataset, DatasetRecord } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import {
  type ContractCase,
  contractGroup,
  EVERYTHING,
  readPages,
  refuses,
  where,
} from "./contract-case.ts";
import { entityRules } from "./entity-rules.ts";
import { hexId } from "./hex-id.ts";
import type { Room } from "./room.ts";

/** A dataset without records. */
export function aDataset(given: Partial<Dataset> = {}): Dataset {
  return {
    name: "qa",
    description: "",
    createdAt: BUILT_AT,
    updatedAt: BUILT_AT,
    tags: {},
    version: 0,
    recordCount: 0,
    ...given,
  };
}

/** An example. */
export function aRecord(given: Partial<DatasetRecord> = {}): DatasetRecord {
  return { id: hexId(1), inputs: { q: "1+1" }, metadata: {}, createdAt: BUILT_AT, ...given };
}

/** A dataset named `qa`. */
function ofRoom(room: Room, given: Partial<Dataset> = {}): Dataset {
  return aDataset({ name: room.name("qa"), ...given });
}

const LATER = BUILT_AT + 10;

async function inputs(store: Store, name: string, version?: number): Promise<readonly unknown[]> {
  const query = { name, limit: 100, ...(version === undefined ? {} : { version }) };
  return (await store.datasets.listRecords(query)).items.map((record) => record.inputs);
}

function record(number: number): ReturnType<typeof aRecord> {
  return aRecord({ id: hexId(number), inputs: number, createdAt: BUILT_AT + number });
}

const recordRules = contractGroup("datasets", {
  "come out as they went in, and have names of their own": async (store, room) => {
    const name = room.name("qa");
    const dataset = ofRoom(room, { description: "d", tags: { a: "1" } });
    await store.datasets.create(dataset);
    assert.deepEqual(await store.datasets.get(name), dataset);
    await refuses("already_exists", () => store.datasets.create(ofRoom(room)));
    assert.equal(await store.datasets.get(room.name("none")), undefined);
  },
  "keep records as they are given": async (store, room) => {
    const name = room.name("qa");
    const given = aRecord({
      inputs: { list: [1, null, { deep: true }], text: "🦦" },
      expectations: { answer: "x" },
      metadata: { from: "test" },
      sourceTraceId: hexId(8),
    });
    await store.datasets.create(ofRoom(room));
    await store.datasets.changeRecords({ name, upsert: [given], updatedAt: LATER });
    const { items } = await store.datasets.listRecords({ name, limit: 10 });
    assert.deepEqual(items, [given]);
  },
  "grow by versions that stay as they were": async (store, room) => {
    const name = room.name("qa");
    await store.datasets.create(ofRoom(room));
    const change = { name, updatedAt: LATER };
    await store.datasets.changeRecords({ ...change, upsert: [record(1), record(2)] });
    const second = await store.datasets.changeRecords({ ...change, upsert: [record(3)] });
    assert.deepEqual([second.version, second.recordCount, second.updatedAt], [2, 3, LATER]);
    const third = await store.datasets.changeRecords({ ...change, remove: [hexId(1)] });
    assert.deepEqual([third.version, third.recordCount], [3, 2]);
    assert.deepEqual(await store.datasets.get(name), third);
    assert.deepEqual(await inputs(store, name), [2, 3]);
    assert.deepEqual(await inputs(store, name, 3), [2, 3]);
    assert.deepEqual(await inputs(store, name, 2), [1, 2, 3]);
    assert.deepEqual(await inputs(store, name, 1), [1, 2]);
  },
  "merge what is said of the same example": async (store, room) => {
    const name = room.name("qa");
    await store.datasets.create(ofRoom(room));
    const first = aRecord({ expectations: { a: 1, b: 1 }, metadata: { x: 1 } });
    const again = aRecord({
      expectations: { b: 2, c: 2 },
      metadata: { y: 2 },
      createdAt: LATER,
    });
    await store.datasets.changeRecords({ name, upsert: [first], updatedAt: BUILT_AT });
    const changed = await store.datasets.changeRecords({
      name,
      upsert: [again],
      updatedAt: LATER,
    });
    assert.deepEqual([changed.version, changed.recordCount], [2, 1]);
    const read = async (version: number): Promise<readonly unknown[]> =>
      (await store.datasets.listRecords({ name, version, limit: 10 })).items;
    const merged = { expectations: { a: 1, b: 2, c: 2 }, metadata: { x: 1, y: 2 } };
    assert.deepEqual(await read(2), [aRecord(merged)]);
    assert.deepEqual(await read(1), [first]);
  },
  "stay as they are when nothing changes": async (store, room) => {
    const name = room.name("qa");
    await store.datasets.create(ofRoom(room));
    const change = { name, upsert: [record(1)], updatedAt: BUILT_AT };
    const before = await store.datasets.changeRecords(change);
    assert.deepEqual(await store.datasets.changeRecords({ ...change, updatedAt: LATER }), before);
    const none = { name, remove: [hexId(77)], updatedAt: LATER };
    assert.deepEqual(await store.datasets.changeRecords(none), before);
    await refuses("not_found", () =>
      store.datasets.changeRecords({ ...change, name: room.name("none") }),
    );
  },
  "list many records oldest first over pages": async (store, room) => {
    const name = room.name("qa");
    await store.datasets.create(ofRoom(room));
    const records = Array.from({ length: 25 }, (_, index) => record(25 - index));
    await store.datasets.changeRecords({ name, upsert: records, updatedAt: LATER });
    const found = await readPages((page) => store.datasets.listRecords({ name, ...page }), 4);
    assert.deepEqual(
      found.map((item) => item.inputs),
      Array.from({ length: 25 }, (_, index) => index + 1),
    );
  },
  "lose nothing when many add at once": async (store, room) => {
    const name = room.name("qa");
    await store.datasets.create(ofRoom(room));
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        store.datasets.changeRecords({ name, upsert: [record(index + 1)], updatedAt: LATER }),
      ),
    );
    const dataset = await store.datasets.get(name);
    assert.deepEqual([dataset?.version, dataset?.recordCount], [8, 8]);
    assert.equal((await inputs(store, name)).length, 8);
  },
  "are searched, changed and removed": async (store, room) => {
    const name = room.name("qa");
    await store.datasets.create(ofRoom(room));
    await store.datasets.changeRecords({ name, upsert: [record(1)], updatedAt: BUILT_AT });
    const updated = await store.datasets.update({ name, tags: { a: "1" }, updatedAt: LATER });
    assert.deepEqual([updated.tags, updated.version, updated.recordCount], [{ a: "1" }, 1, 1]);
    const found = await store.datasets.search(
      room.only(where({ kind: "tag", key: "a" }, "=", "1")),
    );
    assert.deepEqual(found.items, [updated]);
    await store.datasets.delete(name);
    assert.deepEqual((await store.datasets.search(room.only(EVERYTHING))).items, []);
    await refuses("not_found", () => store.datasets.delete(name));
    await store.datasets.create(ofRoom(room));
    assert.deepEqual(await inputs(store, name), []);
  },
});

/** Rules of {@link DatasetStore}. */
export const datasetRules: readonly ContractCase[] = [
  ...entityRules<Dataset>("datasets", {
    entity: ENTITIES.dataset,
    rest: (room, number) => ({
      name: room.name(`d${number}`),
      // Both grow with the records.
      version: 0,
      recordCount: 0,
      tags: { number: String(number) },
    }),
    add: (store, dataset) => store.datasets.create(dataset),
    get: (store, { name }) => store.datasets.get(name),
    search: (store, room, query) => store.datasets.search(room.only(query)),
  }),
  ...recordRules,
];

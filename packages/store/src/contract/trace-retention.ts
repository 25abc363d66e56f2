import assert from "node:assert/strict";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import { attribute, type ContractCase, freshStoreGroup, refuses, where } from "./contract-case.ts";
import { aDataset, aRecord } from "./datasets.ts";
import { openRoom, type Room } from "./room.ts";

const TRACES = 7;

/** Traces a millisecond apart; the second to the fifth are protected, each by something else. */
async function protectedTraces(store: Store): Promise<Room> {
  const room = await openRoom(store);
  for (let number = 1; number <= TRACES; number += 1) {
    const startTime = BUILT_AT + number;
    store.journal.appendSpan(room.aSpan({ traceId: room.id(number), startTime }));
  }
  await store.journal.flush();
  await store.traces.setPinned({ id: room.id(2), pinned: true });
  await store.assessments.add([room.anAssessment({ traceId: room.id(3) })]);
  await store.runs.create(room.aRun());
  await store.evaluations.create(room.anEvaluation());
  await store.evaluations.addRows([room.anEvaluationRow({ traceId: room.id(4) })]);
  const name = room.name("qa");
  await store.datasets.create(aDataset({ name }));
  const upsert = [aRecord({ sourceTraceId: room.id(5) })];
  await store.datasets.changeRecords({ name, upsert, updatedAt: BUILT_AT });
  return room;
}

const upTo = (room: Room, number: number) => ({
  upTo: { startTime: BUILT_AT + number, id: room.id(number) },
  limit: 100,
});

async function left(store: Store, room: Room): Promise<readonly number[]> {
  const numbers = Array.from({ length: TRACES }, (_, index) => index + 1);
  const found = await Promise.all(numbers.map((number) => store.traces.get(room.id(number))));
  return numbers.filter((_, index) => found[index] !== undefined);
}

/** A text of a length that a database cannot make much smaller. */
function noise(length: number): string {
  const words = Array.from({ length: Math.ceil(length / 6) }, (_, index) =>
    ((index * 2_654_435_761) % 2 ** 32).toString(36).padStart(6, "0").slice(-6),
  );
  return words.join("").slice(0, length);
}

/** Rules of what retention removes, and what it remembers. */
export const traceRetentionRules: readonly ContractCase[] = freshStoreGroup("retention", {
  "spares what is pinned, assessed, of an evaluation or in a dataset": async (store) => {
    const room = await protectedTraces(store);
    assert.deepEqual(await store.traces.prune(upTo(room, 6)), {
      deleted: [room.id(1), room.id(6)],
      held: 4,
      isDone: true,
    });
    // What is known to stay is not looked at again.
    assert.deepEqual(await store.traces.prune(upTo(room, 6)), {
      deleted: [],
      held: 0,
      isDone: true,
    });
    assert.deepEqual(await left(store, room), [2, 3, 4, 5, 7]);
  },
  "removes what nothing protects any more": async (store) => {
    const room = await protectedTraces(store);
    await store.traces.prune(upTo(room, 7));
    await store.traces.setPinned({ id: room.id(2), pinned: false });
    const [feedback] = await store.assessments.list({ traceIds: [room.id(3)] });
    await store.assessments.delete(feedback?.id ?? "");
    await store.datasets.delete(room.name("qa"));
    const { deleted } = await store.traces.prune(upTo(room, 7));
    assert.deepEqual(deleted, [2, 3, 5].map(room.id));
  },
  "removes everything when that is said": async (store) => {
    const room = await protectedTraces(store);
    await store.traces.prune(upTo(room, 3));
    const all = { ...upTo(room, 7), includeProtected: true };
    const { deleted } = await store.traces.prune(all);
    assert.deepEqual(deleted, [2, 3, 4, 5, 6, 7].map(room.id));
  },
  "looks at no more than is said": async (store) => {
    const room = await protectedTraces(store);
    const step = { ...upTo(room, 7), limit: 3 };
    assert.deepEqual(await store.traces.prune(step), {
      deleted: [room.id(1)],
      held: 2,
      isDone: false,
    });
    assert.deepEqual(await store.traces.prune(step), {
      deleted: [room.id(6)],
      held: 2,
      isDone: false,
    });
    assert.deepEqual(await store.traces.prune(step), {
      deleted: [room.id(7)],
      held: 0,
      isDone: true,
    });
  },
  "knows the newest trace of an age, of a number, and of a size": async (store) => {
    const room = await protectedTraces(store);
    const place = (number: number) => upTo(room, number).upTo;
    assert.deepEqual(await store.traces.surplus({ before: BUILT_AT + 4 }), place(3));
    assert.equal(await store.traces.surplus({ before: BUILT_AT + 1 }), undefined);
    assert.deepEqual(await store.traces.surplus({ maxCount: 2 }), place(5));
    assert.equal(await store.traces.surplus({ maxCount: TRACES }), undefined);
    assert.deepEqual(await store.traces.surplus({ maxBytes: 1 }), place(7));
    assert.equal(await store.traces.surplus({ maxBytes: 1e12 }), undefined);
    assert.deepEqual(await store.traces.surplus({ maxCount: 2, before: BUILT_AT + 7 }), place(6));
  },
  "counts bytes of traces, and of nothing else": async (store) => {
    const room = await protectedTraces(store);
    const megabytes = 3_000_000;
    const runs = Array.from({ length: 5 }, (_, index) => room.aRun({ id: room.id(100 + index) }));
    for (const run of runs) {
      await store.runs.create(run);
      const params = Object.fromEntries(
        Array.from({ length: 100 }, (_, index) => [`p${index}`, noise(6_000)]),
      );
      await store.runs.logBatch({ runId: run.id, params });
    }
    assert.ok((await store.facts.read()).usedBytes > megabytes);
    const place = { startTime: BUILT_AT + TRACES, id: room.id(TRACES) };
    assert.equal(await store.traces.surplus({ maxBytes: megabytes / 2 }), undefined);
    const input = noise(megabytes / 3);
    for (let number = 1; number <= TRACES; number += 1) {
      const times = { startTime: BUILT_AT + number, endTime: BUILT_AT + number };
      store.journal.appendSpan(room.aSpan({ traceId: room.id(number), ...times, input }));
    }
    await store.journal.flush();
    assert.notEqual(await store.traces.surplus({ maxBytes: megabytes / 2 }), undefined);
    assert.deepEqual(await store.traces.surplus({ maxBytes: 1 }), place);
  },
  "keeps a pin when more of a trace comes, and finds it": async (store) => {
    const room = await protectedTraces(store);
    store.journal.appendSpan(room.aSpan({ traceId: room.id(2), startTime: BUILT_AT + 2 }));
    await store.journal.flush();
    assert.equal((await store.traces.get(room.id(2)))?.pinned, true);
    const query = { ...where(attribute("pinned"), "=", "true"), experimentIds: [] };
    const { items } = await store.traces.search(query);
    assert.deepEqual(
      items.map(({ id, pinned }) => [id, pinned]),
      [[room.id(2), true]],
    );
    const unpinned = await store.traces.setPinned({ id: room.id(2), pinned: false });
    assert.equal("pinned" in unpinned, false);
    await refuses("not_found", () => store.traces.setPinned({ id: room.id(99), pinned: true }));
  },
  "tells of each policy once, and remembers what it did": async (store) => {
    assert.deepEqual(await store.traces.retention(), {});
    const notice = { at: BUILT_AT, policy: "30 days" };
    const told = await Promise.all([1, 2].map(() => store.traces.tellRetention(notice)));
    assert.deepEqual([...told].sort(), [false, true]);
    assert.equal(await store.traces.tellRetention({ ...notice, at: BUILT_AT + 1 }), false);
    const last = { at: BUILT_AT + 2, deleted: 3, because: ["age", "size"] as const };
    const clock = { at: BUILT_AT + 5, steadySince: BUILT_AT + 4 };
    await store.traces.noteRetention({ last, givenAt: BUILT_AT + 3, clock });
    assert.deepEqual(await store.traces.retention(), {
      told: notice,
      givenAt: BUILT_AT + 3,
      last,
      clock,
    });
    await store.traces.noteRetention({ clock: { at: BUILT_AT + 6 } });
    assert.deepEqual((await store.traces.retention()).clock, { at: BUILT_AT + 6 });
    const other = { at: BUILT_AT + 4, policy: "20 days" };
    assert.equal(await store.traces.tellRetention(other), true);
    assert.deepEqual((await store.traces.retention()).told, other);
  },
});

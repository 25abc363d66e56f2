import assert from "node:assert/strict";
import type { Condition } from "@rivulet/domain";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import { attribute, type ContractCase, contractGroup } from "./contract-case.ts";
import { hexId } from "./hex-id.ts";
import type { Room } from "./room.ts";

/** Each trace fails at its second span, which fails the root, too; the last one is fine. */
async function failures(store: Store, room: Room): Promise<void> {
  const messages = [
    "Request req_011CSHoEeqs5C35K2UUq: timeout after 30 s",
    "Request req_099XYHoEeqs5C35K2UUq: timeout after 1.5 s",
    'No tool is called "search"',
    undefined,
  ];
  for (const [index, statusMessage] of messages.entries()) {
    const startTime = BUILT_AT + index * 1000;
    const end = {
      endTime: startTime + 9,
      ...(statusMessage === undefined ? {} : { statusMessage }),
    };
    const status = statusMessage === undefined ? "ok" : "error";
    const traceId = room.id(index + 1);
    const root = room.aSpan({ traceId, startTime, ...end, status });
    const inner = { id: hexId(2, 16), parentId: root.id, name: "call", startTime: startTime + 1 };
    store.journal.appendSpan(root);
    store.journal.appendSpan({ ...root, ...inner });
  }
  await store.journal.flush();
}

/** Ids of the traces that fulfil a condition: newest first. */
async function foundBy(store: Store, room: Room, condition: Condition): Promise<readonly string[]> {
  const { items } = await store.traces.search({
    where: [condition],
    order: [],
    experimentIds: [room.experimentId],
    limit: 10,
  });
  return items.map(({ id }) => id);
}

/** The condition that a failure has a fingerprint. */
function has(value: string): Condition {
  return { field: attribute("errorFingerprint"), operator: "=", value };
}

/** Rules of {@link TraceStore.groupErrors}. */
export const errorGroupRules: readonly ContractCase[] = contractGroup("the groups of errors", {
  "count traces by messages without what varies, the most frequent first": async (store, room) => {
    await failures(store, room);
    const query = { where: [], experimentIds: [room.experimentId], limit: 10 };
    assert.deepEqual(await store.traces.groupErrors(query), [
      {
        fingerprint: "2c9fdc0227cbea2a",
        pattern: "Request <id>: timeout after <number> s",
        count: 2,
        firstTime: BUILT_AT,
        lastTime: BUILT_AT + 1001,
        traceId: room.id(2),
        spanName: "call",
        message: "Request req_099XYHoEeqs5C35K2UUq: timeout after 1.5 s",
      },
      {
        fingerprint: "2b1d60884727fa41",
        pattern: "No tool is called <text>",
        count: 1,
        firstTime: BUILT_AT + 2000,
        lastTime: BUILT_AT + 2001,
        traceId: room.id(3),
        spanName: "call",
        message: 'No tool is called "search"',
      },
    ]);
    assert.equal((await store.traces.groupErrors({ ...query, limit: 1 })).length, 1);
  },
  "are what error.fingerprint finds: all traces of a group, and no other": async (store, room) => {
    await failures(store, room);
    assert.deepEqual(await foundBy(store, room, has("2c9fdc0227cbea2a")), [room.id(2), room.id(1)]);
    assert.deepEqual(await foundBy(store, room, has("2b1d60884727fa41")), [room.id(3)]);
    assert.deepEqual(await foundBy(store, room, has("0000000000000000")), []);
    const others = await foundBy(store, room, { not: has("2c9fdc0227cbea2a") });
    assert.deepEqual(others, [room.id(4), room.id(3)]);
  },
  "lose a trace that turns out to have failed in another way, or not at all": async (
    store,
    room,
  ) => {
    await failures(store, room);
    const [first] = await store.traces.loadSpans(room.id(3));
    assert.ok(first);
    const { statusMessage: _, ...fine } = first;
    store.journal.appendSpan({ ...fine, status: "ok" });
    await store.journal.flush();
    assert.deepEqual(await foundBy(store, room, has("2b1d60884727fa41")), [room.id(3)]);
    store.journal.appendSpan({
      ...fine,
      id: hexId(2, 16),
      parentId: first.id,
      status: "error",
      statusMessage: "other",
    });
    await store.journal.flush();
    assert.deepEqual(await foundBy(store, room, has("2b1d60884727fa41")), []);
    assert.equal((await store.traces.get(room.id(3)))?.errorPreview, "other");
  },
  "are of the traces that a filter finds": async (store, room) => {
    await failures(store, room);
    const where = [
      { field: attribute("startTime"), operator: ">", value: BUILT_AT + 1500 },
    ] as const;
    const groups = await store.traces.groupErrors({
      where,
      experimentIds: [room.experimentId],
      limit: 10,
    });
    assert.deepEqual(
      groups.map(({ count, pattern }) => [count, pattern]),
      [[1, "No tool is called <text>"]],
    );
  },
});

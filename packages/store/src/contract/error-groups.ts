import assert from "node:assert/strict";
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

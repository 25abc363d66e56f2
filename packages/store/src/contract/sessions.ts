import assert from "node:assert/strict";
import type { Session } from "@rivulet/domain";
import type { Store, TraceOwnerQuery } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import {
  attribute,
  type ContractCase,
  contractGroup,
  readPages,
  refuses,
} from "./contract-case.ts";
import { hexId } from "./hex-id.ts";
import type { Room } from "./room.ts";

/**
 * Five traces, a second apart: the first, second and fourth are a chat of ann; the third is one of bob, and the fifth
 * has neither session nor user. The fourth failed, and is in another experiment.
 */
async function twoChats(store: Store, room: Room): Promise<void> {
  const owners = [
    { sessionId: room.name("chat"), userId: room.name("ann") },
    { sessionId: room.name("chat"), userId: room.name("ann") },
    { sessionId: room.name("other"), userId: room.name("bob") },
    { sessionId: room.name("chat"), userId: room.name("ann") },
    {},
  ];
  await store.experiments.create(room.anExperiment());
  for (const [index, trace] of owners.entries()) {
    const startTime = BUILT_AT + index * 1000;
    const isLast = index === 3;
    store.journal.appendSpan({
      ...room.aSpan({
        traceId: room.id(index + 1),
        name: `turn ${index + 1}`,
        startTime,
        endTime: startTime + 100 * (index + 1),
        input: `question ${index + 1}`,
        output: { answer: index + 1 },
        usage: { inputTokens: 10, outputTokens: index },
        cost: 0.5,
        ...(isLast ? { status: "error", experimentId: room.otherExperimentId(1) } : {}),
      }),
      trace,
    });
  }
  await store.journal.flush();
  await store.assessments.add([
    room.anAssessment({ id: room.id(1), traceId: room.id(1), value: true }),
    room.anAssessment({ id: room.id(2), traceId: room.id(2), value: false }),
    room.anAssessment({ id: room.id(3), traceId: room.id(2), name: "tone", value: "warm" }),
    room.anAssessment({ id: room.id(4), traceId: room.id(2), name: "stars", value: 4 }),
    room.anAssessment({ id: room.id(5), traceId: room.id(1), kind: "expectation", value: 9 }),
  ]);
}

function chat(room: Room): Session {
  return {
    id: room.name("chat"),
    userId: room.name("ann"),
    firstTraceTime: BUILT_AT,
    lastTraceTime: BUILT_AT + 3000,
    traceCount: 3,
    errorCount: 1,
    durationMs: { mean: 233.333, max: 400 },
    usage: { inputTokens: 30, outputTokens: 4 },
    cost: 1.5,
    feedback: {
      user_feedback: { count: 2, mean: 0.5 },
      tone: { count: 1 },
      stars: { count: 1, mean: 4 },
    },
    inputPreview: "question 1",
    outputPreview: '{"answer":4}',
  };
}

const inAll = (room: Room): TraceOwnerQuery => ({
  where: [],
  limit: 10,
  experimentIds: [room.experimentId, room.otherExperimentId(1)],
});

const words = (items: readonly { readonly id: string }[]): string =>
  items.map(({ id }) => id.slice(id.lastIndexOf(".") + 1)).join(" ");

/** Rules of {@link SessionStore} and {@link UserStore}. */
export const sessionRules: readonly ContractCase[] = contractGroup("sessions and users", {
  "a session sums its traces up": async (store, room) => {
    await twoChats(store, room);
    assert.deepEqual(await store.sessions.get(room.name("chat")), chat(room));
    assert.equal(await store.sessions.get(room.name("none")), undefined);
  },
  "a user has the totals of all sessions": async (store, room) => {
    await twoChats(store, room);
    const { userId: _, inputPreview: _in, outputPreview: _out, ...totals } = chat(room);
    const ann = { ...totals, id: room.name("ann"), sessionCount: 1 };
    assert.deepEqual(await store.users.get(room.name("ann")), ann);
    assert.equal(await store.users.get(room.name("none")), undefined);
  },
  "the latest come first, page by page": async (store, room) => {
    await twoChats(store, room);
    const sessions = await store.sessions.search(inAll(room));
    assert.deepEqual(sessions.items[0], chat(room));
    assert.equal(words(sessions.items), "chat other");
    const paged = await readPages((page) => store.users.search({ ...inAll(room), ...page }), 1);
    assert.equal(words(paged), "ann bob");
  },
  "only the traces of the experiments count": async (store, room) => {
    await twoChats(store, room);
    const query = { ...inAll(room), experimentIds: [room.experimentId] };
    const { items } = await store.sessions.search(query);
    assert.equal(words(items), "other chat");
    const { traceCount, errorCount, outputPreview } = items[1] ?? {};
    assert.deepEqual([traceCount, errorCount, outputPreview], [2, 0, '{"answer":2}']);
  },
  "a filter finds those with a trace that matches": async (store, room) => {
    await twoChats(store, room);
    const find = async (name: string): Promise<string> => {
      const where = [{ field: attribute("name"), operator: "IN", value: name.split(",") }] as const;
      return words((await store.sessions.search({ ...inAll(room), where })).items);
    };
    assert.equal(await find("turn 1"), "chat");
    assert.equal(await find("turn 1,turn 3"), "other chat");
    assert.equal(await find("turn 5"), "");
  },
  "patterns that no database knows are refused": async (store, room) => {
    const where = [{ field: attribute("name"), operator: "RLIKE", value: "^t" }] as const;
    await refuses("invalid_argument", () => store.users.search({ ...inAll(room), where }));
  },
  "the conversation is in order, with all that was said": async (store, room) => {
    await twoChats(store, room);
    const sessionId = room.name("chat");
    const turns = await readPages((page) => store.sessions.listTurns({ sessionId, ...page }), 2);
    assert.deepEqual(
      turns.map(({ trace, input, output, assessments }) => [
        trace.name,
        input,
        output,
        assessments.map(({ name }) => name).sort(),
      ]),
      [
        ["turn 1", "question 1", { answer: 1 }, ["user_feedback", "user_feedback"]],
        ["turn 2", "question 2", { answer: 2 }, ["stars", "tone", "user_feedback"]],
        ["turn 4", "question 4", { answer: 4 }, []],
      ],
    );
    const backwards = await readPages(
      (page) => store.sessions.listTurns({ sessionId, newestFirst: true, ...page }),
      2,
    );
    assert.deepEqual(
      backwards.map(({ trace }) => trace.name),
      ["turn 4", "turn 2", "turn 1"],
    );
  },
  "a turn has the whole messages of its root, or of the topmost span that has come": async (
    store,
    room,
  ) => {
    const sessionId = room.name("long");
    const messages = [1, 2].map((n) => ({ role: "user", content: `${n} `.repeat(2_000) }));
    const ofTrace = { trace: { sessionId } };
    const child = { parentId: hexId(9, 16), traceId: room.id(2), startTime: BUILT_AT + 1 };
    store.journal.appendSpan({
      ...room.aSpan({ input: { messages }, output: messages }),
      ...ofTrace,
    });
    store.journal.appendSpan({ ...room.aSpan({ ...child, input: "inner" }), ...ofTrace });
    await store.journal.flush();
    const { items } = await store.sessions.listTurns({ sessionId, limit: 10 });
    assert.deepEqual(
      items.map(({ input, output }) => [input, output]),
      [
        [{ messages }, messages],
        ["inner", undefined],
      ],
    );
  },
});

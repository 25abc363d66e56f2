import assert from "node:assert/strict";
import type { Span } from "@rivulet/domain";
import type { TraceFacts } from "../port/records.ts";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import {
  type ContractCase,
  contractGroup,
  EVERYTHING,
  readPages,
  refuses,
} from "./contract-case.ts";
import { hexId } from "./hex-id.ts";
import type { Room } from "./room.ts";
import { aUsageHistory, storedTotals } from "./usage-history.ts";

async function record(store: Store, ...spans: readonly Span[]): Promise<void> {
  for (const span of spans) assert.equal(store.journal.appendSpan(span), true);
  await store.journal.flush();
}

/** Root → model call and tool; the tool failed. */
function anAgentTrace(room: Room): readonly Span[] {
  const under = { parentId: hexId(1, 16) };
  return [
    room.aSpan({
      type: "agent",
      name: "agent",
      input: { q: "why" },
      output: "because",
      endTime: BUILT_AT + 90,
    }),
    room.aSpan({
      ...under,
      id: hexId(2, 16),
      name: "model",
      type: "chat_model",
      startTime: BUILT_AT + 10,
      model: "m-1",
      provider: "p",
      usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 },
      cost: 0.25,
      timeToFirstTokenMs: 3.5,
      prompts: [{ name: "greet", version: 2, alias: "production" }],
      input: { messages: [{ role: "user", content: "why" }] },
      attributes: { "gen_ai.x": 1, nested: { a: [true, null] } },
      events: [{ name: "e", timestamp: BUILT_AT + 11, attributes: { a: 1 } }],
    }),
    room.aSpan({
      ...under,
      id: hexId(3, 16),
      name: "tool",
      type: "tool",
      status: "error",
      statusMessage: "boom",
      startTime: BUILT_AT + 20,
    }),
  ];
}

/** Some orders of four. */
const ORDERS: readonly (readonly number[])[] = [
  [0, 1, 2, 3],
  [3, 2, 1, 0],
  [1, 0, 3, 2],
  [2, 3, 1, 0],
  [2, 0, 1, 3],
  [3, 1, 0, 2],
];

/** Rules of {@link TraceStore} and of the spans in the journal. */
export const traceRules: readonly ContractCase[] = contractGroup("traces", {
  "keep counts and times that cannot be as the nearest that can": async (store, room) => {
    const startTime = BUILT_AT * 1000;
    const span = room.aSpan({ startTime, endTime: startTime, usage: { inputTokens: 1.6 } });
    const child = room.aSpan({
      id: hexId(2, 16),
      parentId: hexId(3, 16),
      usage: { inputTokens: 7, outputTokens: 2 ** 60, totalTokens: 1e300 },
    });
    await record(store, span, child, child, span);
    const most = Number.MAX_SAFE_INTEGER;
    const largest = { outputTokens: most, totalTokens: most };
    const trace = await store.traces.get(room.id(1));
    assert.deepEqual(trace?.usage, { inputTokens: 9, ...largest });
    assert.equal(trace?.endTime, Math.trunc(most / 1000));
    const usages = (await store.traces.listSpans(room.id(1))).map(({ usage }) => usage);
    assert.deepEqual(usages, [{ inputTokens: 7, ...largest }, { inputTokens: 2 }]);
  },
  "count usage on the innermost spans that have it, in whatever order they come": async (
    store,
    room,
  ) => {
    const at = (id: number, parent: number): Span =>
      room.aSpan({ id: hexId(id, 16), parentId: hexId(parent, 16) });
    const usage = { inputTokens: 7, totalTokens: 9 };
    await record(store, { ...at(4, 3), usage, cost: 1 });
    await record(store, { ...at(2, 1), usage, cost: 2 }, room.aSpan());
    await record(store, at(3, 2));
    await record(store, { ...at(5, 1), usage, uncounted: "judge" });
    const trace = await store.traces.get(room.id(1));
    assert.deepEqual([trace?.usage, trace?.cost, trace?.judgeTokens], [usage, 1, 9]);
  },
  "count usage once, and that of scorers apart, in whatever order and batches spans come": async (
    store,
    room,
  ) => {
    const traces = Array.from({ length: 40 }, (_, number) =>
      room.aSpan({ traceId: room.id(number) }),
    );
    const { batches, totals } = aUsageHistory({ seed: 12, traces, perBatch: 20 });
    for (const batch of batches) await record(store, ...batch);
    for (const [id, expected] of totals) {
      const [trace, spans] = [await store.traces.get(id), await store.traces.listSpans(id)];
      assert.deepEqual(storedTotals(trace, spans), expected);
    }
  },
  "sum up their spans": async (store, room) => {
    await record(store, ...anAgentTrace(room));
    assert.deepEqual(await store.traces.get(room.id(1)), {
      id: room.id(1),
      experimentId: room.experimentId,
      name: "agent",
      status: "ok",
      startTime: BUILT_AT,
      endTime: BUILT_AT + 90,
      durationMs: 90,
      tags: {},
      metadata: {},
      inputPreview: '{"q":"why"}',
      outputPreview: "because",
      errorPreview: "boom",
      spanCount: 3,
      errorCount: 1,
      usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 },
      cost: 0.25,
      prompts: [{ name: "greet", version: 2, alias: "production" }],
    });
    assert.equal(await store.traces.get(room.id(9)), undefined);
  },
  "are the same in whatever order their spans come": async (store, room) => {
    await record(store, ...anAgentTrace(room));
    const expected = await store.traces.get(room.id(1));
    const id = room.id(2);
    for (const span of anAgentTrace(room).toReversed())
      await record(store, { ...span, traceId: id });
    assert.deepEqual(await store.traces.get(id), { ...expected, id });
  },
  "have name, status, times and previews of the topmost span present until a root comes": async (
    store,
    room,
  ) => {
    const elsewhere = hexId(99, 16);
    const [root, model] = anAgentTrace(room);
    assert.ok(root && model);
    const top = {
      ...root,
      id: hexId(50, 16),
      parentId: elsewhere,
      name: "handler",
      startTime: BUILT_AT + 5,
      endTime: BUILT_AT + 80,
      output: "of the handler",
    };
    const below = { ...model, parentId: top.id, startTime: BUILT_AT + 5 };
    await record(store, below);
    const alone = await store.traces.get(room.id(1));
    assert.deepEqual([alone?.name, alone?.status, alone?.inputPreview], ["model", "ok", "why"]);
    const { endTime: _, output: __, ...begun } = top;
    await record(store, { ...begun, status: "in_progress" });
    const running = await store.traces.get(room.id(1));
    assert.deepEqual(
      [running?.name, running?.status, running?.endTime, running?.inputPreview],
      ["handler", "in_progress", undefined, '{"q":"why"}'],
    );
    await record(store, top, below);
    const standingIn = await store.traces.get(room.id(1));
    assert.deepEqual(
      [standingIn?.name, standingIn?.status, standingIn?.durationMs, standingIn?.outputPreview],
      ["handler", "ok", 75, "of the handler"],
    );
    const { output: ___, ...gateway } = root;
    await record(store, { ...gateway, id: elsewhere, name: "gateway", status: "error" });
    const whole = await store.traces.get(room.id(1));
    assert.deepEqual(
      [whole?.name, whole?.status, whole?.durationMs, whole?.outputPreview],
      ["gateway", "error", 90, undefined],
    );
    await record(store, { ...top, name: "late" });
    assert.equal((await store.traces.get(room.id(1)))?.name, "gateway");
  },
  "have the same topmost span in whatever order their spans come": async (store, room) => {
    const spans = [
      { id: hexId(5, 16), parentId: hexId(99, 16), name: "top" },
      { id: hexId(4, 16), parentId: hexId(5, 16), name: "step" },
      { id: hexId(3, 16), parentId: hexId(4, 16), name: "model", startTime: BUILT_AT + 1 },
      { id: hexId(2, 16), parentId: hexId(98, 16), name: "other", startTime: BUILT_AT + 2 },
    ];
    for (const [index, [a, b, c, d]] of ORDERS.entries()) {
      const traceId = room.id(index + 1);
      for (const at of [a, b, c, d]) {
        await record(store, room.aSpan({ ...spans[at ?? 0], traceId }));
      }
      assert.equal((await store.traces.get(traceId))?.name, "top", `order ${[a, b, c, d]}`);
    }
  },
  "say what went wrong: what the root says, else what failed first, in whatever order it comes":
    async (store, room) => {
      const failed = { status: "error", parentId: hexId(1, 16) } as const;
      const spans = [
        { id: hexId(1, 16) },
        { ...failed, id: hexId(4, 16), startTime: BUILT_AT + 1 },
        { ...failed, id: hexId(3, 16), startTime: BUILT_AT + 2, statusMessage: "x".repeat(1001) },
        { ...failed, id: hexId(2, 16), startTime: BUILT_AT + 3, statusMessage: "second" },
      ];
      for (const [index, [a, b, c, d]] of ORDERS.entries()) {
        const traceId = room.id(index + 1);
        for (const at of [a, b, c, d]) {
          await record(store, room.aSpan({ ...spans[at ?? 0], traceId }));
        }
        const order = `order ${[a, b, c, d]}`;
        const preview = async () => (await store.traces.get(traceId))?.errorPreview;
        assert.equal(await preview(), "x".repeat(1000), order);
        await record(store, room.aSpan({ traceId, status: "error", statusMessage: "of the root" }));
        assert.equal(await preview(), "of the root", order);
        await record(store, room.aSpan({ traceId, status: "ok" }));
        assert.equal(await preview(), "x".repeat(1000), order);
      }
    },
  "that consist of a span that names itself as its parent have its name": async (store, room) => {
    const id = hexId(7, 16);
    await record(store, room.aSpan({ id, parentId: id, name: "itself" }));
    const trace = await store.traces.get(room.id(1));
    assert.deepEqual([trace?.name, trace?.status], ["itself", "ok"]);
  },
  "give their spans by start, with bodies or without": async (store, room) => {
    const [root, model, tool] = anAgentTrace(room);
    assert.ok(root && model && tool);
    await record(store, tool, model, root);
    assert.deepEqual(await store.traces.loadSpans(room.id(1)), [root, model, tool]);
    assert.deepEqual(await store.traces.getSpan({ traceId: room.id(1), spanId: model.id }), model);
    assert.equal(
      await store.traces.getSpan({ traceId: room.id(1), spanId: hexId(9, 16) }),
      undefined,
    );
    const { input: _i, output: _o, attributes: _a, events: _e, ...skeleton } = model;
    assert.deepEqual((await store.traces.listSpans(room.id(1)))[1], skeleton);
    assert.deepEqual(await store.traces.listSpans(room.id(9)), []);
  },
  "are seen while they are in progress, and the later write wins field by field": async (
    store,
    room,
  ) => {
    const { endTime: _end, ...rest } = room.aSpan({ status: "in_progress", input: "in" });
    await record(store, rest);
    const open = await store.traces.get(room.id(1));
    assert.deepEqual(
      [open?.status, open?.endTime, open?.durationMs],
      ["in_progress", undefined, undefined],
    );
    await record(store, room.aSpan({ output: "out", attributes: { a: 1 } }));
    const [span] = await store.traces.loadSpans(room.id(1));
    assert.deepEqual(span, room.aSpan({ input: "in", output: "out", attributes: { a: 1 } }));
    assert.equal((await store.traces.get(room.id(1)))?.spanCount, 1);
  },
  "belong to a session, user and run, and the root's word counts": async (store, room) => {
    const child = room.aSpan({ id: hexId(2, 16), parentId: hexId(1, 16) });
    const root: TraceFacts = {
      sessionId: "s",
      userId: "u",
      runId: room.id(7),
      tags: { a: "root" },
      metadata: { k: { deep: 1 } },
    };
    store.journal.appendSpan({ ...room.aSpan(), trace: root });
    store.journal.appendSpan({ ...child, trace: { sessionId: "other", tags: { b: "child" } } });
    await store.journal.flush();
    const trace = await store.traces.get(room.id(1));
    assert.deepEqual([trace?.sessionId, trace?.userId, trace?.runId], ["s", "u", room.id(7)]);
    assert.deepEqual(trace?.tags, { a: "root", b: "child" });
    assert.deepEqual(trace?.metadata, { k: { deep: 1 } });
  },
  "show at most 1000 characters of input and output": async (store, room) => {
    await record(
      store,
      room.aSpan({ input: "x".repeat(5000), output: { long: "y".repeat(5000) } }),
    );
    const trace = await store.traces.get(room.id(1));
    assert.equal(trace?.inputPreview, "x".repeat(1000));
    assert.equal(trace?.outputPreview?.length, 1000);
    const [span] = await store.traces.loadSpans(room.id(1));
    assert.equal(span?.input, "x".repeat(5000));
  },
  "are listed newest first, each once over pages, by experiment": async (store, room) => {
    for (let index = 1; index <= 6; index += 1) {
      const startTime = BUILT_AT + Math.floor(index / 2);
      await record(
        store,
        room.aSpan({ traceId: room.id(index), startTime, name: room.name(`t${index}`) }),
      );
    }
    const query = { ...room.only(EVERYTHING), experimentIds: [] };
    const all = await readPages((page) => store.traces.search({ ...query, ...page }), 2);
    assert.equal(new Set(all.map(({ id }) => id)).size, 6);
    const times = all.map(({ startTime }) => startTime);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    );
    const none = await store.traces.search({
      ...EVERYTHING,
      experimentIds: [room.otherExperimentId(77)],
    });
    assert.deepEqual(none, { items: [] });
  },
  "change their tags": async (store, room) => {
    store.journal.appendSpan({ ...room.aSpan(), trace: { tags: { a: "1", b: "2" } } });
    await store.journal.flush();
    const updated = await store.traces.update({
      id: room.id(1),
      tags: { c: "3" },
      removeTags: ["a"],
    });
    assert.deepEqual(updated.tags, { b: "2", c: "3" });
    await refuses("not_found", () => store.traces.update({ id: room.id(9), tags: {} }));
  },
  "go with spans and assessments, and are counted": async (store, room) => {
    await record(store, ...anAgentTrace(room));
    await store.assessments.add([room.anAssessment()]);
    assert.equal(await store.traces.delete([room.id(1), room.id(9)]), 1);
    assert.equal(await store.traces.get(room.id(1)), undefined);
    assert.deepEqual(await store.traces.loadSpans(room.id(1)), []);
    assert.deepEqual(await store.assessments.list({ traceIds: [room.id(1)] }), []);
  },
});

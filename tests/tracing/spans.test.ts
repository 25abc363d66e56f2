import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { NOON, openClient, testIds } from "./client.ts";

test("keeps what a span was given, to the microsecond", async () => {
  const { rivulet, clock, spans } = openClient();
  clock.advance(0.123_4);
  const span = rivulet.startSpan("answer", {
    type: "chat_model",
    input: { question: "Why?" },
    attributes: { temperature: 0.2 },
    model: "local",
    provider: "here",
  });
  clock.advance(1.5);
  span.addEvent("retry", { attempt: 2 });
  span.linkPrompt({ name: "qa", version: 3, alias: "production" });
  span.linkPrompt({ name: "qa", version: 3 });
  clock.advance(1);
  span.markFirstToken();
  span.markFirstToken(NOON + 900);
  clock.advance(7.5);
  span.end({ output: "Because." });

  expect(await spans(span.traceId)).toEqual({
    answer: {
      traceId: span.traceId,
      id: span.id,
      experimentId: "0",
      name: "answer",
      type: "chat_model",
      status: "ok",
      startTime: NOON + 0.123,
      endTime: NOON + 10.123,
      input: { question: "Why?" },
      output: "Because.",
      attributes: { temperature: 0.2 },
      events: [{ name: "retry", timestamp: NOON + 1.623, attributes: { attempt: 2 } }],
      model: "local",
      provider: "here",
      timeToFirstTokenMs: 2.5,
      prompts: [{ name: "qa", version: 3, alias: "production" }],
    },
  });
});

test("nests spans across await, and gives them the trace and experiment of their parent", async () => {
  const { rivulet, spans } = openClient({ experiment: "Shop" });
  const traceId = await rivulet.withSpan("request", async (request) => {
    await setImmediate();
    await rivulet.withSpan("search", async () => {
      await setImmediate();
      rivulet.withSpan("rank", () => 1);
    });
    return request.traceId;
  });

  const { request, search, rank } = await spans(traceId);
  const shop = await rivulet.experiments.find("Shop");
  expect(request?.parentId).toBeUndefined();
  expect(search?.parentId).toBe(request?.id);
  expect(rank?.parentId).toBe(search?.id);
  expect([request, search, rank].map((span) => span?.experimentId)).toEqual(
    Array(3).fill(shop?.id),
  );
  expect(rivulet.activeSpan()).toBeUndefined();
});

test("keeps two requests that run at the same time apart", async () => {
  const { rivulet, spans } = openClient();
  const request = (name: string): Promise<string> =>
    rivulet.withSpan(name, async (span) => {
      await setImmediate();
      rivulet.withSpan("work", () => undefined);
      return span.traceId;
    });
  const [one = "", two = ""] = await Promise.all([request("one"), request("two")]);

  expect(Object.keys(await spans(one)).sort()).toEqual(["one", "work"]);
  expect(Object.keys(await spans(two)).sort()).toEqual(["two", "work"]);
});

test("starts a new trace for the parent null, and hangs a span under a parent that is only ids", async () => {
  const { rivulet, spans } = openClient();
  const ids = testIds();
  const far = { traceId: ids.trace(), id: ids.span() };
  const fresh = rivulet.withSpan("outer", (outer) => {
    const other = rivulet.startSpan("other", { parent: null });
    other.end();
    return { outer, other };
  });
  rivulet.startSpan("near", { parent: far }).end();

  expect(fresh.other.traceId).not.toBe(fresh.outer.traceId);
  expect((await spans(far.traceId))["near"]?.parentId).toBe(far.id);
});

test("makes a span active for adapters that end it themselves", () => {
  const { rivulet } = openClient();
  const span = rivulet.startSpan("callback");
  expect(rivulet.activeSpan()).toBeUndefined();
  expect(rivulet.runInSpan(span, () => rivulet.activeSpan())).toBe(span);
  span.end();
});

test("records what the work throws and throws it on unchanged", async () => {
  const { rivulet, spans } = openClient();
  const failure = new TypeError("no such city");
  const thrown: unknown[] = [];
  let traceId = "";
  await rivulet
    .withSpan("request", async (span) => {
      traceId = span.traceId;
      try {
        rivulet.withSpan("sync", () => {
          throw failure;
        });
      } catch (error) {
        thrown.push(error);
      }
      throw failure;
    })
    .catch((error: unknown) => thrown.push(error));

  const { request, sync } = await spans(traceId);
  expect(thrown).toEqual([failure, failure]);
  expect(sync?.status).toBe("error");
  expect(request?.statusMessage).toBe("no such city");
  expect(request?.events).toEqual([
    {
      name: "exception",
      timestamp: NOON,
      attributes: {
        "exception.type": "TypeError",
        "exception.message": "no such city",
        "exception.stacktrace": failure.stack,
      },
    },
  ]);
});

test("calls an abort cancelled, not an error", async () => {
  const { rivulet, spans } = openClient();
  const span = rivulet.startSpan("stream");
  span.end({ error: AbortSignal.abort().reason as unknown });
  expect((await spans(span.traceId))["stream"]?.status).toBe("cancelled");
});

test("ends once, except for an error that comes late", async () => {
  const { rivulet, clock, spans } = openClient();
  const span = rivulet.startSpan("object");
  span.end({ output: "first" });
  span.setOutput("second");
  clock.advance(5);
  span.end({ output: "third" });
  await rivulet.flush();
  span.end({ error: new Error("no object") });
  span.end({ error: new Error("again") });

  const { object } = await spans(span.traceId);
  expect(object).toMatchObject({
    status: "error",
    statusMessage: "no object",
    output: "first",
    endTime: NOON + 5,
  });
});

test("stays cancelled when what it ended with is thrown on", async () => {
  const { rivulet, spans } = openClient();
  const reason = new Error("the user went on");
  let traceId = "";
  const work = rivulet.withSpan("work", async (span) => {
    traceId = span.traceId;
    span.end({ status: "cancelled", error: reason });
    throw reason;
  });
  await expect(work).rejects.toBe(reason);
  const ended = { status: "cancelled", statusMessage: "the user went on" };
  expect((await spans(traceId))["work"]).toMatchObject(ended);
});

test("keeps the error that it ended with, whatever errors come after it", async () => {
  const { rivulet, clock, spans } = openClient();
  const span = rivulet.startSpan("call");
  span.end({ error: new Error("the cause") });
  clock.advance(5);
  span.end({ error: new Error("a consequence") });

  const { call } = await spans(span.traceId);
  expect(call).toMatchObject({ status: "error", statusMessage: "the cause", endTime: NOON });
  expect(call?.events).toHaveLength(1);
});

test("takes one late error of several, also when it is an abort", async () => {
  const { rivulet, clock, spans } = openClient();
  const span = rivulet.startSpan("stream");
  span.end({ output: "all" });
  for (let late = 1; late <= 3; late += 1) {
    clock.advance(5);
    span.end({ error: new DOMException(`abort ${late}`, "AbortError") });
  }
  span.end({ error: new Error("and a failure") });

  const { stream } = await spans(span.traceId);
  expect(stream).toMatchObject({
    status: "cancelled",
    statusMessage: "abort 1",
    output: "all",
    endTime: NOON + 5,
    events: [{ name: "exception", attributes: { "exception.message": "abort 1" } }],
  });
});

test("takes status, message and times from the caller, and never ends before the start", async () => {
  const { rivulet, spans } = openClient();
  const span = rivulet.startSpan("graph", { startTime: NOON - 50 });
  span.end({ status: "interrupted", statusMessage: "Approve?", endTime: NOON - 70 });
  expect((await spans(span.traceId))["graph"]).toMatchObject({
    status: "interrupted",
    statusMessage: "Approve?",
    startTime: NOON - 50,
    endTime: NOON - 50,
  });
});

test("keeps the input as it was when it was given", async () => {
  const { rivulet, spans } = openClient();
  const messages = [{ role: "user", content: "Hi" }];
  const span = rivulet.startSpan("chat", { input: { messages } });
  messages.push({ role: "assistant", content: "Hello" });
  span.end({ output: messages });
  messages.push({ role: "user", content: "More" });

  const { chat } = await spans(span.traceId);
  expect(chat?.input).toEqual({ messages: [{ role: "user", content: "Hi" }] });
  expect(chat?.output).toEqual(messages.slice(0, 2));
});

test("keeps session, user, run, tags and metadata of the trace", async () => {
  const { rivulet } = openClient();
  const traceId = await rivulet.runs.with({ name: "training" }, async (run) =>
    rivulet.withSpan(
      "request",
      (span) => {
        span.setTrace({ userId: "ada", tags: { plan: "pro" }, metadata: { shop: 7 } });
        return { traceId: span.traceId, runId: run.id };
      },
      { sessionId: "s-1", tags: { region: "eu" } },
    ),
  );
  await rivulet.flush();

  expect(await rivulet.traces.get(traceId.traceId)).toMatchObject({
    sessionId: "s-1",
    userId: "ada",
    runId: traceId.runId,
    tags: { region: "eu", plan: "pro" },
    metadata: { shop: 7 },
  });
});

test("keeps the latest that is said of a trace, and what was said of other fields", async () => {
  const { rivulet } = openClient();
  const tags = { plan: "free", region: "eu" };
  const span = rivulet.startSpan("request", { userId: "ada", tags });
  span.setTrace({ metadata: { shop: 7, step: "cart" } });
  span.setTrace({ userId: "bob", tags: { plan: "pro" }, metadata: { step: "paid" } });
  span.end();
  await rivulet.flush();

  expect(await rivulet.traces.get(span.traceId)).toMatchObject({
    userId: "bob",
    tags: { plan: "pro", region: "eu" },
    metadata: { shop: 7, step: "paid" },
  });
});

test("knows the session of its trace, whichever span was told", () => {
  const { rivulet } = openClient();
  rivulet.withSpan("request", (request) => {
    rivulet.withSpan("login", (login) => login.setTrace({ sessionId: "s-2" }));
    expect(request.sessionId).toBe("s-2");
    expect(rivulet.startSpan("answer").sessionId).toBe("s-2");
  });
});

test("shows a span that is in progress", async () => {
  const { rivulet, spans } = openClient();
  const span = rivulet.startSpan("agent", { input: "go" });
  const { agent } = await spans(span.traceId);
  expect(agent).toMatchObject({ status: "in_progress", input: "go" });
  expect(agent?.endTime).toBeUndefined();
  expect((await rivulet.stats()).openSpans).toBe(1);

  span.end();
  expect((await spans(span.traceId))["agent"]?.status).toBe("ok");
  expect((await rivulet.stats()).openSpans).toBe(0);
});

test("writes short work once, at its end; longer work also while it runs", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { rivulet, clock } = openClient();
  const written = async (): Promise<number> => (await rivulet.stats()).journal.appended;
  const pass = (milliseconds: number): void => {
    clock.advance(milliseconds);
    vi.advanceTimersByTime(milliseconds);
  };
  rivulet.withSpan("short", () => rivulet.withSpan("step", () => undefined));
  pass(100);
  expect(await written()).toBe(2);

  const root = rivulet.startSpan("long");
  const child = rivulet.startSpan("step", { parent: root });
  pass(100);
  expect(await written()).toBe(3);
  pass(900);
  expect(await written()).toBe(4);
  pass(5_000);
  expect(await written()).toBe(4);
  child.end();
  root.end();
  expect(await written()).toBe(6);
});

test("ends a span without news as abandoned, keeps its waiting parent, and takes a late end", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { rivulet, clock, spans } = openClient({ abandonAfterMs: 1_000 });
  const pass = (milliseconds: number): void => {
    clock.advance(milliseconds);
    vi.advanceTimersByTime(milliseconds);
  };
  const parent = rivulet.startSpan("parent");
  const busy = rivulet.startSpan("busy", { parent });
  const left = rivulet.startSpan("left", { parent });
  for (let round = 0; round < 4; round++) {
    busy.addEvent("token");
    pass(0);
    pass(501);
  }

  const open = await spans(parent.traceId);
  expect(open["parent"]?.status).toBe("in_progress");
  expect(open["busy"]?.status).toBe("in_progress");
  expect(open["left"]?.status).toBe("abandoned");

  left.end({ output: "late" });
  busy.end();
  parent.end();
  const late = (await spans(parent.traceId))["left"];
  expect(late).toMatchObject({ status: "ok", output: "late" });
  expect(late?.statusMessage).toBeUndefined();
});

test("at most 10000 spans are watched over; of more the oldest are let go of, and end like any other", async () => {
  const { rivulet, spans } = openClient();
  const first = rivulet.startSpan("first");
  const others = Array.from({ length: 10_000 }, () => rivulet.startSpan("other"));
  expect((await rivulet.stats()).openSpans).toBe(10_000);
  first.end({ output: "done" });
  expect((await spans(first.traceId))["first"]).toMatchObject({ status: "ok", output: "done" });
  expect((await rivulet.stats()).openSpans).toBe(10_000);
  for (const other of others) other.end();
  expect((await rivulet.stats()).openSpans).toBe(0);
});

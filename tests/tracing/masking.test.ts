import { LIMITS } from "@rivulet/domain";
import { expect, test } from "vitest";
import { openClient } from "./client.ts";

const KEY = "sk-proj-abcdefghijklmnopqrstuv";

test("hides credentials by key and by value, and leaves the user's objects alone", async () => {
  const { rivulet, spans } = openClient();
  const request = {
    headers: { Authorization: "Basic dTpw", "set-cookie": ["a=1", "b=2"], accept: "text/html" },
    body: {
      "x-api-key": "12345",
      openaiApiKey: KEY,
      maxTokens: 5,
      password: "",
      note: `use ${KEY} or Bearer abcdefghijklmnop`,
    },
    schema: { password: { type: "string" } },
  };
  const before = structuredClone(request);
  const span = rivulet.startSpan("http", { input: request, attributes: { client_secret: "s" } });
  span.end({
    output: [{ text: `key: ${KEY}` }, "risk-assessment-is-not-a-key"],
    error: new Error(`bad key ${KEY}`),
  });

  const { http } = await spans(span.traceId);
  expect(request).toEqual(before);
  expect(http?.input).toEqual({
    headers: {
      Authorization: "[masked]",
      "set-cookie": ["[masked]", "[masked]"],
      accept: "text/html",
    },
    body: {
      "x-api-key": "[masked]",
      openaiApiKey: "[masked]",
      maxTokens: 5,
      password: "",
      note: "use sk-[masked] or Bearer [masked]",
    },
    schema: { password: { type: "string" } },
  });
  expect(http?.attributes).toEqual({ client_secret: "[masked]" });
  expect(http?.output).toEqual([{ text: "key: sk-[masked]" }, "risk-assessment-is-not-a-key"]);
  expect(http?.statusMessage).toBe("bad key sk-[masked]");
  expect(JSON.stringify(http)).not.toContain(KEY);
});

test("leaves credentials when that is switched off", async () => {
  const { rivulet, spans } = openClient({ maskSecrets: false });
  const span = rivulet.startSpan("http", { input: { password: "p" } });
  span.end();
  expect((await spans(span.traceId))["http"]?.input).toEqual({ password: "p" });
});

test("gives the user's mask each value with its key, after the built-in one", async () => {
  const seen: string[] = [];
  const { rivulet, spans } = openClient({
    mask: (value, { key }) => {
      seen.push(key);
      return key === "email" ? "[email]" : value;
    },
  });
  const input = { users: [{ email: "ada@example.org", age: 36 }], password: "p" };
  const span = rivulet.startSpan("mail", { input });
  span.end();

  const { mail } = await spans(span.traceId);
  expect(mail?.input).toEqual({ users: [{ email: "[email]", age: 36 }], password: "[masked]" });
  expect(input.users[0]?.email).toBe("ada@example.org");
  expect(seen).toEqual(["input", "users", "users", "email", "age", "password"]);
});

test("what the mask makes nothing is not stored, in whatever it was", async () => {
  const { rivulet, spans } = openClient({
    mask: (value, { key }) => (["input", "output"].includes(key) ? value : null),
  });
  const span = rivulet.startSpan("forget", {
    input: "in",
    sessionId: "s",
    userId: "u",
    tags: { t: "tag" },
  });
  span.end({ output: "out", status: "error", statusMessage: "failed for ada@example.org" });
  const { forget } = await spans(span.traceId);
  const feedback = { value: "ada", rationale: "ada", sourceId: "ada", metadata: { a: "ada" } };
  await rivulet.traces.logFeedback({ traceId: span.traceId, ...feedback });

  expect(forget).toMatchObject({ input: "in", output: "out", status: "error" });
  expect(forget).not.toHaveProperty("statusMessage");
  const { sessionId, userId, tags } = await rivulet.traces.get(span.traceId);
  expect({ sessionId, userId, tags }).toEqual({ tags: { t: "" } });
  const [stored] = await rivulet.traces.listAssessments({ traceIds: [span.traceId] });
  expect(stored).toMatchObject({ value: null, rationale: "", metadata: {} });
  expect(stored).not.toHaveProperty("sourceId");
});

test("stores a note instead of the value when the mask throws, and reports it", async () => {
  const { rivulet, spans, errors } = openClient({
    mask: (value, { key }) => {
      if (key === "card") throw new Error("mask is broken");
      return value;
    },
  });
  const span = rivulet.startSpan("pay", { input: { card: "4111", amount: 5 } });
  span.end();
  expect((await spans(span.traceId))["pay"]?.input).toEqual({
    card: "[masked: the mask threw]",
    amount: 5,
  });
  expect(errors.map(({ message }) => message)).toEqual(["mask is broken"]);
});

test("the user's mask sees what is too long to be stored, before it is cut", async () => {
  const { rivulet, spans } = openClient({
    mask: (value) => (String(value).includes("middle") ? "found" : value),
  });
  const half = "x".repeat(LIMITS.spanBytes);
  const span = rivulet.startSpan("long", { input: `${half}middle${half}` });
  span.end();
  expect((await spans(span.traceId))["long"]?.input).toBe("found");
});

test("a mask that makes ever deeper values is stopped after 64 levels", async () => {
  const { rivulet, spans } = openClient({ mask: (value) => ({ value }) });
  const span = rivulet.startSpan("wrapped", { input: 1 });
  span.end();
  const text = JSON.stringify((await spans(span.traceId))["wrapped"]?.input);
  expect(text.match(/"value":/g)).toHaveLength(64);
});

test("the user's mask sees every value from its beginning to its end, however many there were before", async () => {
  const { rivulet, spans } = openClient({ mask: (value) => value });
  const input = Array.from({ length: 9_000 }, () => 1);
  for (let index = 0; index < 6; index++) rivulet.startSpan("before", { input }).end();
  const span = rivulet.startSpan("last", { input });
  span.end();
  expect((await spans(span.traceId))["last"]?.input).toEqual(input);
});

test("three calls that take too long within a minute switch the mask off, and all is masked whole from then on", async () => {
  const { rivulet, clock, errors, spans } = openClient({
    mask: (value, { key }) => {
      if (key === "slow") clock.advance(51);
      if (key === "allowed") clock.advance(50);
      return value;
    },
  });
  const record = async (name: string, input: unknown) => {
    const span = rivulet.startSpan(name, {
      input,
      metadata: { plan: "free" },
      tags: { team: "a" },
    });
    span.end({ output: "done" });
    return (await spans(span.traceId))[name];
  };
  expect((await record("first", { slow: 1, allowed: 2 }))?.input).toEqual({ slow: 1, allowed: 2 });
  clock.advance(60_000);
  // The one before was more than a minute ago.
  await record("second", { slow: 1 });
  await record("third", { slow: 1 });
  expect((await rivulet.stats()).mask).toEqual({ overruns: 3, failures: 0, isOff: false });
  await record("fourth", { slow: 1 });
  expect((await rivulet.stats()).mask).toEqual({ overruns: 4, failures: 0, isOff: true });

  const span = rivulet.startSpan("fifth", {
    input: { card: "4111" },
    attributes: { card: "4111" },
    sessionId: "s-1",
    tags: { card: "4111" },
    metadata: { card: "4111" },
  });
  span.end({ output: ["4111"], error: new Error("4111") });
  const { fifth } = await spans(span.traceId);
  const OFF = "[masked: the mask is off]";
  expect([fifth?.input, fifth?.output, fifth?.statusMessage]).toEqual([OFF, OFF, OFF]);
  expect(fifth?.attributes).toEqual({ "rivulet.masked": OFF });
  const { events } = await rivulet.traces.getSpan({ traceId: span.traceId, spanId: span.id });
  expect(events.map(({ name, attributes }) => [name, attributes])).toEqual([
    ["exception", { "rivulet.masked": OFF }],
  ]);
  const trace = await rivulet.traces.get(span.traceId);
  expect(trace.tags).toEqual({ card: OFF });
  // Sessions stay apart.
  expect(trace.sessionId).toBe("masked-6a840baf5d8c3ff2");
  expect(trace.metadata).toMatchObject({ "rivulet.masked": OFF });
  expect(errors.map(({ message }) => message)).toEqual([
    "The mask took 51 ms for a value; 50 ms are allowed.",
    "The mask took 51 ms for a value; 50 ms are allowed.",
    expect.stringContaining("The mask is off: 3 calls failed or took too long"),
  ]);
});

test("the allowed time can be set, and masks of texts see every text, in names too", async () => {
  const { rivulet, clock, errors, spans } = openClient({
    maskTimeoutMs: 5,
    maskText: [
      (text) => text.replaceAll("Ada", "[name]"),
      (text) => text.replaceAll("36", "[age]"),
    ],
    mask: (value, { key }) => {
      if (key === "age") clock.advance(6);
      return value;
    },
  });
  const span = rivulet.startSpan("Ada's", { input: { text: "Ada is 36", age: 36 }, userId: "Ada" });
  span.end();
  expect((await spans(span.traceId))["[name]'s"]?.input).toEqual({
    text: "[name] is [age]",
    age: 36,
  });
  expect((await rivulet.traces.get(span.traceId)).userId).toBe("masked-99a563ab2f6e21e9");
  expect(errors[0]?.message).toBe("The mask took 6 ms for a value; 5 ms are allowed.");
});

test("masks of texts may take longer for longer texts; three that took too long are the end, whatever the other mask does", async () => {
  let perThousand = 10;
  const { rivulet, clock, errors, spans } = openClient({
    maskText: (text) => {
      clock.advance((perThousand * text.length) / 1000);
      return text.replaceAll("Ada", "[name]");
    },
    mask: (value, { key }) => (key === "age" ? "[age]" : value),
  });
  const record = async (name: string, input: unknown) => {
    const span = rivulet.startSpan(name, {
      input,
      metadata: { plan: "free" },
      tags: { team: "a", stage: "b" },
      sessionId: "s-1",
      attributes: { tries: 3 },
    });
    span.addEvent("Ada came", { attributes: { by: "bus" } });
    span.end({ output: 7, error: new Error("Ada left") });
    const [stored] = Object.values(await spans(span.traceId));
    return { ids: { traceId: span.traceId, spanId: span.id }, stored };
  };
  const long = (length: number): string => "Ada".padEnd(length, ".");
  // 250 ms, and 5 ms for every thousand characters.
  const { stored } = await record("first", [long(50_000), long(1_000), { age: 36 }]);
  expect(stored?.input).toEqual([
    `[name]${".".repeat(49_997)}`,
    `[name]${".".repeat(997)}`,
    { age: "[age]" },
  ]);
  expect((await rivulet.stats()).maskText).toEqual({ overruns: 0, failures: 0, isOff: false });

  perThousand = 20;
  expect((await record("second", [long(10_000), long(50_000)])).stored?.input).toEqual([
    `[name]${".".repeat(9_997)}`,
    `[name]${".".repeat(49_997)}`,
  ]);
  perThousand = 100_000;
  const last = await record("third", ["Ada", "Bob and Ada", "Bob's phone", "Ada", { age: 36 }]);
  const OFF = "[masked: the text masks are off]";
  const { name, input, output, statusMessage, attributes } = last.stored ?? {};
  expect([name, input, output, statusMessage]).toEqual(["third", OFF, 7, OFF]);
  expect(attributes).toEqual({ "rivulet.masked": OFF });
  const { events } = await rivulet.traces.getSpan(last.ids);
  expect(events.map((event) => [event.name, event.attributes])).toEqual([
    [OFF, { "rivulet.masked": OFF }],
    [OFF, { "rivulet.masked": OFF }],
  ]);
  const trace = await rivulet.traces.get(last.ids.traceId);
  expect(trace.tags).toEqual({ "rivulet.masked": OFF });
  expect(trace.sessionId).toBe("masked-6a840baf5d8c3ff2");
  expect(trace.metadata).toMatchObject({ "rivulet.masked": OFF });
  const { mask, maskText } = await rivulet.stats();
  expect(mask).toEqual({ overruns: 0, failures: 0, isOff: false });
  expect(maskText.isOff).toBe(true);
  expect(errors[0]?.message).toBe(
    "A mask of texts took 1000 ms for 50000 characters; 500 ms are allowed.",
  );
  expect(errors.at(-1)?.message).toContain("The text masks are off: 3 calls failed or took");
});

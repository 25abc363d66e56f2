import type { TokenUsage } from "@rivulet/core";
import { expect, test } from "vitest";
import { openClient, openFileClient } from "./client.ts";

const { rivulet, spans } = openFileClient();

test.each<[string, TokenUsage, TokenUsage]>([
  [
    "adds the total up",
    { inputTokens: 10, outputTokens: 5 },
    { inputTokens: 10, outputTokens: 5, totalTokens: 15 },
  ],
  ["keeps a total alone", { totalTokens: 7 }, { totalTokens: 7 }],
  [
    "keeps parts inside their totals",
    { inputTokens: 10, cacheReadTokens: 4 },
    { inputTokens: 10, totalTokens: 10, cacheReadTokens: 4 },
  ],
  [
    "adds parts that were counted apart",
    { inputTokens: 10, cacheReadTokens: 90, outputTokens: 1, reasoningTokens: 5 },
    {
      inputTokens: 100,
      cacheReadTokens: 90,
      outputTokens: 6,
      reasoningTokens: 5,
      totalTokens: 106,
    },
  ],
  [
    "adds no part beyond the total that was reported, and undoes a sum over the chunks of a stream",
    {
      inputTokens: 37_703,
      outputTokens: 51,
      totalTokens: 37_754,
      cacheReadTokens: 74_648,
      cacheWriteTokens: 738,
    },
    {
      inputTokens: 37_703,
      outputTokens: 51,
      totalTokens: 37_754,
      cacheReadTokens: 37_324,
      cacheWriteTokens: 369,
    },
  ],
  [
    "undoes a cached count that was repeated in each of three chunks",
    { inputTokens: 1_000, outputTokens: 20, totalTokens: 1_020, cacheReadTokens: 2_400 },
    { inputTokens: 1_000, outputTokens: 20, totalTokens: 1_020, cacheReadTokens: 800 },
  ],
  [
    "adds cached input that stands apart where the total has room for it",
    { inputTokens: 10, outputTokens: 5, totalTokens: 105, cacheReadTokens: 90 },
    { inputTokens: 100, outputTokens: 5, totalTokens: 105, cacheReadTokens: 90 },
  ],
  [
    "adds thinking that stands beside the output, as the total shows",
    { inputTokens: 10, outputTokens: 100, totalTokens: 155, reasoningTokens: 45 },
    { inputTokens: 10, outputTokens: 145, totalTokens: 155, reasoningTokens: 45 },
  ],
  [
    "takes for thinking what only the total shows",
    { inputTokens: 10, outputTokens: 5, totalTokens: 60 },
    { inputTokens: 10, outputTokens: 50, totalTokens: 60, reasoningTokens: 45 },
  ],
  [
    "keeps the writes of an hour among all writes",
    { inputTokens: 100, cacheWriteTokens: 40, cacheWrite1hTokens: 60 },
    { inputTokens: 100, totalTokens: 100, cacheWriteTokens: 40, cacheWrite1hTokens: 40 },
  ],
  [
    "takes the writes of an hour for all writes where nothing else is said",
    { inputTokens: 100, cacheWrite1hTokens: 60 },
    { inputTokens: 100, totalTokens: 100, cacheWriteTokens: 60, cacheWrite1hTokens: 60 },
  ],
  [
    "keeps audio and images inside what they are part of",
    {
      inputTokens: 100,
      outputTokens: 50,
      audioInputTokens: 60,
      imageInputTokens: 30,
      audioOutputTokens: 40,
      imageOutputTokens: 60,
    },
    {
      inputTokens: 100,
      outputTokens: 50,
      totalTokens: 150,
      audioInputTokens: 60,
      imageInputTokens: 30,
      audioOutputTokens: 20,
      imageOutputTokens: 30,
    },
  ],
  [
    "undoes audio and images of the input that were repeated in each of two chunks",
    { inputTokens: 100, audioInputTokens: 120, imageInputTokens: 60 },
    { inputTokens: 100, totalTokens: 100, audioInputTokens: 60, imageInputTokens: 30 },
  ],
  [
    "keeps a whole of zero, whatever its parts say",
    { inputTokens: 0, outputTokens: 5, totalTokens: 5, cacheReadTokens: 7 },
    { inputTokens: 0, outputTokens: 5, totalTokens: 5, cacheReadTokens: 0 },
  ],
])("%s", async (_name, usage, expected) => {
  const span = rivulet.startSpan("model", { type: "chat_model" });
  span.setUsage(usage);
  span.end();
  expect((await spans(span.traceId))["model"]?.usage).toEqual(expected);
});

test.each<[string, unknown]>([
  ["less than nothing", -1],
  ["not a number", Number.NaN],
  ["without end", Number.POSITIVE_INFINITY],
  ["more than any model reads", 1e300],
  ["no whole number", 1.5],
  ["text", "12"],
])("leaves out and reports a count that is %s", async (_name, count) => {
  const odd = openClient();
  const span = odd.rivulet.startSpan("model", { type: "chat_model" });
  span.setUsage({ inputTokens: count as number, totalTokens: 3 });
  span.end();
  expect((await odd.spans(span.traceId))["model"]?.usage).toEqual({ totalTokens: 3 });
  expect(odd.errors.map(String)).toEqual([
    "RivuletError: setUsage.inputTokens: must be a whole number from 0 to 1000000000000; it was left out.",
  ]);
});

test.each([-1, Number.NaN, 1e308, "2"])("leaves out and reports a cost of %s", async (cost) => {
  const odd = openClient();
  const span = odd.rivulet.startSpan("model", { type: "chat_model" });
  span.setCost(cost as number);
  span.end();
  expect((await odd.spans(span.traceId))["model"]?.cost).toBeUndefined();
  expect(odd.errors.map(String)).toEqual([
    "RivuletError: setCost: must be a number from 0 to 1000000000; it was left out.",
  ]);
});

test.each([
  ["usage.inputTokens", { usage: { inputTokens: -1 } }],
  ["usage.inputTokens", { usage: { inputTokens: 0.5 } }],
  ["usage.inputTokens", { usage: { inputTokens: 1e308 } }],
  ["usage.outputTokens", { usage: { outputTokens: Number.NaN } }],
  ["usage.outputTokens", { usage: { outputTokens: "3" } }],
  ["cost", { cost: 1e308 }],
  ["cost", { cost: -0.1 }],
])("refuses spans from elsewhere whose %s cannot be: %j", async (field, numbers) => {
  const { rivulet: odd } = openClient();
  const [traceId, id] = ["1".repeat(32), "1".repeat(16)];
  const span = { traceId, id, name: "model", startTime: 1, endTime: 2, ...numbers };
  await expect(odd.traces.record([span as never])).rejects.toMatchObject({
    code: "invalid_argument",
    message: expect.stringContaining(field),
  });
});

test("prices a call by its model, cached input apart", async () => {
  const priced = openClient({ prices: { local: { input: 2, output: 10, cacheRead: 1 } } });
  const call = (model: string): string => {
    const span = priced.rivulet.startSpan(model, { type: "chat_model", model });
    span.setUsage({ inputTokens: 1_000_000, cacheReadTokens: 400_000, outputTokens: 100_000 });
    span.end();
    return span.traceId;
  };
  const cost = async (model: string): Promise<number | undefined> =>
    (await priced.spans(call(model)))[model]?.cost;

  expect(await cost("local")).toBe(0.6 * 2 + 0.4 * 1 + 0.1 * 10);
  expect(await cost("openai/gpt-4o-mini-2024-07-18")).toBe(0.6 * 0.15 + 0.4 * 0.075 + 0.1 * 0.6);
  expect(await cost("unheard-of")).toBeUndefined();
});

test("takes the app's own price of a model before the list's", async () => {
  const priced = openClient({ prices: { "gpt-4o-mini": { input: 7, output: 0 } } });
  const span = priced.rivulet.startSpan("call", { type: "chat_model", model: "gpt-4o-mini" });
  span.setUsage({ inputTokens: 1_000_000 });
  span.end();
  expect((await priced.spans(span.traceId))["call"]?.cost).toBe(7);
});

test("prices plain input, cache reads, cache writes and output each by their own price", async () => {
  const price = { input: 2, output: 16, cacheRead: 1, cacheWrite: 4 };
  const { cacheWrite: _cacheWrite, ...without } = price;
  const priced = openClient({ prices: { four: price, three: without } });
  const cost = async (model: string): Promise<number | undefined> => {
    const span = priced.rivulet.startSpan(model, { type: "chat_model", model });
    span.setUsage({
      inputTokens: 1_000_000,
      cacheReadTokens: 125_000,
      cacheWriteTokens: 500_000,
      outputTokens: 250_000,
    });
    span.end();
    return (await priced.spans(span.traceId))[model]?.cost;
  };
  expect(await cost("four")).toBe(0.375 * 2 + 0.125 * 1 + 0.5 * 4 + 0.25 * 16);
  // What is written to the cache is input, where it has no price of its own.
  expect(await cost("three")).toBe(0.375 * 2 + 0.125 * 1 + 0.5 * 2 + 0.25 * 16);
});

test("takes the provider's own cost before the list's", async () => {
  const span = rivulet.startSpan("model", { type: "chat_model", model: "gpt-4o" });
  span.setUsage({ inputTokens: 1_000 });
  span.setCost(0.5);
  span.end();
  expect((await spans(span.traceId))["model"]?.cost).toBe(0.5);
});

test("what a tool costs is added to the usage of the agent above it", async () => {
  const traceId = rivulet.withSpan("agent", (agent) => {
    rivulet.withSpan("search", (search) => search.setCost(0.25), { type: "tool" });
    agent.setUsage({ inputTokens: 3 });
    agent.setCost(1);
    return agent.traceId;
  });
  expect((await spans(traceId))["agent"]?.usage).toEqual({ inputTokens: 3, totalTokens: 3 });
  expect(await rivulet.traces.get(traceId)).toMatchObject({
    usage: { inputTokens: 3, totalTokens: 3 },
    cost: 1.25,
  });
});

test("counts usage once: not on a span above one that has it", async () => {
  const traceId = rivulet.withSpan("agent", (agent) => {
    rivulet.withSpan("step", () => {
      rivulet.withSpan("model", (model) => model.setUsage({ inputTokens: 3 }), {
        type: "chat_model",
      });
    });
    agent.setUsage({ inputTokens: 3 });
    return agent.traceId;
  });
  const stored = await spans(traceId);
  expect(stored["model"]?.usage).toEqual({ inputTokens: 3, totalTokens: 3 });
  expect(stored["agent"]?.usage).toBeUndefined();
  expect((await rivulet.traces.get(traceId)).usage).toEqual({ inputTokens: 3, totalTokens: 3 });
});

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
    "drops counts that are none",
    { inputTokens: Number.NaN, outputTokens: -1, totalTokens: 3 },
    { totalTokens: 3 },
  ],
])("%s", async (_name, usage, expected) => {
  const span = rivulet.startSpan("model", { type: "chat_model" });
  span.setUsage(usage);
  span.end();
  expect((await spans(span.traceId))["model"]?.usage).toEqual(expected);
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

import type { Span } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { expect, test } from "vitest";
import { openClient } from "./client.ts";

/** The span of a model's call that ended with this result, as LangChain tells it. */
async function spanOf(result: object): Promise<Span> {
  const { rivulet, span } = openClient();
  const handler = new RivuletCallbackHandler(rivulet);
  handler.handleLLMStart({ id: ["Model"] }, ["Hi"], "run-1");
  handler.handleLLMEnd(result, "run-1");
  return span("Model");
}

/** A chat model's answer with these facts about it. */
function answered(metadata: object, generationInfo?: object): object {
  const message = { type: "ai", content: "Hello", response_metadata: metadata };
  return { generations: [[{ text: "Hello", message, generationInfo }]] };
}

test.each<[string, object, string | undefined]>([
  ["OpenAI", answered({ finish_reason: "length" }), "length"],
  ["Anthropic", answered({ stop_reason: "end_turn" }), "end_turn"],
  ["a model that says it beside the message", answered({}, { finish_reason: "stop" }), "stop"],
  [
    "a model that says it twice",
    answered({ finish_reason: "tool_calls", stop_reason: "x" }, { finish_reason: "y" }),
    "tool_calls",
  ],
  ["Google and Mistral", answered({ finishReason: "STOP" }), "STOP"],
  ["Bedrock", answered({ stopReason: "max_tokens" }), "max_tokens"],
  ["Ollama", answered({ done_reason: "stop" }), "stop"],
  ["a response of OpenAI's", answered({ status: "completed" }), "completed"],
  [
    "a response of OpenAI's that is cut off",
    answered({ status: "incomplete", incomplete_details: { reason: "content_filter" } }),
    "content_filter",
  ],
  ["a model that says nothing", answered({ finish_reason: "" }), undefined],
])("why an answer ended is taken from what is said by %s", async (_, result, reason) => {
  expect((await spanOf(result)).attributes["finishReason"]).toBe(reason);
});

test.each<[string, object, object]>([
  ["model_name", { model_name: "gpt-5-2026", model: "gpt-5" }, { model: "gpt-5-2026" }],
  ["model", { model: "claude" }, { model: "claude" }],
  ["each piece of a stream", { model: "mistral-1mistral-1mistral-1" }, { model: "mistral-1" }],
  [
    "model_provider",
    { model_name: "m", model_provider: "anthropic" },
    { model: "m", provider: "anthropic" },
  ],
])("the model that answered is taken from %s", async (_, metadata, named) => {
  const { model, provider } = await spanOf(answered(metadata));
  expect({ model, provider }).toEqual({ model: undefined, provider: undefined, ...named });
});

const COUNTED = { promptTokens: 7, completionTokens: 2, totalTokens: 9 };

/** A chat model's answer that took so many tokens. */
function counted(usage_metadata: object, response_metadata: object = {}): object {
  const message = { type: "ai", content: "Hello", usage_metadata, response_metadata };
  return { generations: [[{ text: "Hello", message }]] };
}

test.each<[string, object, object | undefined]>([
  [
    "the message",
    {
      generations: [
        [
          {
            text: "Hello",
            message: {
              type: "ai",
              content: "Hello",
              usage_metadata: {
                input_tokens: 20,
                output_tokens: 9,
                total_tokens: 29,
                input_token_details: { cache_read: 8, cache_creation: 3 },
                output_token_details: { reasoning: 4 },
              },
            },
          },
        ],
      ],
      llmOutput: { tokenUsage: COUNTED },
    },
    {
      inputTokens: 20,
      outputTokens: 9,
      totalTokens: 29,
      cacheReadTokens: 8,
      cacheWriteTokens: 3,
      reasoningTokens: 4,
    },
  ],
  [
    "Anthropic's stream, summed up over its chunks",
    counted({
      input_tokens: 37_703,
      output_tokens: 51,
      total_tokens: 37_754,
      input_token_details: { cache_read: 74_648, cache_creation: 738 },
    }),
    {
      inputTokens: 37_703,
      outputTokens: 51,
      totalTokens: 37_754,
      cacheReadTokens: 37_324,
      cacheWriteTokens: 369,
    },
  ],
  [
    "Google's stream, whose chunks repeat what was cached",
    counted({
      input_tokens: 1_000,
      output_tokens: 20,
      total_tokens: 1_020,
      input_token_details: { cache_read: 2_400 },
    }),
    { inputTokens: 1_000, outputTokens: 20, totalTokens: 1_020, cacheReadTokens: 800 },
  ],
  [
    "Google's total, which alone has the thinking",
    counted({ input_tokens: 10, output_tokens: 5, total_tokens: 60 }),
    { inputTokens: 10, outputTokens: 50, totalTokens: 60, reasoningTokens: 45 },
  ],
  [
    "Anthropic of what its cache keeps for an hour",
    counted(
      {
        input_tokens: 100,
        output_tokens: 5,
        total_tokens: 105,
        input_token_details: { cache_read: 0, cache_creation: 50 },
      },
      { usage: { cache_creation: { ephemeral_1h_input_tokens: 40 } } },
    ),
    {
      inputTokens: 100,
      outputTokens: 5,
      totalTokens: 105,
      cacheReadTokens: 0,
      cacheWriteTokens: 50,
      cacheWrite1hTokens: 40,
    },
  ],
  [
    "OpenAI of audio",
    counted({
      input_tokens: 100,
      output_tokens: 50,
      total_tokens: 150,
      input_token_details: { audio: 60, cache_read: 0 },
      output_token_details: { audio: 40, reasoning: 0 },
    }),
    {
      inputTokens: 100,
      outputTokens: 50,
      totalTokens: 150,
      cacheReadTokens: 0,
      reasoningTokens: 0,
      audioInputTokens: 60,
      audioOutputTokens: 40,
    },
  ],
  ["nobody who can count", counted({ input_tokens: "12" }), undefined],
  [
    "the model",
    { generations: [[{ text: "Hello" }]], llmOutput: { tokenUsage: COUNTED } },
    { inputTokens: 7, outputTokens: 2, totalTokens: 9 },
  ],
  [
    "an estimate",
    { generations: [[{ text: "Hello" }]], llmOutput: { estimatedTokenUsage: COUNTED } },
    { inputTokens: 7, outputTokens: 2, totalTokens: 9 },
  ],
  [
    "the provider, where LangChain does not count",
    answered({
      usage: {
        prompt_tokens: 7,
        completion_tokens: 2,
        total_tokens: 9,
        prompt_tokens_details: { cached_tokens: 4 },
      },
    }),
    { inputTokens: 7, outputTokens: 2, totalTokens: 9, cacheReadTokens: 4 },
  ],
  ["nobody", { generations: [[{ text: "Hello" }]], llmOutput: { tokenUsage: {} } }, undefined],
])("tokens are counted as %s says", async (_, result, usage) => {
  expect((await spanOf(result)).usage).toEqual(usage);
});

test.each<[string, object, number | undefined]>([
  ["OpenRouter", { usage: { cost: 0.25 } }, 0.25],
  ["a gateway, as text", { usage: { cost: "0.25" } }, 0.25],
  ["Perplexity", { usage: { cost: { total_cost: 0.006, input_tokens_cost: 0.001 } } }, 0.006],
  ["nobody, who says less than nothing", { usage: { cost: -1 } }, 2.5],
  ["nobody, and the list has it", {}, 2.5],
  ["nobody, and the list has the half for a batch", { service_tier: "batch" }, 1.25],
])("the cost is what is said by %s", async (_, metadata, cost) => {
  const usage = { input_tokens: 1_000_000, output_tokens: 0, total_tokens: 1_000_000 };
  const span = await spanOf(counted(usage, { model_name: "gpt-4o-2024-08-06", ...metadata }));
  expect(span.cost).toBe(cost);
});

test.each<[string, object, unknown]>([
  ["one text", { generations: [[{ text: "Hello" }]] }, "Hello"],
  ["several texts", { generations: [[{ text: "a" }, { text: "b" }]] }, ["a", "b"]],
  ["a batch", { generations: [[{ text: "a" }], [{ text: "b" }]] }, ["a", "b"]],
])("an answer of %s is the span's output", async (_, result, output) => {
  expect((await spanOf(result)).output).toEqual(output);
});

test("what else is said of an answer is kept as it is, each value once", async () => {
  const ratings = [{ category: "x", probability: "LOW" }];
  const { attributes } = await spanOf(
    answered({ safetyRatings: ratings, safety_ratings: ratings, seed: 3, logprobs: null }),
  );
  expect(attributes["responseMetadata"]).toEqual({ safetyRatings: ratings, seed: 3 });
});

test("an answer of no role is the model's", async () => {
  const message = { lc_serializable: true, type: "generic", role: undefined, content: "Hello" };
  const { output } = await spanOf({ generations: [[{ text: "Hello", message }]] });
  expect(output).toEqual({ messages: [{ role: "assistant", content: "Hello" }] });
});

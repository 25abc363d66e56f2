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
    "the model",
    { generations: [[{ text: "Hello" }]], llmOutput: { tokenUsage: COUNTED } },
    { inputTokens: 7, outputTokens: 2, totalTokens: 9 },
  ],
  [
    "an estimate",
    { generations: [[{ text: "Hello" }]], llmOutput: { estimatedTokenUsage: COUNTED } },
    { inputTokens: 7, outputTokens: 2, totalTokens: 9 },
  ],
  ["nobody", { generations: [[{ text: "Hello" }]], llmOutput: { tokenUsage: {} } }, undefined],
])("tokens are counted as %s says", async (_, result, usage) => {
  expect((await spanOf(result)).usage).toEqual(usage);
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

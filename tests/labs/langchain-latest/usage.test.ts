import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOpenAI } from "@langchain/openai";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { expect, test } from "vitest";
import { openClient } from "../../langchain/client.ts";
import {
  asEvents,
  asJson,
  type HttpAnswer,
  serveAnswer,
} from "../../langchain/providers/provider-server.ts";

const given = { apiKey: "key", maxRetries: 0 };
const openAI = (url: string): BaseChatModel =>
  new ChatOpenAI({ ...given, model: "openai/gpt-4o", configuration: { baseURL: url } });
const anthropic = (url: string): BaseChatModel =>
  new ChatAnthropic({ ...given, model: "claude-sonnet-4-5", anthropicApiUrl: url });
const google = (url: string): BaseChatModel =>
  new ChatGoogleGenerativeAI({ ...given, model: "gemini-2.5-flash", baseUrl: url });

function completion(usage: object): HttpAnswer {
  return asJson({
    id: "c",
    object: "chat.completion",
    model: "openai/gpt-4o",
    choices: [
      { index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" },
    ],
    usage,
  });
}

const CACHED = {
  input_tokens: 10,
  cache_read_input_tokens: 37_324,
  cache_creation_input_tokens: 369,
  cache_creation: { ephemeral_5m_input_tokens: 69, ephemeral_1h_input_tokens: 300 },
};
const MESSAGE = {
  id: "m",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-5-20250929",
};
const MESSAGE_WHOLE = asJson({
  ...MESSAGE,
  content: [{ type: "text", text: "Hello" }],
  stop_reason: "end_turn",
  usage: { ...CACHED, output_tokens: 51 },
});
const MESSAGE_STREAMED = asEvents([
  {
    type: "message_start",
    message: { ...MESSAGE, content: [], usage: { ...CACHED, output_tokens: 1 } },
  },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hello" } },
  { type: "content_block_stop", index: 0 },
  {
    type: "message_delta",
    delta: { stop_reason: "end_turn" },
    usage: { ...CACHED, output_tokens: 50 },
  },
  { type: "message_stop" },
]);

function gemini(usageMetadata: object, text = "Hello"): object {
  return {
    candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0 }],
    usageMetadata,
  };
}

const GEMINI_COUNTS = {
  promptTokenCount: 1_000,
  cachedContentTokenCount: 800,
  candidatesTokenCount: 20,
  thoughtsTokenCount: 30,
  totalTokenCount: 1_050,
};

/** Dollars of these calls, by the list's prices of a million tokens. */
const CLAUDE_COST = (10 * 3 + 37_324 * 0.3 + 69 * 3.75 + 300 * 6 + 51 * 15) / 1e6;
const GEMINI_COST = (200 * 0.3 + 800 * 0.03 + 50 * 2.5) / 1e6;

interface Case {
  readonly name: string;
  readonly make: (url: string) => BaseChatModel;
  readonly answer: HttpAnswer;
  readonly usage: object;
}

test.each<Case & { readonly cost: number }>([
  {
    name: "Anthropic",
    make: anthropic,
    answer: MESSAGE_WHOLE,
    usage: {
      inputTokens: 37_703,
      outputTokens: 51,
      totalTokens: 37_754,
      cacheReadTokens: 37_324,
      cacheWriteTokens: 369,
      cacheWrite1hTokens: 300,
    },
    cost: CLAUDE_COST,
  },
  {
    name: "Google",
    make: google,
    answer: asJson(gemini(GEMINI_COUNTS)),
    usage: {
      inputTokens: 1_000,
      outputTokens: 50,
      totalTokens: 1_050,
      cacheReadTokens: 800,
      reasoningTokens: 30,
    },
    cost: GEMINI_COST,
  },
  {
    name: "OpenAI",
    make: openAI,
    answer: completion({
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { audio_tokens: 60, cached_tokens: 0 },
      completion_tokens_details: { audio_tokens: 40, reasoning_tokens: 0 },
    }),
    usage: {
      inputTokens: 100,
      outputTokens: 50,
      totalTokens: 150,
      cacheReadTokens: 0,
      reasoningTokens: 0,
      audioInputTokens: 60,
      audioOutputTokens: 40,
    },
    cost: (100 * 2.5 + 50 * 10) / 1e6,
  },
])("tokens and cost of an answer of $name are right", async ({ make, answer, usage, cost }) => {
  const client = openClient();
  const callbacks = [new RivuletCallbackHandler(client.rivulet)];
  await make(await serveAnswer(answer)).invoke("Hi", { callbacks });
  const [span] = await client.spans();
  expect(span?.usage).toEqual(usage);
  expect(span?.cost).toBeCloseTo(cost, 12);
  expect(client.errors).toEqual([]);
});

test.each<Case>([
  {
    name: "Anthropic",
    make: anthropic,
    answer: MESSAGE_STREAMED,
    // The one token at the start is one of the fifty.
    usage: {
      inputTokens: 37_703,
      outputTokens: 50,
      totalTokens: 37_753,
      cacheReadTokens: 37_324,
      cacheWriteTokens: 369,
    },
  },
  {
    name: "Google, whose chunks repeat what was cached",
    make: google,
    answer: asEvents([
      gemini(GEMINI_COUNTS, "Hel"),
      gemini(GEMINI_COUNTS, "lo"),
      gemini(GEMINI_COUNTS, "!"),
    ]),
    usage: { inputTokens: 1_000, cacheReadTokens: 800 },
  },
])("tokens of a stream of $name are right", async ({ make, answer, usage }) => {
  const client = openClient();
  const callbacks = [new RivuletCallbackHandler(client.rivulet)];
  for await (const _chunk of await make(await serveAnswer(answer)).stream("Hi", { callbacks })) {
    // Read to its end.
  }
  const [span] = await client.spans();
  expect(span?.usage).toMatchObject(usage);
  expect(span?.usage?.totalTokens).toBeLessThan(38_000);
});

test("searches in a stream of Anthropic, of which LangChain hands on no count, are counted", async () => {
  const search = { type: "server_tool_use", id: "s", name: "web_search", input: {} };
  const answer = asEvents([
    {
      type: "message_start",
      message: { ...MESSAGE, content: [], usage: { input_tokens: 10, output_tokens: 1 } },
    },
    { type: "content_block_start", index: 0, content_block: search },
    { type: "content_block_stop", index: 0 },
    { type: "content_block_start", index: 1, content_block: { ...search, id: "t" } },
    { type: "content_block_stop", index: 1 },
    { type: "message_delta", delta: {}, usage: { output_tokens: 40 } },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      usage: { output_tokens: 100, server_tool_use: { web_search_requests: 2 } },
    },
    { type: "message_stop" },
  ]);
  const client = openClient();
  const callbacks = [new RivuletCallbackHandler(client.rivulet)];
  const model = anthropic(await serveAnswer(answer));
  const searching = { callbacks, tools: [{ type: "web_search_20250305", name: "web_search" }] };
  for await (const _chunk of await model.stream("Hi", searching as object)) {
    // Read to its end.
  }
  const [span] = await client.spans();
  expect(span?.usage?.outputTokens).toBe(100);
  expect(span?.attributes["webSearches"]).toBe(2);
  expect(span?.cost).toBeCloseTo((10 * 3 + 100 * 15) / 1e6 + 0.02, 12);
});

test.each([
  { event: "content_block_stop", outputTokens: 1 },
  { event: "message_stop", outputTokens: 50 },
])("a stream that breaks before $event keeps the tokens it had told of", async (given) => {
  const client = openClient();
  const callbacks = [new RivuletCallbackHandler(client.rivulet)];
  const [body = ""] = String(MESSAGE_STREAMED.body).split(`event: ${given.event}`);
  const url = await serveAnswer({ ...MESSAGE_STREAMED, body, ends: "cut" });
  const read = async (): Promise<void> => {
    for await (const _chunk of await anthropic(url).stream("Hi", { callbacks })) {
      // Read until it breaks.
    }
  };
  await expect(read()).rejects.toThrow();
  await expect.poll(async () => (await client.spans())[0]?.status).toBe("error");
  const [span] = await client.spans();
  expect(span?.output).toEqual({ messages: [{ role: "assistant", content: "Hello" }] });
  expect(span?.usage).toEqual({
    inputTokens: 37_703,
    outputTokens: given.outputTokens,
    totalTokens: 37_703 + given.outputTokens,
    cacheReadTokens: 37_324,
    cacheWriteTokens: 369,
    cacheWrite1hTokens: 300,
  });
  expect(client.errors).toEqual([]);
});

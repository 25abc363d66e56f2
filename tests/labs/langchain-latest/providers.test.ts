import { ChatAnthropic } from "@langchain/anthropic";
import { ChatBedrockConverse } from "@langchain/aws";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk } from "@langchain/core/messages";
import { ChatDeepSeek } from "@langchain/deepseek";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatMistralAI } from "@langchain/mistralai";
import { ChatOllama } from "@langchain/ollama";
import { AzureChatOpenAI, ChatOpenAI } from "@langchain/openai";
import { ChatOpenRouter } from "@langchain/openrouter";
import type { Span } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { expect, test, vi } from "vitest";
import { openClient } from "../../langchain/client.ts";
import { COMPLETIONS, RESPONSES } from "../../langchain/providers/openai-answers.ts";
import {
  ANTHROPIC,
  BEDROCK,
  GEMINI,
  MISTRAL_CHAT,
  OLLAMA_CHAT,
} from "../../langchain/providers/other-answers.ts";
import {
  type HttpAnswer,
  serveAnswer,
  serveAnswer2,
} from "../../langchain/providers/provider-server.ts";

const apiKey = "key";
const maxRetries = 0;

const openAI = (url: string, more: object = {}): BaseChatModel =>
  new ChatOpenAI({
    model: "gpt-5.2",
    apiKey,
    maxRetries,
    configuration: { baseURL: url },
    ...more,
  });
const azure = (url: string): BaseChatModel =>
  new AzureChatOpenAI({
    azureOpenAIApiKey: apiKey,
    azureOpenAIApiVersion: "2024-10-21",
    azureOpenAIApiDeploymentName: "deployed",
    azureOpenAIBasePath: url,
    maxRetries,
  });
const deepSeek = (url: string): BaseChatModel =>
  new ChatDeepSeek({
    model: "deepseek-reasoner",
    apiKey,
    maxRetries,
    configuration: { baseURL: url },
  });
const openRouter = (url: string): BaseChatModel =>
  new ChatOpenRouter({ model: "openai/gpt-5.2", apiKey, maxRetries, baseURL: url });
const anthropic = (url: string): BaseChatModel =>
  new ChatAnthropic({
    model: "claude-sonnet-4-5",
    apiKey,
    maxRetries,
    anthropicApiUrl: url,
    thinking: { type: "enabled", budget_tokens: 1_024 },
  });
const genAI = (url: string): BaseChatModel =>
  new ChatGoogleGenerativeAI({ model: "gemini-3-pro", apiKey, maxRetries, baseUrl: url });
const google = (url: string): BaseChatModel =>
  new ChatGoogle({ model: "gemini-3-pro", apiKey, maxRetries, endpoint: url });
const mistral = (url: string): BaseChatModel =>
  new ChatMistralAI({ model: "magistral-medium", apiKey, maxRetries, serverURL: url });
const ollama = (url: string): BaseChatModel =>
  new ChatOllama({ model: "qwen3", baseUrl: url, maxRetries });
const bedrock = (url: string): BaseChatModel => {
  vi.stubEnv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", url);
  return new ChatBedrockConverse({
    model: "anthropic.claude-sonnet-4-5-20250929-v1:0",
    region: "eu-central-1",
    credentials: { accessKeyId: "id", secretAccessKey: "secret" },
    maxRetries,
  });
};

interface Answered {
  readonly message: AIMessageChunk;
  readonly span: Span;
}

/** Calls the model whole (0) or as a stream (1), and returns what LangChain and what Rivulet made of the answer. */
async function answered(
  make: (url: string) => BaseChatModel,
  answers: readonly HttpAnswer[],
  streamed: boolean,
): Promise<Answered> {
  const client = openClient();
  const answer = answers[streamed ? 1 : 0];
  if (answer === undefined) throw new Error("no answer");
  const model = make(await (make === bedrock ? serveAnswer2(answer) : serveAnswer(answer)));
  const config = { callbacks: [new RivuletCallbackHandler(client.rivulet)] };
  let message: AIMessageChunk | undefined;
  if (streamed) {
    for await (const chunk of await model.stream("Hi", config)) {
      message = message?.concat(chunk) ?? chunk;
    }
  } else message = (await model.invoke("Hi", config)) as AIMessageChunk;
  const [span] = await client.spans();
  if (message === undefined || span === undefined) throw new Error("nothing was answered");
  return { message, span };
}

/** How often each text of the provider's is in a value. */
function told(value: unknown): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [text] of JSON.stringify(value).matchAll(/zz\.[a-z_]+/g)) {
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/**
 * An item of a response has an id that is nowhere but in LangChain's copy of the whole answer, which is left out; the
 * pieces of a text are kept as one.
 */
const LEFT_OUT = new Set(["zz.message_id", "zz.te"]);
/** Ids refer to what is said elsewhere; what is said must not be said twice. */
const REFERS = /_id$/;

const PROVIDERS: readonly [string, (url: string) => BaseChatModel, readonly HttpAnswer[]][] = [
  ...Object.entries(COMPLETIONS).map(
    ([name, answers]): [string, typeof openAI, readonly HttpAnswer[]] => [
      `OpenAI (${name})`,
      openAI,
      answers,
    ],
  ),
  ["OpenAI (responses)", (url) => openAI(url, { useResponsesApi: true }), RESPONSES],
  ["Azure", azure, COMPLETIONS["text"] ?? []],
  ["DeepSeek", deepSeek, COMPLETIONS["reasoning"] ?? []],
  ["OpenRouter", openRouter, COMPLETIONS["reasoning"] ?? []],
  ["Anthropic", anthropic, ANTHROPIC],
  ["Google GenAI", genAI, GEMINI],
  ["Google", google, GEMINI],
  ["Mistral", mistral, MISTRAL_CHAT],
  ["Ollama", ollama, OLLAMA_CHAT],
  ["Bedrock", bedrock, BEDROCK],
];

for (const streamed of [false, true]) {
  const how = streamed ? "streams" : "answers";

  test.each(PROVIDERS)(`what %s ${how} is kept, all of it, and once`, async (...given) => {
    const { message, span } = await answered(given[1], given[2], streamed);
    const { content, additional_kwargs, tool_calls, response_metadata, id } = message;
    const said = told([content, additional_kwargs, tool_calls, response_metadata, id]);
    const kept = told([span.output, span.attributes]);
    expect([...said.keys()].filter((text) => !kept.has(text) && !LEFT_OUT.has(text))).toEqual([]);
    expect([...kept].filter(([text, times]) => times > 1 && !REFERS.test(text))).toEqual([]);
    expect(span).toMatchObject({ status: "ok", events: [] });
  });
}

const ID = { responseId: "zz.response_id" };
const OPEN_AI = { finishReason: "length", systemFingerprint: "zz.fingerprint", ...ID };
const STREAMED = { ...OPEN_AI, serviceTier: "flex" };

interface Facts {
  readonly by: string;
  readonly model: string;
  readonly whole: object;
  readonly streamed?: object;
}

test.each<[string, Facts]>([
  [
    "OpenAI (text)",
    { by: "openai", model: "gpt-5.2-2026-01-01", whole: OPEN_AI, streamed: STREAMED },
  ],
  [
    "OpenAI (responses)",
    {
      by: "openai",
      model: "gpt-5.2-2026-01-01",
      whole: { finishReason: "max_output_tokens", serviceTier: "flex", ...ID },
    },
  ],
  ["Azure", { by: "azure", model: "gpt-5.2-2026-01-01", whole: OPEN_AI, streamed: STREAMED }],
  [
    "DeepSeek",
    { by: "deepseek", model: "gpt-5.2-2026-01-01", whole: { ...OPEN_AI, finishReason: "stop" } },
  ],
  ["OpenRouter", { by: "openrouter", model: "gpt-5.2", whole: { finishReason: "stop", ...ID } }],
  [
    "Anthropic",
    {
      by: "anthropic",
      model: "claude-sonnet-4-5-20250929",
      whole: { finishReason: "stop_sequence", serviceTier: "batch", ...ID },
    },
  ],
  [
    "Google GenAI",
    { by: "google_genai", model: "gemini-3-pro", whole: { finishReason: "MAX_TOKENS" } },
  ],
  [
    "Google",
    { by: "google_genai", model: "gemini-3-pro", whole: { finishReason: "MAX_TOKENS", ...ID } },
  ],
  ["Mistral", { by: "mistral", model: "magistral-medium-2509", whole: { finishReason: "length" } }],
  ["Ollama", { by: "ollama", model: "qwen3:8b", whole: { finishReason: "length" } }],
  [
    "Bedrock",
    {
      by: "amazon_bedrock",
      model: "anthropic.claude-sonnet-4-5-20250929-v1:0",
      whole: { finishReason: "max_tokens", requestId: "zz.request_id" },
    },
  ],
])("%s says who has answered, and how the answer ended", async (name, { by, model, ...facts }) => {
  const [, make, answers] = PROVIDERS.find(([known]) => known === name) ?? [];
  if (make === undefined || answers === undefined) throw new Error(`${name} is no provider here`);
  for (const isStream of [false, true]) {
    const { span } = await answered(make, answers, isStream);
    const { attributes, provider } = span;
    expect(attributes).toMatchObject(isStream ? (facts.streamed ?? facts.whole) : facts.whole);
    expect([provider, span.model]).toEqual([by, expect.stringContaining(model)]);
  }
});

test.each<[string]>([["Anthropic"], ["Google"], ["Google GenAI"], ["Bedrock"]])(
  "a message of %s is the same, whole and streamed",
  async (name) => {
    const [, make, answers] = PROVIDERS.find(([known]) => known === name) ?? [];
    if (make === undefined || answers === undefined) throw new Error(`${name} is no provider here`);
    const whole = await answered(make, answers, false);
    const streamed = await answered(make, answers, true);
    expect(streamed.span.output).toEqual(whole.span.output);
  },
);

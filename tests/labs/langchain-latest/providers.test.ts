import { type AIMessageChunk, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { Span } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { expect, test } from "vitest";
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
import { told } from "../../langchain/providers/told.ts";
import {
  anthropic,
  azure,
  bedrock,
  deepSeek,
  genAI,
  google,
  type MakeModel,
  mistral,
  ollama,
  openAI,
  openRouter,
} from "./provider-models.ts";

interface Answered {
  readonly message: AIMessageChunk;
  readonly span: Span;
  /** Asks again. */
  ask(messages: readonly BaseMessage[]): Promise<AIMessageChunk>;
  spans(): Promise<readonly Span[]>;
}

interface Asked {
  readonly streamed: boolean;
  /** In which form LangChain gives content. */
  readonly outputVersion?: "v0" | "v1";
}

/** Calls the model, and returns what LangChain and what Rivulet made of the answer. */
async function answered(
  make: MakeModel,
  answers: readonly HttpAnswer[],
  { streamed, outputVersion = "v0" }: Asked,
): Promise<Answered> {
  const client = openClient();
  const answer = answers[streamed ? 1 : 0];
  if (answer === undefined) throw new Error("no answer");
  const model = make(await (make === bedrock ? serveAnswer2(answer) : serveAnswer(answer)));
  const config = { callbacks: [new RivuletCallbackHandler(client.rivulet)], outputVersion };
  const ask = async (messages: readonly BaseMessage[]): Promise<AIMessageChunk> => {
    if (!streamed) return (await model.invoke([...messages], config)) as AIMessageChunk;
    let message: AIMessageChunk | undefined;
    for await (const chunk of await model.stream([...messages], config)) {
      message = message?.concat(chunk) ?? chunk;
    }
    if (message === undefined) throw new Error("nothing was answered");
    return message;
  };
  const message = await ask([new HumanMessage("Hi")]);
  const [span] = await client.spans();
  if (span === undefined) throw new Error("nothing was recorded");
  return { message, span, ask, spans: client.spans };
}

/**
 * An item of a response has an id that is nowhere but in LangChain's copy of the whole answer, which is left out; the
 * pieces of a text are kept as one.
 */
const LEFT_OUT = new Set(["zz.message_id", "zz.te"]);
const PIECES = new Set([...LEFT_OUT, "zz.tho"]);
/** Ids refer to what is said elsewhere; what is said must not be said twice. */
const REFERS = /_id$/;

const PROVIDERS: readonly [string, MakeModel, readonly HttpAnswer[]][] = [
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
    const { message, span } = await answered(given[1], given[2], { streamed });
    const { content, additional_kwargs, tool_calls, response_metadata, id } = message;
    const said = told([content, additional_kwargs, tool_calls, response_metadata, id]);
    const kept = told([span.output, span.attributes]);
    expect([...said.keys()].filter((text) => !kept.has(text) && !LEFT_OUT.has(text))).toEqual([]);
    expect([...kept].filter(([text, times]) => times > 1 && !REFERS.test(text))).toEqual([]);
    expect(span).toMatchObject({ status: "ok", events: [] });
  });
}

/** LangChain itself tells the query of a search twice in its standard content: in the call, and in its result. */
const TWICE = new Set(["zz.query", "zz.summary"]);

test.each(PROVIDERS)(
  "what %s answers as standard content is kept, and is the same in the next request",
  async (...given) => {
    for (const streamed of [false, true]) {
      const asked = { streamed, outputVersion: "v1" } as const;
      const { message, span, ask, spans } = await answered(given[1], given[2], asked);
      // Not every package takes what it has given.
      await ask([new HumanMessage("Hi"), message]).catch(() => undefined);
      const [, next] = await spans();
      const sent = (next?.input as { messages?: readonly unknown[] } | undefined)?.messages?.[1];
      const said = told([message.contentBlocks, message.additional_kwargs]);
      for (const kept of [told([span.output, span.attributes]), told([sent, span.attributes])]) {
        const lost = [...said.keys()].filter((text) => !(kept.has(text) || PIECES.has(text)));
        expect(lost).toEqual([]);
        const repeated = [...kept].filter(([text, times]) => times > 1 && !REFERS.test(text));
        expect(repeated.filter(([text]) => !TWICE.has(text))).toEqual([]);
      }
    }
  },
);

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
    const { span } = await answered(make, answers, { streamed: isStream });
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
    const whole = await answered(make, answers, { streamed: false });
    const streamed = await answered(make, answers, { streamed: true });
    expect(streamed.span.output).toEqual(whole.span.output);
  },
);

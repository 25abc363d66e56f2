import type { SpanType, TokenUsage } from "@rivulet/core";
import type { Body, Convention, SpanView } from "../convention.ts";
import { valueBody } from "../convention.ts";
import { toMessages, withInstructions } from "../conversation.ts";
import { settingsReader } from "../settings.ts";
import { numberOf, parsed, type SpanAttributes } from "../span-attributes.ts";
import { tagsOf } from "../tags.ts";
import { afterMilliseconds } from "../times.ts";
import { fieldAt, joinUsage, readUsage, usageOf } from "../usage-counts.ts";

const METADATA = "ai.telemetry.metadata.";

/** The Vercel AI SDK up to version 6, and `LegacyOpenTelemetry` of version 7. */
export const aiSdk: Convention = {
  name: "Vercel AI SDK",
  roots: ["ai"],
  read: {
    type: ({ attributes }) => typeOf(String(attributes.peek("ai.operationId") ?? "")),
    name: ({ attributes, type }) =>
      type === "tool" ? attributes.text("ai.toolCall.name") : undefined,
    input: readInput,
    output: readOutput,
    tools: ({ attributes }) => readTools(attributes.take("ai.prompt.tools")),
    model: ({ attributes }) => ({
      response: attributes.text("ai.response.model"),
      request: attributes.text("ai.model.id"),
    }),
    provider: ({ attributes }) => attributes.text("ai.model.provider"),
    usage: readCounts,
    cost({ attributes }) {
      const metadata = parsed(attributes.peek("ai.response.providerMetadata"));
      return numberOf(
        fieldAt(metadata, "gateway.cost") ?? fieldAt(metadata, "openrouter.usage.cost"),
      );
    },
    firstTokenTime: ({ attributes, span }) =>
      afterMilliseconds(
        span.startTime,
        attributes.number("ai.response.msToFirstChunk", "ai.stream.msToFirstChunk"),
      ),
    settings: settingsReader("ai.settings.", {
      maxOutputTokens: "maxOutputTokens",
      maxTokens: "maxOutputTokens",
      temperature: "temperature",
      topP: "topP",
      topK: "topK",
      frequencyPenalty: "frequencyPenalty",
      presencePenalty: "presencePenalty",
      stopSequences: "stopSequences",
      seed: "seed",
    }),
    details: ({ attributes }) => ({
      finishReason: attributes.text("ai.response.finishReason", "gen_ai.finishReason"),
      responseId: attributes.text("ai.response.id"),
      toolCallId: attributes.text("ai.toolCall.id"),
    }),
    sessionId: ({ attributes }) =>
      attributes.text(`${METADATA}sessionId`, `${METADATA}session_id`, `${METADATA}threadId`),
    userId: ({ attributes }) => attributes.text(`${METADATA}userId`, `${METADATA}user_id`),
    tags: ({ attributes }) => tagsOf(attributes.words(`${METADATA}tags`)),
  },
};

function typeOf(operation: string): SpanType | undefined {
  if (operation === "ai.toolCall") return "tool";
  if (/\.do(?:Generate|Stream)$/.test(operation)) return "chat_model";
  if (/^ai\.embed/.test(operation)) return "embedding";
  if (/^ai\.rerank/.test(operation)) return "reranker";
  if (/^ai\.(?:generate|stream)(?:Text|Object)/.test(operation)) return "agent";
  return operation.startsWith("ai.") ? "task" : undefined;
}

function readInput({ attributes }: SpanView): Body | undefined {
  const messages = attributes.json("ai.prompt.messages");
  if (messages !== undefined) return { value: { messages } };
  const prompt = attributes.json("ai.prompt");
  if (prompt !== undefined) return readPrompt(prompt);
  const value = attributes.json("ai.toolCall.args", "ai.value");
  return valueBody(value ?? listOf(attributes.take("ai.values")));
}

/** `{ system, prompt }` or `{ system, messages }`, as the app gave it. */
function readPrompt(given: unknown): Body {
  if (typeof given !== "object" || given === null) return { value: given };
  const { system, prompt, messages, ...others } = given as Readonly<Record<string, unknown>>;
  const said = messages ?? prompt;
  if (typeof said !== "string" && !Array.isArray(said)) return { value: given };
  const list = toMessages(typeof said === "string" ? [said] : said, "user");
  return { messages: withInstructions(list, system), others };
}

function readOutput({ attributes, type }: SpanView): Body | undefined {
  const answer = readAnswer(attributes);
  if (answer !== undefined) return { value: answer };
  const object = attributes.take("ai.response.object", "ai.result.object");
  if (object !== undefined) return { value: type === "chat_model" ? object : parsed(object) };
  const value = attributes.json("ai.toolCall.result", "ai.embedding");
  return valueBody(value ?? listOf(attributes.take("ai.embeddings")));
}

/** A text, or text, thoughts and calls side by side. */
function readAnswer(attributes: SpanAttributes): unknown {
  const toolCalls = attributes.json("ai.response.toolCalls", "ai.result.toolCalls");
  const text = attributes.text("ai.response.text", "ai.result.text");
  const reasoningText = attributes.text("ai.response.reasoning");
  if (toolCalls === undefined && reasoningText === undefined) return text;
  const said = Object.entries({ text, reasoningText, toolCalls });
  return Object.fromEntries(said.filter(([, value]) => value !== undefined));
}

function listOf(value: unknown): unknown {
  return Array.isArray(value) ? value.map(parsed) : parsed(value);
}

/** Texts of JSON; some exporters write a list in OTLP's own form. */
function readTools(given: unknown): unknown {
  const values = fieldAt(given, "values");
  if (Array.isArray(values))
    return values.map((item) => parsed(fieldAt(item, "stringValue") ?? item));
  return listOf(given);
}

/** The provider's own counts know more of its cache. */
function readCounts({ attributes }: SpanView): TokenUsage | undefined {
  const told = readUsage(attributes, "ai.usage.");
  const metadata = parsed(attributes.peek("ai.response.providerMetadata"));
  const own = usageOf(fieldAt(metadata, "anthropic.usage") ?? fieldAt(metadata, "bedrock.usage"));
  const { cacheReadTokens, cacheWriteTokens } = own ?? {};
  const cached = {
    ...(cacheReadTokens === undefined ? {} : { cacheReadTokens }),
    ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens }),
  };
  return joinUsage(withCached(told, own), Object.keys(cached).length === 0 ? undefined : cached);
}

/** Version 5 hands on what Anthropic counts beside its cache as the input, with a total that lacks the cache. */
function withCached(
  told: TokenUsage | undefined,
  { inputTokens, cacheReadTokens = 0, cacheWriteTokens = 0 }: TokenUsage = {},
): TokenUsage | undefined {
  const cached = cacheReadTokens + cacheWriteTokens;
  if (told?.inputTokens === undefined || told.inputTokens !== inputTokens) return told;
  const { totalTokens: _, ...counts } = told;
  return cached === 0 ? told : { ...counts, inputTokens: inputTokens + cached };
}

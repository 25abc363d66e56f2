import { type FinishedSpan, type Message, type MessagePart, readMessages } from "@rivulet/core";
import type { Expected } from "./recordings.ts";

const KINDS: Readonly<Record<string, readonly string[]>> = {
  llm: ["chat_model", "llm"],
  chain: ["chain"],
  agent: ["agent"],
  tool: ["tool"],
  workflow: ["workflow"],
  retriever: ["retriever"],
  embedding: ["embedding"],
  guardrail: ["guardrail"],
  prompt: ["chain"],
  event: ["unknown"],
  span: ["unknown", "task"],
};

/** What was understood of a span, said in the words of what is expected of it: only what is expected at all. */
export function understood(span: FinishedSpan, expected: Expected): Expected {
  const all: { readonly [K in keyof Expected]: () => unknown } = {
    kind: () => (KINDS[expected.kind ?? ""]?.includes(span.type ?? "") ? expected.kind : span.type),
    name: () => span.name,
    model: () => span.model,
    requestModel: () => span.attributes?.["requestModel"] ?? span.model,
    provider: () => same(span.provider, expected.provider?.toLowerCase(), expected.provider),
    inputTokens: () => span.usage?.inputTokens,
    outputTokens: () => span.usage?.outputTokens,
    totalTokens: () => span.usage?.totalTokens,
    cachedTokens: () => span.usage?.cacheReadTokens,
    cacheWriteTokens: () => span.usage?.cacheWriteTokens,
    reasoningTokens: () => span.usage?.reasoningTokens,
    cost: () => near(span.cost, expected.cost),
    systemPrompt: () => has(saidBy(span.input, ["system", "developer"]), expected.systemPrompt),
    input: () => said(span.input, expected.input),
    output: () => said(span.output, expected.output),
    toolCalls: () => callsOf(span.output),
    toolName: () => span.name,
    toolCallId: () => span.attributes?.["toolCallId"],
    toolArguments: () => sameJson(span.input, expected.toolArguments),
    toolResult: () => sameJson(span.output, expected.toolResult),
    embeddingText: () => within(span.input, expected.embeddingText),
    documents: () => expected.documents?.filter((text) => within(span.output, text) === text),
    finishReason: () => span.attributes?.["finishReason"],
    agentName: () => span.attributes?.["agentName"],
    sessionId: () => span.sessionId,
    userId: () => span.userId,
    environment: () => span.tags?.["environment"],
    tags: () => expected.tags?.filter((tag) => span.tags?.[tag] === "true"),
    level: () => span.attributes?.["langfuse.observation.level"],
    error: () => within([span.status, span.statusMessage], expected.error),
  };
  const names = Object.keys(expected).filter((name): name is keyof Expected => name in all);
  return Object.fromEntries(names.map((name) => [name, all[name]?.()])) as Expected;
}

/** What of it is checked: notes are for people. */
export function checked(expected: Expected): Expected {
  const { note: _, ...facts } = expected as Expected & { readonly note?: string };
  return facts;
}

function same<T>(value: unknown, wanted: unknown, said: T): T | unknown {
  return value === wanted ? said : value;
}

function near(value: number | undefined, wanted: number | undefined): number | undefined {
  const isNear = value !== undefined && wanted !== undefined && Math.abs(value - wanted) < 1e-12;
  return isNear ? wanted : value;
}

function said(body: unknown, wanted: string | undefined): unknown {
  return sameJson(body, wanted) === wanted ? wanted : has(textsOf(body), wanted);
}

function has(texts: readonly string[], wanted: string | undefined): string | readonly string[] {
  return texts.find((text) => text === wanted) ?? texts;
}

function within(value: unknown, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  return JSON.stringify(value)?.includes(JSON.stringify(text).slice(1, -1)) ? text : value;
}

function sameJson(value: unknown, wanted: string | undefined): unknown {
  if (wanted === undefined || value === wanted) return wanted;
  return JSON.stringify(value) === JSON.stringify(parsed(wanted)) ? wanted : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What is said in a body: each message, each text, and the body itself. */
function textsOf(body: unknown): readonly string[] {
  const messages = readMessages(body) ?? [];
  const texts = messages.flatMap((message) => [wordsOf(message), ...piecesOf(message)]);
  return [
    ...texts,
    typeof body === "string" ? body : (JSON.stringify(body) ?? ""),
    ...leavesOf(body),
  ];
}

function saidBy(body: unknown, roles: readonly string[]): readonly string[] {
  const messages = readMessages(body) ?? [];
  return messages.filter(({ role }) => roles.includes(role)).map(wordsOf);
}

function wordsOf(message: Message): string {
  return piecesOf(message).join("");
}

function piecesOf({ content }: Message): readonly string[] {
  if (typeof content === "string") return [content];
  return content.flatMap((part) => (part.type === "text" ? [part.text] : []));
}

function leavesOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(leavesOf);
}

function callsOf(body: unknown): readonly string[] {
  const parts = (readMessages(body) ?? []).flatMap(({ content }): readonly MessagePart[] =>
    typeof content === "string" ? [] : content,
  );
  return parts.flatMap((part) => (part.type === "tool_call" ? [part.name] : []));
}

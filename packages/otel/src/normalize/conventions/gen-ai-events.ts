import type { Message } from "@rivulet/core";
import type { Body, Convention, SpanView } from "../convention.ts";
import { toMessages, withInstructions } from "../conversation.ts";
import type { OtelAttributes, OtelEvent } from "../otel-span.ts";
import { parsed } from "../span-attributes.ts";

const DETAILS = "gen_ai.client.inference.operation.details";
/** One message each: OpenTelemetry's first way. */
const SAID = /^gen_ai\.(system|user|assistant|tool)\.message$/;
const CHOICE = "gen_ai.choice";
/** OpenLIT's way. */
const PROMPT = "gen_ai.content.prompt";
const COMPLETION = "gen_ai.content.completion";

/** OpenTelemetry's messages as events of the span: all in one, or one for each. */
export const genAiEvents: Convention = {
  name: "OpenTelemetry GenAI events",
  roots: [],
  events: /^gen_ai\./,
  read: {
    input: (view) => readDetails(view, "input") ?? readSaid(view) ?? readContent(view, PROMPT),
    output: (view) =>
      readDetails(view, "output") ?? readChoices(view) ?? readContent(view, COMPLETION),
    details: ({ span }) => ({ finishReason: finishReasonOf(span.events ?? []) }),
  },
};

function readDetails(view: SpanView, side: "input" | "output"): Body | undefined {
  const details = (view.span.events ?? []).filter(({ name }) => name === DETAILS);
  const find = (field: string): unknown =>
    parsed(
      details.find(({ attributes }) => attributes?.[field] !== undefined)?.attributes?.[field],
    );
  const given = find(`gen_ai.${side}.messages`);
  if (!Array.isArray(given)) return undefined;
  view.takeEvents(({ name }) => name === DETAILS);
  const messages = toMessages(given, side === "input" ? "user" : "assistant");
  if (side === "output") return { messages };
  return { messages: withInstructions(messages, find("gen_ai.system_instructions")) };
}

function readSaid(view: SpanView): Body | undefined {
  const events = view.takeEvents(({ name }) => SAID.test(name));
  if (events.length === 0) return undefined;
  const [only] = events;
  if (view.type === "tool") return { value: parsed(only?.attributes?.["content"]) };
  return {
    messages: events.flatMap(({ name, attributes = {} }) =>
      readSpoken(attributes, SAID.exec(name)?.[1]),
    ),
  };
}

function readChoices(view: SpanView): Body | undefined {
  const events = view.takeEvents(({ name }) => name === CHOICE);
  if (events.length === 0) return undefined;
  if (view.type === "tool") {
    const [only] = events;
    return { value: parsed(only?.attributes?.["message"] ?? only?.attributes?.["content"]) };
  }
  return { messages: events.flatMap(({ attributes = {} }) => readChoice(attributes)) };
}

function readChoice({ message, ...attributes }: OtelAttributes): readonly Message[] {
  const given = parsed(message);
  const isWhole = typeof given === "object" && given !== null && "role" in given;
  if (isWhole) return toMessages([given], "assistant");
  return readSpoken(
    given === undefined ? attributes : { ...attributes, content: message },
    "assistant",
  );
}

function readSpoken(
  { content, tool_calls: calls, role, id, name }: OtelAttributes,
  speaker: string | undefined,
): readonly Message[] {
  const fields = {
    role: role ?? speaker ?? "user",
    content: parsed(content) ?? "",
    ...(calls === undefined ? {} : { tool_calls: parsed(calls) }),
    ...(id === undefined || speaker !== "tool" ? {} : { tool_call_id: id }),
    ...(name === undefined ? {} : { name }),
  };
  return toMessages([fields], "user");
}

function readContent(view: SpanView, kind: string): Body | undefined {
  const events = view.takeEvents(({ name }) => name === kind);
  if (events.length === 0) return undefined;
  const isPrompt = kind === PROMPT;
  const values = events.map(({ attributes = {} }) =>
    isPrompt ? promptText(attributes["gen_ai.prompt"]) : parsed(attributes["gen_ai.completion"]),
  );
  return { messages: toMessages(values.flat(), isPrompt ? "user" : "assistant") };
}

/** OpenLIT writes `role: text`. */
function promptText(given: unknown): unknown {
  const value = parsed(given);
  if (typeof value !== "string") return value;
  const [, role, content] = /^(system|user|assistant|tool): ([\s\S]*)$/.exec(value) ?? [];
  return role === undefined ? value : { role, content };
}

function finishReasonOf(events: readonly OtelEvent[]): string | undefined {
  for (const { name, attributes } of events) {
    const given =
      name === CHOICE
        ? attributes?.["finish_reason"]
        : name === DETAILS && attributes?.["gen_ai.response.finish_reasons"];
    const reason = parsed(given);
    const [first] = Array.isArray(reason) ? reason : [reason];
    if (typeof first === "string") return first;
  }
  return undefined;
}

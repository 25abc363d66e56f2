import type { JsonValue, MessagePart, SpanSkeleton } from "@rivulet/domain";
import { LIMITS } from "@rivulet/domain";
import type { SpanRecord } from "../../port/records.ts";
import type { Row } from "../database.ts";
import { text, toInteger } from "../values.ts";
import { packBody } from "./message-blobs.ts";
import { type SpanBody, toSkeleton } from "./span-rows.ts";

/** What is known about a span, from the store or from records. */
export interface KnownSpan {
  readonly fields: SpanSkeleton;
  /** Packed as it is stored. */
  readonly body: SpanBody;
  /** The body as JSON text, if available. */
  readonly json?: string;
  /** Excerpts of input and output for lists; made only of the span that speaks for its trace. */
  readonly previews: () => Previews;
}

/** Excerpts of a trace's input and output for lists. */
export interface Previews {
  readonly input?: string;
  readonly output?: string;
}

/** Messages moved out of bodies: hash → JSON. */
export type TakenBlobs = ReadonlyMap<string, string>;

/** The content of one record of a span. */
export function knownOf(record: SpanRecord): { span: KnownSpan; blobs: TakenBlobs } {
  const { body, json, blobs } = packBody(bodyOf(record));
  const previews = (): Previews => previewsOf(record);
  return { span: { fields: withCounts(record), body, json, previews }, blobs };
}

/** A row of `spans`. */
export function storedSpan(row: Row): KnownSpan {
  const body = JSON.parse(text(row, "body")) as SpanBody;
  return { fields: toSkeleton(row), body, previews: () => ({}) };
}

/** Token counts as they are stored: estimates may have fractions. */
function withCounts(record: SpanRecord): SpanSkeleton {
  const { usage } = record;
  if (usage === undefined) return record;
  const counts = Object.entries(usage).map(([field, count]) => [field, toInteger(count)]);
  return { ...record, usage: Object.fromEntries(counts) };
}

function bodyOf({ input, output, attributes, events }: SpanRecord): SpanBody {
  return {
    attributes,
    events,
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
  };
}

/** Whether `after` describes an earlier moment than `before`: a start that arrives after its end. */
export function isLate(after: SpanSkeleton, before: SpanSkeleton): boolean {
  return after.status === "in_progress" && before.status !== "in_progress";
}

/**
 * The later word wins, field by field; attributes are joined. Only the start stays what it was first said to
 * be: a store may keep spans apart by it.
 */
export function mergeSpans(before: KnownSpan, after: KnownSpan): KnownSpan {
  const [older, newer] = isLate(after.fields, before.fields) ? [after, before] : [before, after];
  const { startTime } = before.fields;
  const { statusMessage: reason, ...known } = older.fields;
  // A message says why the status is what it is.
  const isSame = newer.fields.status === older.fields.status && reason !== undefined;
  const kept = isSame ? { ...known, statusMessage: reason } : known;
  return {
    fields: { ...kept, ...newer.fields, startTime },
    body: mergeBodies(older.body, newer.body),
    previews: () => ({ ...older.previews(), ...newer.previews() }),
  };
}

function mergeBodies(older: SpanBody, newer: SpanBody): SpanBody {
  return {
    ...older,
    ...newer,
    attributes: { ...older.attributes, ...newer.attributes },
    events: (newer.events?.length ?? 0) > 0 ? (newer.events ?? []) : (older.events ?? []),
  };
}

function previewsOf({ input, output }: SpanRecord): Previews {
  const [first, second] = [preview(input), preview(output)];
  return {
    ...(first === undefined ? {} : { input: first }),
    ...(second === undefined ? {} : { output: second }),
  };
}

/** What the last message says, a plain text, or the JSON. */
function preview(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return lastText(value).slice(0, LIMITS.preview);
}

function lastText(value: JsonValue): string {
  if (typeof value === "string") return value;
  const messages = Array.isArray(value)
    ? value
    : (value as { messages?: JsonValue } | null)?.messages;
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  return contentText((last as { content?: unknown } | undefined)?.content) ?? JSON.stringify(value);
}

/** The content of a message in words: texts, what tools are called with and what they answer; of files alone, what they are. */
function contentText(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  return joined(content.map(partText)) ?? joined(content.map(fileWords));
}

function joined(texts: readonly (string | undefined)[]): string | undefined {
  const said = texts.filter((text) => text !== undefined);
  return said.length === 0 ? undefined : said.join("\n");
}

/** `[image rose.png]`, or its content in words. */
function fileWords(part: Partial<MessagePart> | null): string | undefined {
  if (part?.type !== "media") return undefined;
  const { kind, mediaType, name, text } = part;
  return text ?? `[${[kind ?? mediaType ?? "file", name].filter(Boolean).join(" ")}]`;
}

function partText(part: Partial<MessagePart> | null): string | undefined {
  switch (part?.type) {
    case "text":
      return part.text;
    case "tool_call":
      return `${part.name}(${part.invalidArguments ?? JSON.stringify(part.arguments ?? {})})`;
    case "tool_result":
      return contentText(part.content);
    default:
      return undefined;
  }
}

import type { JsonValue } from "../json.ts";
import {
  type FieldReader,
  type Fields,
  isObject,
  isText,
  isThere,
  readFields,
} from "./field-reader.ts";
import type { MessageContent, MessagePart } from "./message.ts";
import type { PartReader, PartReaders, ReadContent } from "./part-reader.ts";
import { AI_SDK_PARTS, readTypedTool } from "./sources/ai-sdk.ts";
import { ANTHROPIC_PARTS } from "./sources/anthropic.ts";
import { BEDROCK_FIELDS, BEDROCK_PARTS } from "./sources/bedrock.ts";
import { GEMINI_FIELDS, GEMINI_PARTS, readTypedFile } from "./sources/gemini.ts";
import { GEN_AI_PARTS } from "./sources/gen-ai.ts";
import { GENKIT_FIELDS } from "./sources/genkit.ts";
import { LANGCHAIN_PARTS } from "./sources/langchain.ts";
import { MCP_PARTS } from "./sources/mcp.ts";
import { MISTRAL_PARTS } from "./sources/mistral.ts";
import { OPENAI_PARTS } from "./sources/openai.ts";
import { PLAIN_PARTS } from "./sources/plain.ts";

/** Results of tools in results of tools are read this deep. */
const MAX_DEPTH = 8;

/** No two sources mean different things by one type. */
const READERS: ReadonlyMap<string, PartReader> = new Map(
  [
    BEDROCK_PARTS,
    GEN_AI_PARTS,
    GEMINI_PARTS,
    MCP_PARTS,
    MISTRAL_PARTS,
    LANGCHAIN_PARTS,
    AI_SDK_PARTS,
    ANTHROPIC_PARTS,
    OPENAI_PARTS,
    PLAIN_PARTS,
  ].flatMap((readers: PartReaders) => Object.entries(readers)),
);

/** Parts without a type, of sources that name a field of the part after it. */
const FIELDS: readonly (readonly [string, PartReader])[] = [
  GEMINI_FIELDS,
  BEDROCK_FIELDS,
  GENKIT_FIELDS,
].flatMap((readers: PartReaders) => Object.entries(readers));

/** Content in the one form that there is for it: a text alone is no list. */
export function contentOf(parts: readonly MessagePart[]): MessageContent {
  const [only] = parts;
  if (only === undefined) return "";
  const isPlain = parts.length === 1 && only.type === "text";
  return isPlain && only.annotations === undefined && only.extra === undefined ? only.text : parts;
}

/** The parts of a content. */
export function partsOf(content: MessageContent): readonly MessagePart[] {
  if (!isText(content)) return content;
  return content === "" ? [] : [{ type: "text", text: content }];
}

/** Reads the content of a message of any source. */
export function readContent(value: unknown): MessageContent {
  return reader(0).content(value);
}

/** Reads what a tool has answered. */
export function readResult(value: unknown): MessageContent {
  return reader(0).result(value);
}

/** Reads one part of any source; more than one when it is a tool's call and its result. */
export function readPart(value: unknown): readonly MessagePart[] {
  return partOf(value, reader(0)) ?? [dataPart(value)];
}

function reader(depth: number): ReadContent {
  const inner = (): ReadContent => (depth < MAX_DEPTH ? reader(depth + 1) : AS_DATA);
  return {
    content: (value) => {
      if (isText(value)) return value;
      if (!isThere(value)) return "";
      const read = inner();
      const items = Array.isArray(value) ? value : [value];
      return contentOf(items.flatMap((item) => partOf(item, read) ?? [dataPart(item)]));
    },
    result: (value) => {
      if (isText(value)) return value;
      if (!isThere(value)) return "";
      return contentOf(partsOfAll(value, inner()) ?? [dataPart(value)]);
    },
  };
}

/** What lies too deep is kept as it is. */
const AS_DATA: ReadContent = {
  content: (value) => (isText(value) ? value : [dataPart(value)]),
  result: (value) => (isText(value) ? value : [dataPart(value)]),
};

/** Types that say more than the type of the part that they are read into: they are kept. */
const SPECIFIC =
  /^(?:server|mcp|redacted|web|bash|text_editor|code|custom|computer|local|shell|image_gen|container|tool_search)/;

/** The parts of a value of which everything is one: else it is a value of another kind, and left as it is. */
function partsOfAll(value: unknown, read: ReadContent): readonly MessagePart[] | undefined {
  const items = Array.isArray(value) ? value : [value];
  const parts: MessagePart[] = [];
  for (const item of items) {
    const isTyped = isObject(item) && isText(item["type"]);
    const found = isTyped ? partOf(item, read) : undefined;
    if (found === undefined) return undefined;
    parts.push(...found);
  }
  return parts.length === 0 ? undefined : parts;
}

function partOf(value: unknown, read: ReadContent): readonly MessagePart[] | undefined {
  if (isText(value)) return [{ type: "text", text: value }];
  if (!isObject(value)) return undefined;
  const part = typedPart(value, read);
  if (part === undefined) return undefined;
  return Array.isArray(part) ? part : [part as MessagePart];
}

function typedPart(value: Fields, read: ReadContent): ReturnType<PartReader> {
  const from = readFields(value);
  const { type } = value;
  if (type === undefined) return untypedPart(from, read);
  if (!isText(type)) return undefined;
  const known = READERS.get(type);
  if (known === undefined) return readTypedTool(from, read) ?? readTypedFile(from, read);
  if (!SPECIFIC.test(type)) from.take("type");
  return known(from, read);
}

function untypedPart(from: FieldReader, read: ReadContent): ReturnType<PartReader> {
  for (const [field, readField] of FIELDS) {
    if (from.fields[field] !== undefined) return readField(from, read);
  }
  return undefined;
}

function dataPart(value: unknown): MessagePart {
  return { type: "data", value: (value ?? null) as JsonValue };
}

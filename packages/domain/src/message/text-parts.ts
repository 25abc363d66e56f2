import type { JsonValue } from "../json.ts";
import { compact, type FieldReader, isObject, isText } from "./field-reader.ts";
import type { ReasoningPart, RefusalPart, TextPart } from "./message.ts";
import type { PartReader } from "./part-reader.ts";

/** Reads a part that is text; Google marks thoughts as such. */
export const readText: PartReader = (from) => {
  if (from.fields["thought"] === true) return readReasoning(from);
  const text = from.text("text", "content");
  return text === undefined ? undefined : textPart(from, text);
};

/** A part of text with the notes on it. */
function textPart(from: FieldReader, text: string): TextPart {
  const annotations = from.takeIf(isList, "annotations", "citations");
  return compact<TextPart>({
    type: "text",
    text,
    annotations: annotations?.length === 0 ? undefined : annotations,
    extra: from.rest(),
  });
}

/** Reads what a model thought. */
export function readReasoning(from: FieldReader): ReasoningPart {
  from.takeIf(isTrue, "thought");
  const text =
    from.text("text", "reasoning", "thinking") ?? from.text("content") ?? summaryOf(from) ?? "";
  return compact<ReasoningPart>({ type: "reasoning", text, extra: from.rest() });
}

/** Reads why a model does not answer. */
export const readRefusal: PartReader = (from) => {
  const text = from.text("refusal", "text");
  if (text === undefined) return undefined;
  return compact<RefusalPart>({ type: "refusal", text, extra: from.rest() });
};

/** OpenAI and Mistral give thoughts as a list of texts; LangChain numbers those that were streamed. */
function summaryOf(from: FieldReader): string | undefined {
  return from
    .takeIf(isTexts, "summary", "content", "thinking")
    ?.map(({ text }) => text)
    .join("\n\n");
}

function isTexts(value: unknown): value is readonly { readonly text: string }[] {
  return (
    isList(value) &&
    value.length > 0 &&
    value.every((item) => isObject(item) && isText(item["text"]) && hasOnly(item))
  );
}

const TEXT_FIELDS = new Set(["text", "type", "index"]);

function hasOnly(item: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(item).every((name) => TEXT_FIELDS.has(name));
}

function isList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isTrue(value: unknown): value is true {
  return value === true;
}

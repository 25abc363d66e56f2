import type { FinishedSpan } from "@rivulet/core";
import { normalizeSpan, type OtelSpan, readSpans } from "@rivulet/otel";
import { expect, it } from "vitest";
import { RECORDINGS } from "./recordings.ts";

it.each(RECORDINGS)("no text of $name is lost", ({ resourceSpans }) => {
  const lost = readSpans({ resourceSpans }).spans.flatMap((span) =>
    lostTexts(span, normalizeSpan(span)),
  );
  expect(lost).toEqual([]);
});

/** Texts of a span, or of JSON in its texts, that are nowhere in what was made of it. */
function lostTexts(span: OtelSpan, made: FinishedSpan): readonly string[] {
  const kept = new Set(textsOf(made).flatMap((text) => [text, ...textsOf(parsed(text))]));
  const whole = [...kept].join("\n").toLowerCase();
  const attributes = Object.entries(span.attributes);
  return attributes.flatMap(([name, value]) => {
    const lost = textsOf(parsed(value)).filter(
      (text) => !(isToldOtherwise(text) || whole.includes(bareOf(text).toLowerCase())),
    );
    return lost.map((text) => `${span.name} ${name}: ${text.slice(0, 80)}`);
  });
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value, ...deeper(value)];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return Object.entries(value).flatMap(([name, field]) => [name, ...textsOf(field)]);
}

/** Words for something that has a place of its own here (`LLM`, `tool_call_response`); ids of parts of a message. */
function isToldOtherwise(text: string): boolean {
  const isTime = /^"*\d{4}-\d\d-\d\dT[\d:.]+Z"*$/.test(text);
  const isPlaceholder = text.endsWith("See JSON for details");
  const isId = /^(?:fc|msg|run)[_-][\da-z-]+$/.test(text);
  return /^[a-z_./-]{0,24}$/i.test(text) || isId || isTime || isPlaceholder || isJson(text);
}

/** What it says is looked for. */
function isJson(text: string): boolean {
  return typeof parsed(text) === "object";
}

/** A data URL is a type and bytes; a text of JSON is a text. */
function bareOf(text: string): string {
  return String(parsed(text.replace(/^data:[a-z]+\/[a-z]+;base64,/, "")));
}

/** JSON in a text says the same in more than one way. */
function deeper(text: string): readonly string[] {
  const value = parsed(text);
  return typeof value === "string" ? [] : textsOf(value);
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

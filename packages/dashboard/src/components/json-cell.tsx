import type { JsonValue } from "@rivulet/core";
import type { JSX } from "preact";

/** Longer values are cut: a cell shows one line. */
const CUT = 300;

/** A JSON value on one line. */
export function JsonCell({ value }: { value: JsonValue | undefined }): JSX.Element | null {
  if (value === undefined) return null;
  const words = plainWords(value);
  // A text of blanks is written in quotes: else nobody would see it, and its button would have no name.
  if (words?.trim()) return <span class="json-cell">{words.slice(0, CUT)}</span>;
  return <span class="json-cell is-code">{JSON.stringify(value).slice(0, CUT)}</span>;
}

/** An object that was cut off within the string of its first field. */
const CUT_OFF = /^\{"(?:[^"\\]|\\.)*":("(?:[^"\\]|\\.)*)$/s;

/** What a text that may be JSON says, and what is there of one that was cut off. */
export function readableText(text: string): string {
  if (!text.startsWith("{") && !text.startsWith('"')) return text;
  try {
    return plainWords(JSON.parse(text) as JsonValue) ?? text;
  } catch {
    const beginning = CUT_OFF.exec(text)?.[1];
    return beginning === undefined ? text : parsedString(`${beginning}"`, text);
  }
}

function parsedString(json: string, otherwise: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return otherwise;
  }
}

/** A string, or the only field of an object when it is one: no need for quotes and brackets. */
function plainWords(value: JsonValue): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const [only, ...others] = Object.values(value);
  return typeof only === "string" && others.length === 0 ? only : undefined;
}

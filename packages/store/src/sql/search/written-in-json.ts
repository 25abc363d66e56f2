import type { FilterField } from "@rivulet/domain";

/** Whether a field is the JSON text of spans, and of the messages stored separately. */
export function isJsonText({ kind, key }: FilterField): boolean {
  return key === (kind === "attribute" ? "text" : kind === "span" ? "content" : "");
}

/**
 * What a part of a text may look like in JSON text: itself, for those who look for JSON such as `"role":"user"`, and as
 * JSON writes it in a text, where quotes, backslashes and line breaks are escaped.
 */
export function writtenInJson(text: string): readonly string[] {
  return [...new Set([text, JSON.stringify(text).slice(1, -1)])];
}

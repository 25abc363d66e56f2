import type { JsonValue } from "@rivulet/domain";

/** Stands in the JSON for a string that is beside it. Real JSON has no raw control characters. */
export const TEXT_MARK = "\u0001";

/**
 * A value as JSON text, with its long strings beside it as they are: copying a string costs a twentieth of
 * escaping it, and another thread can do that. It stays as it is when the value changes.
 */
export class JsonText {
  /** JSON with a {@link TEXT_MARK} for each of the strings beside it. */
  readonly json: string;
  /** The strings, in the order of their marks. */
  readonly texts: readonly string[];
  /** Names of the fields of an object. */
  readonly keys: readonly string[] | undefined;

  constructor(json: string, texts: readonly string[], keys?: readonly string[]) {
    this.json = json;
    this.texts = texts;
    this.keys = keys;
  }

  /** Characters in all. */
  get size(): number {
    let size = this.json.length;
    for (const text of this.texts) size += text.length;
    return size;
  }

  /** The whole JSON. */
  toString(): string {
    return fillIn(this.json, this.texts);
  }

  /** The value. */
  parse(): JsonValue {
    return JSON.parse(this.toString()) as JsonValue;
  }

  /** Lets `JSON.stringify` give what it gives for the value. */
  toJSON(): JsonValue {
    return this.parse();
  }
}

/** The object without fields. */
export const NO_FIELDS: JsonText = new JsonText("{}", [], []);

/** The JSON with the strings in their places. */
export function fillIn(json: string, texts: readonly string[]): string {
  if (texts.length === 0) return json;
  let next = 0;
  return json.replaceAll(TEXT_MARK, () => JSON.stringify(texts[next++]));
}

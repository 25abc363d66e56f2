import type { JsonObject, JsonValue } from "@rivulet/domain";
import type { MediaFile } from "../media/media-keeper.ts";

const NO_FILES: readonly MediaFile[] = [];

/** A value encoded as JSON text, so that later changes of the value do not affect it. */
export class JsonText {
  /** The JSON text. */
  readonly json: string;
  /** Names of the fields if the value is an object; `undefined` when unknown. */
  readonly keys: readonly string[] | undefined;
  /** JSON text of the values of those fields, where it is at hand. */
  readonly values: readonly string[] | undefined;

  #files: readonly MediaFile[] = NO_FILES;

  /** Wraps JSON text; `keys` and `values` are those of its fields if it is an object and they are known. */
  constructor(json: string, keys?: readonly string[], values?: readonly string[]) {
    this.json = json;
    this.keys = keys;
    this.values = values;
  }

  /** Attaches files that were taken out of the value, to which the text refers by their hashes. */
  withFiles(files: readonly MediaFile[]): this {
    this.#files = files;
    return this;
  }

  /** These files, once: the text must not keep their bytes. */
  takeFiles(): readonly MediaFile[] {
    const files = this.#files;
    this.#files = NO_FILES;
    return files;
  }

  /** Length of the text in characters. */
  get size(): number {
    return this.json.length;
  }

  /** The JSON text. */
  toString(): string {
    return this.json;
  }

  /** The value, decoded anew by each call. */
  parse(): JsonValue {
    return JSON.parse(this.json) as JsonValue;
  }

  /** Makes `JSON.stringify` return the same as for the value itself. */
  toJSON(): JsonValue {
    return this.parse();
  }
}

/** The object without fields. */
export const NO_FIELDS: JsonText = new JsonText("{}", [], []);

const NONE: readonly string[] = [];

/** Merges two objects; where both have a field, that of `added` wins. What the fields hold is not parsed. */
export function mergeObjects(known: JsonText, added: JsonText): JsonText {
  const { keys: knownKeys = NONE } = known;
  const { keys: addedKeys = NONE } = added;
  if (knownKeys.length === 0) return added;
  if (addedKeys.length === 0) return known;
  if (addedKeys.some((key) => knownKeys.includes(key))) return replaceFields(known, added);
  const json = `${known.json.slice(0, -1)},${added.json.slice(1)}`;
  return new JsonText(json, [...knownKeys, ...addedKeys], [...valuesOf(known), ...valuesOf(added)]);
}

function replaceFields(known: JsonText, added: JsonText): JsonText {
  const fields = new Map<string, string>();
  for (const object of [known, added]) {
    const values = valuesOf(object);
    for (const [index, key] of (object.keys ?? NONE).entries()) {
      fields.set(key, values[index] ?? "null");
    }
  }
  const json = [...fields].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",");
  return new JsonText(`{${json}}`, [...fields.keys()], [...fields.values()]);
}

function valuesOf(object: JsonText): readonly string[] {
  const { keys = NONE, values } = object;
  if (values !== undefined) return values;
  const parsed = object.parse() as JsonObject;
  return keys.map((key) => JSON.stringify(parsed[key] ?? null));
}

/** Length from which `JSON.stringify` is faster than a loop. */
const LONG_TEXT = 40;

const SPACE = 0x20;
const QUOTATION_MARK = 0x22;
const BACKSLASH = 0x5c;
const FIRST_SURROGATE = 0xd800;

/** A string as JSON. For short strings without escapes, a loop costs half of `JSON.stringify`. */
export function quote(text: string): string {
  return text.length >= LONG_TEXT || needsEscape(text) ? JSON.stringify(text) : `"${text}"`;
}

/** Whether JSON or UTF-8 cannot represent the string unchanged. Costs a step per character. */
function needsEscape(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < SPACE || unit === QUOTATION_MARK || unit === BACKSLASH || unit >= FIRST_SURROGATE) {
      return true;
    }
  }
  return false;
}

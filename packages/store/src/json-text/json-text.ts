import type { JsonValue } from "@rivulet/domain";

/** A value encoded as JSON text, so that later changes of the value do not affect it. */
export class JsonText {
  /** The JSON text. */
  readonly json: string;
  /** Names of the fields if the value is an object; `undefined` when unknown. */
  readonly keys: readonly string[] | undefined;
  /** JSON text of the values of those fields, where it is at hand. */
  readonly values: readonly string[] | undefined;

  /** Wraps JSON text; `keys` and `values` are those of its fields if it is an object and they are known. */
  constructor(json: string, keys?: readonly string[], values?: readonly string[]) {
    this.json = json;
    this.keys = keys;
    this.values = values;
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

import type { JsonValue } from "@rivulet/domain";

/** A value as JSON text: it stays as it is when the value changes. */
export class JsonText {
  readonly json: string;
  /** Names of the fields of an object. */
  readonly keys: readonly string[] | undefined;

  constructor(json: string, keys?: readonly string[]) {
    this.json = json;
    this.keys = keys;
  }

  /** Characters. */
  get size(): number {
    return this.json.length;
  }

  /** The JSON. */
  toString(): string {
    return this.json;
  }

  /** The value. */
  parse(): JsonValue {
    return JSON.parse(this.json) as JsonValue;
  }

  /** Lets `JSON.stringify` give what it gives for the value. */
  toJSON(): JsonValue {
    return this.parse();
  }
}

/** The object without fields. */
export const NO_FIELDS: JsonText = new JsonText("{}", []);

import type { JsonObject, JsonValue } from "../json.ts";

/** The fields of an object of unknown shape. */
export type Fields = Readonly<Record<string, unknown>>;

/** Reads an object field by field, and knows what is left when all that is understood was taken. */
export interface FieldReader {
  /** The object itself. */
  readonly fields: Fields;
  /** Takes the first of these fields that is there: neither missing nor `null`. */
  take(...names: readonly string[]): unknown;
  /** Takes the first of these fields whose value is of a kind. */
  takeIf<T>(is: (value: unknown) => value is T, ...names: readonly string[]): T | undefined;
  /** Takes the first of these fields that is a text. */
  text(...names: readonly string[]): string | undefined;
  /** Takes the first of these fields that is an object, for reading. */
  object(...names: readonly string[]): NestedReader | undefined;
  /** What was not taken, when there is any. A list of what was left before, `extra`, is part of it. */
  rest(): JsonObject | undefined;
}

/** An object in an object. */
export interface NestedReader extends FieldReader {
  /** What it is called in the object around it. */
  readonly name: string;
}

/** Reads the fields of an object. */
export function readFields(fields: Fields): FieldReader {
  const taken: string[] = [];
  const nested: NestedReader[] = [];

  function find<T>(
    names: readonly string[],
    is: (value: unknown) => value is T,
  ): readonly [string, T] | undefined {
    for (const name of names) {
      const value = taken.includes(name) ? undefined : fields[name];
      if (!is(value)) continue;
      taken.push(name);
      return [name, value];
    }
    return undefined;
  }

  return {
    fields,
    take: (...names) => find(names, isThere)?.[1],
    takeIf: (is, ...names) => find(names, is)?.[1],
    text: (...names) => find(names, isText)?.[1],
    object(...names) {
      const found = find(names, isRecord);
      if (found === undefined) return undefined;
      const inner = { ...readFields(found[1]), name: found[0] };
      nested.push(inner);
      return inner;
    },
    rest: () => restOf(fields, taken, nested),
  };
}

function restOf(
  fields: Fields,
  taken: readonly string[],
  nested: readonly NestedReader[],
): JsonObject | undefined {
  const rest: [string, JsonValue][] = [];
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (isThere(value) && typeof value !== "function" && !taken.includes(name)) {
      rest.push([name, value as JsonValue]);
    }
  }
  for (const inner of nested) {
    const left = inner.rest();
    if (left !== undefined) rest.push([inner.name, left]);
  }
  return rest.length === 0 ? undefined : Object.fromEntries(unfold(rest));
}

/** What an earlier reading has left stands beside what is left now, unless the two have a name in common. */
function unfold(rest: readonly [string, JsonValue][]): readonly [string, JsonValue][] {
  const extra = rest.find(([name]) => name === "extra")?.[1];
  if (!isObject(extra)) return rest;
  const others = rest.filter(([name]) => name !== "extra");
  if (others.some(([name]) => Object.hasOwn(extra, name))) return rest;
  return [...others, ...(Object.entries(extra) as [string, JsonValue][])];
}

/** Whether there is a value: `null` is how providers write that there is none. */
export function isThere(value: unknown): value is NonNullable<unknown> {
  return value !== undefined && value !== null;
}

/** Whether it is an object with fields, and no list. */
export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether it is an object whose fields say something: no bytes, no URL. */
function isRecord(value: unknown): value is Fields {
  return isObject(value) && !(isBytes(value) || value instanceof URL);
}

/** Whether it is bytes as JavaScript holds them. */
export function isBytes(value: unknown): value is ArrayBufferView | ArrayBuffer {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

/** Whether it is a text. */
export function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** The object without the fields that are `undefined`. */
export function compact<T extends object>(
  fields: {
    readonly [K in keyof T]: T[K] | undefined;
  },
): T {
  const kept: Partial<T> = {};
  for (const name in fields) {
    if (fields[name] !== undefined) kept[name] = fields[name];
  }
  return kept as T;
}

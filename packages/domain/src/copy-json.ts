import type { JsonValue } from "./json.ts";

/** Says where a value is not JSON, and why. */
export class NotJson extends Error {
  override readonly name = "NotJson";
  /** Keys and indexes that lead to the offending value. */
  readonly path: readonly (string | number)[];
  /** Predicate of a sentence about that value: "is a Map, which JSON cannot hold". */
  readonly problem: string;

  /** An error for what is at the end of this path. */
  constructor(path: readonly (string | number)[], problem: string) {
    super(problem);
    this.path = path;
    this.problem = problem;
  }
}

/** Nesting depth that every JSON reader and writer handles. */
const DEEPEST = 1_000;

/**
 * Copies a value that JSON can represent. Whatever JSON would change or drop is refused; a property that is `undefined`
 * counts as absent, an object with a `toJSON`, such as a date, becomes what that returns, and half a surrogate pair, for
which UTF-8 has no form, becomes U+FFFD.
 *
 * @throws NotJson
 */
export function copyJson(value: unknown, spelling: Spelling = {}): JsonValue {
  const path: Path = Object.assign([] as (string | number)[], { spelling });
  try {
    return copy(value, path);
  } catch (error) {
    if (error instanceof NotJson) throw error;
    // Getters, proxies and methods of a value may throw anything.
    const why = error instanceof Error ? `: ${error.message}` : "";
    throw new NotJson([...path], `cannot be read${why}`);
  }
}

/** How numbers are written that JSON has no form for. @default they are refused */
export interface Spelling {
  /** Of NaN and the infinities. */
  readonly number?: (value: number) => string;
  /** Of a bigint. */
  readonly bigint?: (value: bigint) => string;
}

/** Keys and indexes from the root to the current value. */
type Path = (string | number)[] & { readonly spelling: Spelling };

function copy(value: unknown, path: Path): JsonValue {
  switch (typeof value) {
    case "string":
      return value.toWellFormed();
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      if (path.spelling.number !== undefined) return path.spelling.number(value);
      throw new NotJson([...path], `is ${value}, which JSON cannot hold`);
    case "bigint":
      if (path.spelling.bigint !== undefined) return path.spelling.bigint(value);
      throw new NotJson([...path], "is a bigint, which JSON cannot hold");
    case "object":
      return value === null ? null : copyObject(value, path);
    case "undefined":
      throw new NotJson([...path], "is undefined: expected a JSON value");
    default:
      throw new NotJson([...path], `is a ${typeof value}, which JSON cannot hold`);
  }
}

function copyObject(value: object, path: Path): JsonValue {
  if (path.length > DEEPEST) throw new NotJson([...path].slice(0, 5), "is nested too deeply");
  if (isBinary(value)) throw new NotJson([...path], `is ${kindOf(value)}: JSON cannot hold bytes`);
  if (Array.isArray(value)) return copyArray(value, path);
  if ("toJSON" in value && typeof value.toJSON === "function") return copy(value.toJSON(), path);
  if (isPlainObject(value)) return copyProperties(value, path);
  throw new NotJson([...path], `is ${kindOf(value)}, which JSON cannot hold`);
}

function copyArray(value: readonly unknown[], path: Path): JsonValue {
  if (Object.keys(value).length !== value.length) {
    throw new NotJson([...path], "has holes, or properties besides its items");
  }
  return value.map((item, index) => copyAt(item, index, path));
}

function copyProperties(value: object, path: Path): JsonValue {
  const entries: [string, JsonValue][] = [];
  for (const key of Reflect.ownKeys(value)) {
    if (!Object.prototype.propertyIsEnumerable.call(value, key)) continue;
    if (typeof key === "symbol") {
      throw new NotJson([...path, String(key)], "has a symbol for its key, which JSON cannot hold");
    }
    const property: unknown = Reflect.get(value, key);
    if (property !== undefined) entries.push([key.toWellFormed(), copyAt(property, key, path)]);
  }
  return Object.fromEntries(entries);
}

function copyAt(value: unknown, at: string | number, path: Path): JsonValue {
  path.push(at);
  const copied = copy(value, path);
  path.pop();
  return copied;
}

function isBinary(value: object): boolean {
  const kind = Object.prototype.toString.call(value);
  return ArrayBuffer.isView(value) || /^\[object (?:Shared)?ArrayBuffer\]$|Blob\]$/.test(kind);
}

/** Whether it was made by `{}`, here or in another realm, or without a prototype. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null) return true;
  return Object.hasOwn(prototype, "isPrototypeOf");
}

function kindOf(value: object): string {
  const made = value.constructor;
  const name = typeof made === "function" ? made.name : "";
  if (name === "" || name === "Object") return "a special object";
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}

import type { AttributeValue, OtelAttributes } from "./otel-span.ts";
import { unflatten } from "./unflatten.ts";

/** Counts above this are no counts: no model reads so much. */
const MAX_TOKENS = 1_000_000_000_000;

/** Whether a number can be a count of tokens. */
export function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= MAX_TOKENS;
}

/** The attributes of a span, which knows what is left of them when all that is understood was taken. */
export class SpanAttributes {
  readonly #values: OtelAttributes;
  readonly #taken = new Set<string>();
  #names: readonly string[] | undefined;

  constructor(values: OtelAttributes) {
    this.#values = values;
  }

  /** Every name. */
  get names(): readonly string[] {
    this.#names ??= Object.keys(this.#values);
    return this.#names;
  }

  /** A value that stays where it is; `undefined` when it is empty or masked out. */
  peek(name: string): AttributeValue | undefined {
    const value = Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
    return value === null || value === "" ? undefined : value;
  }

  /** Takes the first of these that is there. */
  take(...names: readonly string[]): AttributeValue | undefined {
    for (const name of names) {
      const value = this.peek(name);
      if (value === undefined) continue;
      this.#taken.add(name);
      return value;
    }
    return undefined;
  }

  /** Takes the first of these that is text; numbers are read as text. */
  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = this.peek(name);
      if (typeof value !== "string" && typeof value !== "number") continue;
      this.#taken.add(name);
      return String(value);
    }
    return undefined;
  }

  /** Takes the first of these that is a number, or text that is one. */
  number(...names: readonly string[]): number | undefined {
    for (const name of names) {
      const value = numberOf(this.peek(name));
      if (value === undefined) continue;
      this.#taken.add(name);
      return value;
    }
    return undefined;
  }

  /** Takes the first of these that is a word of a table, and returns what the table says of it. */
  oneOf<T>(table: Readonly<Record<string, T>>, ...names: readonly string[]): T | undefined {
    for (const name of names) {
      const word = String(parsed(this.peek(name)) ?? "");
      if (!Object.hasOwn(table, word)) continue;
      this.#taken.add(name);
      return table[word];
    }
    return undefined;
  }

  /** Whether there is a count of tokens: one that a model can have read. */
  hasCount(name: string): boolean {
    const count = numberOf(this.peek(name));
    return count !== undefined && isCount(count);
  }

  /** Takes the first of these that is there; text that is JSON is read as what it says. */
  json(...names: readonly string[]): unknown {
    const value = this.take(...names);
    return value === undefined ? undefined : parsed(value);
  }

  /** Takes the first of these, a list of words: as a list, as JSON, or as one word. */
  words(...names: readonly string[]): readonly string[] | undefined {
    const value = this.json(...names);
    if (value === undefined) return undefined;
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    const words = items.filter((item): item is string => typeof item === "string" && item !== "");
    return words.length === 0 ? undefined : words;
  }

  /** Takes a list that was written as single attributes: everything below a name that goes on with an index. */
  list(prefix: string): readonly unknown[] | undefined {
    const items = this.names.filter((name) => isItem(name, prefix));
    if (items.length === 0) return undefined;
    for (const name of items) this.#taken.add(name);
    const list = unflatten(items.map((name) => [name.slice(prefix.length), this.#values[name]]));
    return Array.isArray(list) ? list : undefined;
  }

  /** Takes everything below a name, by the rest of the names; text that is JSON is read as what it says. */
  below(prefix: string): Readonly<Record<string, unknown>> | undefined {
    const below = this.names.filter((name) => name.startsWith(prefix));
    if (below.length === 0) return undefined;
    for (const name of below) this.#taken.add(name);
    return Object.fromEntries(
      below.map((name) => [name.slice(prefix.length), parsed(this.#values[name])]),
    );
  }

  /** Says that these are told elsewhere. */
  drop(...names: readonly string[]): void {
    for (const name of names) this.#taken.add(name);
  }

  /** What was not taken. */
  rest(): Record<string, unknown> {
    const left = this.names.filter((name) => !this.#taken.has(name));
    return Object.fromEntries(left.map((name) => [name, this.#values[name]]));
  }
}

function isItem(name: string, prefix: string): boolean {
  const digit = name.charCodeAt(prefix.length) - 48;
  return digit >= 0 && digit <= 9 && name.startsWith(prefix);
}

/** A number, or text that is one. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** The value; text that is JSON is read as what it says. */
export function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*(?:[[{"]|null\s*$|true\s*$|false\s*$)/.test(value)) {
    return value;
  }
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

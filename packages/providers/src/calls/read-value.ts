/** A plain look into a value of unknown shape. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: readonly unknown[] = Object.freeze([]);

/** The fields of an object; none of anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

/** A field of what may be no object. */
export function fieldOf(value: unknown, name: string): unknown {
  return fieldsOf(value)[name];
}

/** The value when it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NONE;
}

/** The value when it is a text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The value when it is a finite number. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Whether it can be waited for. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof fieldOf(value, "then") === "function";
}

/** The same without the fields that say nothing. */
export function withoutNothing(fields: Fields): Record<string, unknown> {
  const known: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined && value !== null) known[name] = value;
  return known;
}

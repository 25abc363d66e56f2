/** A plain look into a value of unknown shape. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: readonly unknown[] = Object.freeze([]);

/** The fields of an object, or `undefined` for anything else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null ? (value as Fields) : undefined;
}

/** A field of an object that may not be one. */
export function fieldOf(value: unknown, name: string): unknown {
  return fieldsOf(value)?.[name];
}

/** The value when it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NONE;
}

/** The value when it is a string. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The value when it is a finite number. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A JSON text as its value; what is no JSON stays text. */
export function parsedOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** The object without the fields that are `undefined`. */
export function compact<T extends object>(
  fields: {
    readonly [K in keyof T]: T[K] | undefined;
  },
): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}

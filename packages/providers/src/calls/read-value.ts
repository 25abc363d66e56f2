/** A plain look into a value of unknown shape. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: readonly unknown[] = Object.freeze([]);

/** The fields of an object; none of anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

/** A field of what may be no object. `undefined` where looking throws, as at a revoked proxy: the app gets it as it is. */
export function fieldOf(value: unknown, name: string | symbol): unknown {
  try {
    return isObject(value) ? Reflect.get(value, name) : undefined;
  } catch {
    return undefined;
  }
}

/** The value when it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  try {
    return Array.isArray(value) ? value : NONE;
  } catch {
    return NONE;
  }
}

/** The value when it is a text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The value when it is a finite number. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Whether it is an object. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Whether the object has such a method. */
export function isMethod(target: unknown, name: string | symbol): boolean {
  return typeof fieldOf(target, name) === "function";
}

/** Whether it can be waited for. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isMethod(value, "then");
}

/** The same without the fields that say nothing. */
export function withoutNothing(fields: Fields): Record<string, unknown> {
  const known: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined && value !== null) known[name] = value;
  return known;
}

type Fields = Readonly<Record<string, unknown>>;

/** The value's fields; none where it is no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

/** The value if it is a text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Whether there is something: lists and objects of which nothing is there say nothing. */
export function isFilled(value: unknown): boolean {
  if (typeof value !== "object") return value !== undefined;
  if (value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  return Object.values(value).some((field) => field !== undefined);
}

/** The value as JSON; `undefined` where it has none. */
export function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** The value's field; `undefined` where there is none, or it cannot be looked at. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return read(() => (value as Readonly<Record<string, unknown>>)[name]);
}

/** What looking gives; `undefined` where it throws, as at a revoked proxy. */
export function read<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** The value if it is a text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Multi-line text is written as `{"$lines": […]}`, so that a diff shows the changed lines. */
const LINES = "$lines";
/** Data that looks like one of these two is written as its JSON text. */
const JSON_TEXT = "$json";

/** A value as it is written to a project file. */
export function breakLines(value: unknown): unknown {
  if (typeof value === "string") {
    return value.includes("\n") ? { [LINES]: value.split("\n") } : value;
  }
  if (Array.isArray(value)) return value.map(breakLines);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && (only?.[0] === LINES || only?.[0] === JSON_TEXT)) {
    return { [JSON_TEXT]: JSON.stringify(value) };
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, breakLines(inner)]));
}

/** Reverses {@link breakLines}. @throws Error for anything else */
export function joinLines(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(joinLines);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [key, only] = entries[0] ?? [];
  if (entries.length === 1 && key === LINES) {
    if (!Array.isArray(only) || only.some((line) => typeof line !== "string")) {
      throw new Error(`"${LINES}" is no list of texts`);
    }
    return only.join("\n");
  }
  if (entries.length === 1 && key === JSON_TEXT) return JSON.parse(String(only));
  return Object.fromEntries(entries.map(([name, inner]) => [name, joinLines(inner)]));
}

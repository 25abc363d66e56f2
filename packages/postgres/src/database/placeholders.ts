import type { SqlValue } from "@rivulet/store/sql";

/** Literals, quoted names and comments, in which `?` is not a placeholder. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?/g;
/** Statements are few and are used repeatedly. */
const KNOWN_STATEMENTS = 1000;
const known = new Map<string, readonly string[]>();

/**
 * Puts `$1`, `$2` … in the place of `?`, with the type of what is bound: PostgreSQL would otherwise guess it
 * from the other side, and refuse 1.5 where that is a whole number.
 */
export function numberPlaceholders(sql: string, values: readonly SqlValue[]): string {
  let text = "";
  for (const [index, part] of partsOf(sql).entries()) {
    text += index === 0 ? part : `$${index}${castOf(values[index - 1])}${part}`;
  }
  return text;
}

/** Text between the placeholders. */
function partsOf(sql: string): readonly string[] {
  const found = known.get(sql);
  if (found !== undefined) return found;
  const parts: string[] = [];
  let from = 0;
  for (const { 0: token, index } of sql.matchAll(TOKENS)) {
    if (token !== "?") continue;
    parts.push(sql.slice(from, index));
    from = index + 1;
  }
  parts.push(sql.slice(from));
  if (known.size >= KNOWN_STATEMENTS) known.clear();
  known.set(sql, parts);
  return parts;
}

function castOf(value: SqlValue | undefined): string {
  switch (typeof value) {
    case "string":
      return "::text";
    case "number":
      return numberCast(value);
    case "object":
      return value === null ? "" : "::bytea";
    default:
      return "";
  }
}

/** Functions such as `substr` accept `integer` only; it can replace `bigint` here. */
function numberCast(value: number): string {
  if (!Number.isSafeInteger(value)) return "::float8";
  return Math.abs(value) < 2 ** 31 ? "::integer" : "::bigint";
}

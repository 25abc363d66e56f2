import type { Row } from "../database.ts";

/** The texts of a JSON array built by a database. */
export function listIn(row: Row, column: string): readonly string[] {
  // A database that cannot store NUL decodes it even inside JSON.
  const json = String(row[column] ?? "[]").replaceAll("\0", "\\u0000");
  return (JSON.parse(json) as readonly unknown[]).filter((item) => typeof item === "string");
}

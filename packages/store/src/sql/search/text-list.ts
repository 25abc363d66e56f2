import type { Row } from "../database.ts";

/** The texts of a list that a database has made as JSON. */
export function listIn(row: Row, column: string): readonly string[] {
  // A database that keeps no NUL gives it back as it is, also inside of JSON.
  const json = String(row[column] ?? "[]").replaceAll("\0", "\\u0000");
  return (JSON.parse(json) as readonly unknown[]).filter((item) => typeof item === "string");
}

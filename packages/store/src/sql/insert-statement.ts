import type { Conflict, Insert } from "./database.ts";

/** The statement that inserts `count` rows, for SQLite and PostgreSQL alike. */
export function insertStatement({ table, columns, conflict }: Insert, count = 1): string {
  const row = `(${columns.map(() => "?").join(", ")})`;
  const rows = Array.from({ length: count }, () => row).join(", ");
  const rest = conflict === undefined ? "" : ` ${onConflict(conflict)}`;
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${rows}${rest}`;
}

function onConflict({ key, update, where }: Conflict): string {
  const target = key.length === 0 ? "ON CONFLICT" : `ON CONFLICT (${key.join(", ")})`;
  if (update.length === 0) return `${target} DO NOTHING`;
  const set = update.map((column) => `${column} = excluded.${column}`).join(", ");
  return `${target} DO UPDATE SET ${set}${where === undefined ? "" : ` WHERE ${where}`}`;
}

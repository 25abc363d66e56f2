import type { Row, Sql, SqlValue } from "../sql/database.ts";
import type { Table } from "../sql/table.ts";
import { rowText } from "./row-text.ts";

/** Rows of the first page, before their size is known. */
const FIRST_ROWS = 100;
const MOST_ROWS = 1000;
/** Bytes to read at a time; a single row may be larger. */
const PAGE_LENGTH = 512 * 1024;

/** The rows of a table as lines, in the order of its key, in batches. */
export async function* linesOf(sql: Sql, table: Table): AsyncGenerator<readonly string[]> {
  const select = `SELECT ${Object.keys(table.columns).join(", ")} FROM ${table.name}`;
  const key = table.key.join(", ");
  const after = ` WHERE (${key}) > (${table.key.map(() => "?").join(", ")})`;
  const order = ` ORDER BY ${key} LIMIT ?`;
  let limit = FIRST_ROWS;
  let last: Row | undefined;
  for (;;) {
    const rows: readonly Row[] =
      last === undefined
        ? await sql.all(`${select}${order}`, [limit])
        : await sql.all(`${select}${after}${order}`, [...keyOf(table, last), limit]);
    last = rows.at(-1);
    if (last === undefined) return;
    const lines = rows.map((row) => rowText(table, row));
    yield lines;
    if (rows.length < limit) return;
    const length = lines.reduce((sum, line) => sum + line.length, 0) / lines.length;
    limit = Math.max(1, Math.min(MOST_ROWS, Math.floor(PAGE_LENGTH / length)));
  }
}

function keyOf(table: Table, row: Row): readonly SqlValue[] {
  return table.key.map((column) => {
    const value = row[column] ?? null;
    // Whole numbers may come as text.
    return table.columns[column] === "integer" ? Number(value) : value;
  });
}

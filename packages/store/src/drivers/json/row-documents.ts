import { encodeCell } from "../../backup/row-text.ts";
import type { Row, Sql } from "../../sql/database.ts";
import type { FileKind } from "./file-kinds.ts";
import { breakLines } from "./long-text.ts";

/** An object of a file. */
export type Document = Readonly<Record<string, unknown>>;

/** Which rows are read. */
export interface Wanted {
  /** Cells that they have. */
  readonly where: Row;
  /** @default the table's key */
  readonly order?: string;
}

/** Rows with these cells. */
export function rowsOf(sql: Sql, { table }: FileKind, wanted: Wanted): Promise<readonly Row[]> {
  const { where, order = table.key.join(", ") } = wanted;
  const conditions = Object.keys(where).map((column) => `${column} = ?`);
  return sql.all(
    `SELECT * FROM ${table.name} WHERE ${conditions.join(" AND ")} ORDER BY ${order}`,
    Object.values(where),
  );
}

/** The cells of a row in the order of its columns, long texts by lines. */
export function document(kind: FileKind, row: Row): Document {
  const cells = Object.entries(plainDocument(kind, row));
  return Object.fromEntries(cells.map(([column, value]) => [column, breakLines(value)]));
}

/** The cells of a row in the order of its columns. */
export function plainDocument({ table, left }: FileKind, row: Row): Document {
  const columns = Object.entries(table.columns).filter(([column]) => !left.includes(column));
  return Object.fromEntries(
    columns.map(([column, type]) => {
      const cell = encodeCell(type, row[column] ?? null);
      const isJson = type.startsWith("json") && cell !== undefined;
      return [column, isJson ? JSON.parse(String(cell)) : cell];
    }),
  );
}

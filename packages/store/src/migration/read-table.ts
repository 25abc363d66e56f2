import { createHash } from "node:crypto";
import { cellEncoder } from "../backup/row-text.ts";
import type { Row, Sql, SqlValue } from "../sql/database.ts";
import type { ColumnType, Table } from "../sql/table.ts";
import { number } from "../sql/values.ts";
import type { VerifiedTable } from "./migration.ts";

/** Some rows of a table in the order of its key, with values as they are bound. */
export interface TablePage {
  readonly rows: readonly (readonly SqlValue[])[];
  /** The key of the last one. */
  readonly last: readonly SqlValue[];
}

/** The part of a table that a store of some version has. */
export interface TablePart {
  readonly table: Table;
  readonly columns: readonly (readonly [name: string, type: ColumnType])[];
}

/** The part of a table that a store of a version has. */
export function partAt(table: Table, version: number): TablePart {
  const { columns, added = {}, since = 1 } = table;
  return {
    table,
    columns: Object.entries(columns).filter(([name]) => (added[name] ?? since) <= version),
  };
}

const FIRST_ROWS = 200;
const MOST_ROWS = 4_000;
/** Characters to read at a time; a single row may be longer. */
const PAGE_LENGTH = 4 * 1024 * 1024;

/** The rows of a table behind a key, in batches. */
export async function* pagesOf(
  sql: Sql,
  { table, columns }: TablePart,
  after?: readonly SqlValue[],
): AsyncGenerator<TablePage> {
  const names = columns.map(([name]) => name);
  const key = table.key.join(", ");
  const select = `SELECT ${names.join(", ")} FROM ${table.name}`;
  const behind = ` WHERE (${key}) > (${table.key.map(() => "?").join(", ")})`;
  const order = ` ORDER BY ${key} LIMIT ?`;
  const places = table.key.map((column) => names.indexOf(column));
  const readers = columns.map(([name, type]) => {
    const read = reader(type);
    return (row: Row): SqlValue => read(row[name] ?? null);
  });
  let last = after;
  let limit = FIRST_ROWS;
  for (;;) {
    const found: readonly Row[] =
      last === undefined
        ? await sql.all(`${select}${order}`, [limit])
        : await sql.all(`${select}${behind}${order}`, [...last, limit]);
    const rows = found.map((row) => readers.map((read) => read(row)));
    const end = rows.at(-1);
    if (end === undefined) return;
    last = places.map((place) => end[place] ?? null);
    yield { rows, last };
    if (rows.length < limit) return;
    const length = rows.reduce((sum, row) => sum + lengthOf(row), 0) / rows.length;
    limit = Math.max(1, Math.min(MOST_ROWS, Math.floor(PAGE_LENGTH / length)));
  }
}

/** Numbers may come as text, depending on the database. */
function reader(type: ColumnType): (value: SqlValue) => SqlValue {
  const convert = type.startsWith("integer") || type.startsWith("real") ? Number : String;
  return (value) => (value === null || value instanceof Uint8Array ? value : convert(value));
}

const NUMBER_LENGTH = 8;

function lengthOf(row: readonly SqlValue[]): number {
  return row.reduce<number>(
    (sum, value) => sum + (typeof value === "string" ? value.length : NUMBER_LENGTH),
    0,
  );
}

/** The number of rows of a table. */
export async function countRows(sql: Sql, table: Table): Promise<number> {
  const [row = {}] = await sql.all(`SELECT COUNT(*) AS count FROM ${table.name}`);
  return number(row, "count");
}

/** Hashes rows in the order of their key. */
export interface TableDigest {
  add(page: TablePage): void;
  /** To be asked for once. */
  result(): VerifiedTable;
}

/** A digest of the rows of a table. */
export function tableDigest({ columns }: TablePart): TableDigest {
  const encoders = columns.map(([, type]) => cellEncoder(type));
  const digest = createHash("sha256");
  let rows = 0;
  return {
    add(page) {
      const lines = page.rows.map((row) => {
        const cells = encoders.map((encode, place) => encode(row[place] ?? null) ?? null);
        return `${JSON.stringify(cells)}\n`;
      });
      // A page at once: a call for each row would cost more than its hash.
      digest.update(lines.join(""));
      rows += page.rows.length;
    },
    result: () => ({ rows, digest: digest.digest("hex") }),
  };
}

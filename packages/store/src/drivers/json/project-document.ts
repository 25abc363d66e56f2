import { RivuletError } from "@rivulet/domain";
import type { Database, Row, Sql, SqlValue } from "../../sql/database.ts";
import { SCHEMA_VERSION, TABLES } from "../../sql/schema.ts";
import type { Table } from "../../sql/table.ts";

/** The project file: tables by name, rows as objects, JSON texts as what they hold. */
export interface ProjectDocument {
  readonly rivulet: { readonly schema: number };
  readonly tables: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/** Everything in the database, in an order that keeps differences small. */
export function documentOf(database: Database): Promise<ProjectDocument> {
  return database.snapshot(readDocument);
}

async function readDocument(sql: Sql): Promise<ProjectDocument> {
  const tables: Record<string, readonly Readonly<Record<string, unknown>>[]> = {};
  for (const table of TABLES.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const rows = await sql.all(`SELECT * FROM ${table.name} ORDER BY ${table.key.join(", ")}`);
    if (rows.length > 0) tables[table.name] = rows.map((row) => readable(table, row));
  }
  return { rivulet: { schema: SCHEMA_VERSION }, tables };
}

/** Fills an empty database. @throws RivuletError `store_corrupt`, `store_too_new` */
export async function loadDocument(
  database: Database,
  document: ProjectDocument,
  path: string,
): Promise<void> {
  const schema = document?.rivulet?.schema;
  if (
    typeof schema !== "number" ||
    typeof document.tables !== "object" ||
    document.tables === null
  ) {
    throw new RivuletError(
      "store_corrupt",
      `${path} is no Rivulet project file. It is left as it is: choose another path.`,
    );
  }
  if (schema > SCHEMA_VERSION) {
    throw new RivuletError(
      "store_too_new",
      `${path} has schema ${schema}, this Rivulet knows up to ${SCHEMA_VERSION}. Update @rivulet/core.`,
    );
  }
  await database.transaction(async (sql) => {
    await sql.run("DELETE FROM experiments");
    if (document.tables["store_id"] !== undefined) await sql.run("DELETE FROM store_id");
    for (const [name, rows] of Object.entries(document.tables)) {
      const table = TABLES.find((candidate) => candidate.name === name);
      if (table === undefined) throw damaged(path, `it has an unknown table "${name}"`);
      for (const row of rows) await insert(sql, { table, row, path });
    }
  });
}

async function insert(
  sql: Sql,
  { table, row, path }: { table: Table; row: Readonly<Record<string, unknown>>; path: string },
): Promise<void> {
  const columns = Object.keys(table.columns);
  const unknown = Object.keys(row).find((column) => !columns.includes(column));
  if (unknown !== undefined)
    throw damaged(path, `table "${table.name}" has an unknown column "${unknown}"`);
  const values = columns.map((column) => storable(table, column, row[column]));
  try {
    await sql.insert({ table: table.name, columns }, [values]);
  } catch (cause) {
    throw damaged(path, `a row of "${table.name}" cannot be read`, cause);
  }
}

function damaged(path: string, what: string, cause?: unknown): RivuletError {
  return new RivuletError(
    "store_corrupt",
    `${path} cannot be loaded: ${what}. It is left as it is: repair it, or choose another path.`,
    { cause },
  );
}

function isJson({ columns }: Table, column: string): boolean {
  return columns[column]?.startsWith("json") ?? false;
}

function readable(table: Table, row: Row): Readonly<Record<string, unknown>> {
  const kept = Object.entries(row).filter(([, value]) => value !== null);
  const sorted = kept.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    sorted.map(([column, value]) => [
      column,
      isJson(table, column) ? JSON.parse(String(value)) : value,
    ]),
  );
}

function storable(table: Table, column: string, value: unknown): SqlValue {
  if (value === undefined) return null;
  if (isJson(table, column)) return JSON.stringify(value);
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  return JSON.stringify(value);
}

import { RivuletError } from "@rivulet/domain";
import type { Database, Row, Sql, SqlValue } from "../../sql/database.ts";
import { SCHEMA_VERSION } from "../../sql/schema.ts";
import { text } from "../../sql/values.ts";

/** The project file: tables by name, rows as objects, JSON texts as what they hold. */
export interface ProjectDocument {
  readonly rivulet: { readonly schema: number };
  readonly tables: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/** Columns that hold JSON text: in the file they are what the text says. */
const JSON_COLUMNS: ReadonlySet<string> = new Set([
  "metrics",
  "template",
  "variables",
  "config",
  "arms",
  "metadata",
  "prompts",
  "inputs",
  "expectations",
  "scores",
  "body",
]);

/** Everything in the database, in an order that keeps differences small. */
export function documentOf(database: Database): Promise<ProjectDocument> {
  return database.snapshot(readDocument);
}

async function readDocument(sql: Sql): Promise<ProjectDocument> {
  const tables: Record<string, readonly Readonly<Record<string, unknown>>[]> = {};
  for (const name of await tableNames(sql)) {
    const key = await primaryKey(sql, name);
    const rows = await sql.all(`SELECT * FROM ${name} ORDER BY ${key.join(", ")}`);
    if (rows.length > 0) tables[name] = rows.map((row) => readable(name, row));
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
  const known = new Set(await tableNames(database));
  await database.transaction(async (sql) => {
    await sql.run("DELETE FROM experiments");
    for (const [table, rows] of Object.entries(document.tables)) {
      if (!known.has(table)) throw damaged(path, `it has an unknown table "${table}"`);
      for (const row of rows) await insert(sql, { table, row, path });
    }
  });
}

async function insert(
  sql: Sql,
  { table, row, path }: { table: string; row: Readonly<Record<string, unknown>>; path: string },
): Promise<void> {
  const columns = (await sql.all(`PRAGMA table_info(${table})`)).map((info) => text(info, "name"));
  const unknown = Object.keys(row).find((column) => !columns.includes(column));
  if (unknown !== undefined)
    throw damaged(path, `table "${table}" has an unknown column "${unknown}"`);
  const values = columns.map((column) => storable(table, column, row[column]));
  try {
    await sql.insert({ table, columns }, [values]);
  } catch (cause) {
    throw damaged(path, `a row of "${table}" cannot be read`, cause);
  }
}

function damaged(path: string, what: string, cause?: unknown): RivuletError {
  return new RivuletError(
    "store_corrupt",
    `${path} cannot be loaded: ${what}. It is left as it is: repair it, or choose another path.`,
    { cause },
  );
}

async function tableNames(sql: Sql): Promise<readonly string[]> {
  const rows = await sql.all(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'rivulet_schema' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  );
  return rows.map((row) => text(row, "name"));
}

async function primaryKey(sql: Sql, table: string): Promise<readonly string[]> {
  const rows = await sql.all(
    `SELECT name FROM pragma_table_info('${table}') WHERE pk > 0 ORDER BY pk`,
  );
  return rows.map((row) => text(row, "name"));
}

function isJson(table: string, column: string): boolean {
  // A message kept apart is text that must come back to the letter.
  return JSON_COLUMNS.has(column) && table !== "blobs";
}

function readable(table: string, row: Row): Readonly<Record<string, unknown>> {
  const kept = Object.entries(row).filter(([, value]) => value !== null);
  const sorted = kept.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    sorted.map(([column, value]) => [
      column,
      isJson(table, column) ? JSON.parse(String(value)) : value,
    ]),
  );
}

function storable(table: string, column: string, value: unknown): SqlValue {
  if (value === undefined) return null;
  if (isJson(table, column)) return JSON.stringify(value);
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  return JSON.stringify(value);
}

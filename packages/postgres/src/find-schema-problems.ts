import { type Index, type Sql, type Table, text } from "@rivulet/store/sql";

/** How tables differ from their declarations. */
export interface SchemaProblems {
  readonly problems: readonly string[];
  /** Number of missing or incomplete tables. */
  readonly missingTables: number;
}

const COLUMNS = `SELECT c.relname AS table, a.attname AS column
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND a.attnum > 0 AND NOT a.attisdropped`;

const INDEXES = `SELECT t.relname AS table, i.relname AS name, CAST(x.indisprimary AS INTEGER) AS is_key,
    CAST(x.indisvalid AND x.indisready AS INTEGER) AS is_valid
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
  WHERE t.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY i.relname`;

const RESTORE =
  'Restore a backup into another schema ("rivulet restore"), or the table from a dump.';

/** Compares existing tables with their declarations. */
export async function findSchemaProblems(
  sql: Sql,
  tables: readonly Table[],
): Promise<SchemaProblems> {
  const rows = await sql.all(COLUMNS);
  const columns = Map.groupBy(rows, (row) => text(row, "table"));
  const gone = tables.flatMap(({ name, columns: wanted }) => {
    const own = new Set(columns.get(name)?.map((row) => text(row, "column")));
    if (own.size === 0) return [`The table ${name} is missing. ${RESTORE}`];
    const missing = Object.keys(wanted).filter((column) => !own.has(column));
    if (missing.length === 0) return [];
    return [`The table ${name} lacks ${missing.join(", ")}. ${RESTORE}`];
  });
  const there = tables.filter(({ name }) => columns.has(name));
  return {
    problems: [...gone, ...(await findIndexProblems(sql, there))],
    missingTables: gone.length,
  };
}

async function findIndexProblems(sql: Sql, tables: readonly Table[]): Promise<readonly string[]> {
  const rows = await sql.all(INDEXES);
  const names = new Set(rows.map((row) => text(row, "name")));
  const keyed = new Set(rows.filter((row) => row["is_key"] === 1).map((row) => text(row, "table")));
  const invalid = rows
    .filter((row) => row["is_valid"] === 0)
    .map((row) => text(row, "name"))
    .map(
      (name) =>
        `The index ${name} is invalid, because building it was interrupted. Run REINDEX INDEX ${name}.`,
    );
  const missing = tables.flatMap((table) => [
    ...(keyed.has(table.name) ? [] : [noKey(table)]),
    ...(table.indexes ?? [])
      .filter(({ name }) => !names.has(name))
      .map((index) => noIndex(sql, table, index)),
  ]);
  return [...invalid, ...missing];
}

function noKey({ name, key }: Table): string {
  return `The table ${name} has no primary key: nothing can be written to it. ALTER TABLE ${name} ADD PRIMARY KEY (${key.join(", ")}).`;
}

function noIndex(sql: Sql, table: Table, index: Index): string {
  const effect = index.unique ? "doubles are not refused" : "searches are slow";
  return `The index ${index.name} is missing: ${effect}. ${sql.dialect.createIndex(table, index)}.`;
}

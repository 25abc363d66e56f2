import { createHash } from "node:crypto";
import { RivuletError } from "@rivulet/domain";
import type { Database, Row, Sql } from "./database.ts";
import type { Dialect } from "./dialect.ts";
import { SCHEMA, type Schema, versionOf } from "./schema.ts";
import type { ColumnType, Index, Table } from "./table.ts";
import { number } from "./values.ts";

const versions: Table = {
  name: "rivulet_schema",
  columns: { version: "integer", applied_us: "integer", fingerprint: "text" },
  key: ["version"],
};

/**
 * Brings the database to the newest schema, version by version. The version is read again when nobody else
 * migrates, so that several processes may start at once.
 *
 * @throws RivuletError `store_too_new`, or `store_corrupt` when the database holds other tables than ours
 */
export async function migrate(database: Database, schema: Schema = SCHEMA): Promise<void> {
  const newest = versionOf(schema);
  if ((await readVersion(database, schema)) === newest) return;
  await database.transaction(async (sql) => {
    for (const statement of sql.dialect.migrationLock) await sql.run(statement);
    const before = await readVersion(sql, schema);
    if (before === 0) await runAll(sql, sql.dialect.createTable(versions));
    const tables = allTables(schema, sql.dialect);
    // A new store has no older tables to move rows from.
    const wanted = before === 0 ? tables.filter(({ until = newest }) => until >= newest) : tables;
    for (let version = before + 1; version <= newest; version += 1) {
      for (const table of wanted) {
        await runAll(sql, additions({ table, version, dialect: sql.dialect }));
      }
      await schema.steps[version]?.(sql);
      await sql.run(
        `INSERT INTO rivulet_schema (version, applied_us, fingerprint) VALUES (?, ${sql.dialect.now}, ?)`,
        [version, fingerprintOf(tables, version)],
      );
    }
  });
}

/**
 * The schema version of the database; 0 when it is empty.
 *
 * @throws RivuletError as {@link migrate}
 */
export async function readVersion(sql: Sql, schema: Schema = SCHEMA): Promise<number> {
  const tables = await sql.all(sql.dialect.listTables);
  if (tables.length === 0) return 0;
  if (!tables.some((row) => row["name"] === versions.name)) {
    throw new RivuletError(
      "store_corrupt",
      "The database contains tables of another program and was left unchanged. Choose another path.",
    );
  }
  const applied = await sql.all("SELECT * FROM rivulet_schema ORDER BY version");
  const version = Math.max(0, ...applied.map((row) => number(row, "version")));
  const newest = versionOf(schema);
  if (version > newest) {
    throw new RivuletError(
      "store_too_new",
      `The store has schema ${version}, but this Rivulet supports schemas up to ${newest}. Update @rivulet/core.`,
      { details: { version, newest } },
    );
  }
  for (const row of applied) requireSameTables(row, allTables(schema, sql.dialect));
  return version;
}

/** A build between two releases may have created different tables under the same version. */
function requireSameTables(applied: Row, tables: readonly Table[]): void {
  const version = number(applied, "version");
  if (applied["fingerprint"] === fingerprintOf(tables, version)) return;
  throw new RivuletError(
    "store_corrupt",
    `The store was created by an unreleased build of Rivulet whose schema ${version} has different tables; it was left unchanged. Choose another place.`,
    { details: { version } },
  );
}

/** Hash of what one version adds. */
function fingerprintOf(tables: readonly Table[], version: number): string {
  const added = tables
    .map((table) => ({ name: table.name, key: table.key, ...partOf(table, version) }))
    .filter(({ columns, indexes }) => columns.length + indexes.length > 0);
  return createHash("sha256").update(JSON.stringify(added)).digest("hex");
}

function allTables(schema: Schema, dialect: Dialect): readonly Table[] {
  return [...schema.tables, ...dialect.ownTables];
}

interface Addition {
  readonly table: Table;
  readonly version: number;
  readonly dialect: Dialect;
}

/** What one version adds for a table: the table as it was then, or its new columns and indexes. */
function additions({ table, version, dialect }: Addition): readonly string[] {
  const { columns, indexes } = partOf(table, version);
  if (version === (table.since ?? 1)) {
    return dialect.createTable({ ...table, columns: Object.fromEntries(columns), indexes });
  }
  return [
    ...columns.map(([name, type]) => dialect.addColumn(table, name, type)),
    ...indexes.map((index) => dialect.createIndex(table, index)),
  ];
}

/** Columns and indexes added by one version. */
interface Part {
  readonly columns: readonly (readonly [name: string, type: ColumnType])[];
  readonly indexes: readonly Index[];
}

function partOf(table: Table, version: number): Part {
  const { since = 1, added = {}, columns, indexes = [] } = table;
  const comesNow = (name: string): boolean => (added[name] ?? since) === version;
  return {
    columns: Object.entries(columns).filter(([name]) => comesNow(name)),
    indexes: indexes.filter(({ name }) => comesNow(name)),
  };
}

async function runAll(sql: Sql, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.run(statement);
}

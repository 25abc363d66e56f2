import { RivuletError } from "@rivulet/domain";
import type { Database, Sql } from "./database.ts";
import type { Dialect } from "./dialect.ts";
import { SCHEMA, SCHEMA_VERSION, type Schema, versionOf } from "./schema.ts";
import type { Table } from "./table.ts";
import { number } from "./values.ts";

const versions: Table = {
  name: "rivulet_schema",
  columns: { version: "integer", applied_us: "integer" },
  key: ["version"],
};

/**
 * Brings the database to the newest schema, version by version. The version is read again when nobody else
 * migrates, so that several processes may start at once.
 *
 * @throws RivuletError `store_too_new`, or `store_corrupt` when the database holds other tables than ours.
 */
export async function migrate(database: Database, schema: Schema = SCHEMA): Promise<void> {
  const newest = versionOf(schema);
  if ((await readVersion(database, newest)) === newest) return;
  await database.transaction(async (sql) => {
    for (const statement of sql.dialect.migrationLock) await sql.run(statement);
    const before = await readVersion(sql, newest);
    if (before === 0) await runAll(sql, sql.dialect.createTable(versions));
    for (let version = before + 1; version <= newest; version += 1) {
      for (const table of [...schema.tables, ...sql.dialect.ownTables]) {
        await runAll(sql, additions({ table, version, dialect: sql.dialect }));
      }
      await schema.steps[version]?.(sql);
      await sql.run(
        `INSERT INTO rivulet_schema (version, applied_us) VALUES (?, ${sql.dialect.now})`,
        [version],
      );
    }
  });
}

/** The schema version of the database; 0 when it is empty. Throws when it cannot be ours. */
export async function readVersion(sql: Sql, newest: number = SCHEMA_VERSION): Promise<number> {
  const tables = await sql.all(sql.dialect.listTables);
  if (tables.length === 0) return 0;
  if (!tables.some((row) => row["name"] === versions.name)) {
    throw new RivuletError(
      "store_corrupt",
      "The database holds tables of another program. Choose another path; it is left as it is.",
    );
  }
  const [row = {}] = await sql.all("SELECT MAX(version) AS version FROM rivulet_schema");
  const version = number(row, "version");
  if (version <= newest) return version;
  throw new RivuletError(
    "store_too_new",
    `The store has schema ${version}, this Rivulet knows up to ${newest}. Update @rivulet/core.`,
    { details: { version, newest } },
  );
}

interface Addition {
  readonly table: Table;
  readonly version: number;
  readonly dialect: Dialect;
}

/** What one version adds for a table: the table as it was then, or its new columns and indexes. */
function additions({ table, version, dialect }: Addition): readonly string[] {
  const { since = 1, added = {}, columns, indexes = [] } = table;
  const comesWith = (name: string): number => added[name] ?? since;
  if (version < since) return [];
  if (version === since) return dialect.createTable(tableAt(table, comesWith));
  return [
    ...Object.entries(columns)
      .filter(([name]) => comesWith(name) === version)
      .map(([name, type]) => dialect.addColumn(table, name, type)),
    ...indexes
      .filter(({ name }) => comesWith(name) === version)
      .map((index) => dialect.createIndex(table, index)),
  ];
}

/** A table without what came to it later. */
function tableAt(table: Table, comesWith: (name: string) => number): Table {
  const { since = 1, columns, indexes = [] } = table;
  const isThere = (name: string): boolean => comesWith(name) <= since;
  return {
    ...table,
    columns: Object.fromEntries(Object.entries(columns).filter(([name]) => isThere(name))),
    indexes: indexes.filter(({ name }) => isThere(name)),
  };
}

async function runAll(sql: Sql, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.run(statement);
}

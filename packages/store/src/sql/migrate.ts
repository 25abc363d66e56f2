import { DEFAULT_EXPERIMENT_ID, RivuletError } from "@rivulet/domain";
import type { Database, Sql } from "./database.ts";
import { SCHEMA_VERSION, TABLES } from "./schema.ts";
import type { Table } from "./table.ts";
import { number } from "./values.ts";

const versions: Table = {
  name: "rivulet_schema",
  columns: { version: "integer", applied_us: "integer" },
  key: ["version"],
};

/** One step of the schema. Steps are never edited once released; a change is a new step. */
interface Migration {
  readonly version: number;
  apply(sql: Sql): Promise<void>;
}

const migrations: readonly Migration[] = [{ version: 1, apply: makeTables }];

/**
 * Brings the database to the newest schema. The version is read again when nobody else migrates, so that
 * several processes may start at once.
 *
 * @throws RivuletError `store_too_new`, or `store_corrupt` when the database holds other tables than ours.
 */
export async function migrate(database: Database): Promise<void> {
  if ((await readVersion(database)) === SCHEMA_VERSION) return;
  await database.transaction(async (sql) => {
    for (const statement of sql.dialect.migrationLock) await sql.run(statement);
    const version = await readVersion(sql);
    if (version === 0) await makeTable(sql, versions);
    for (const step of migrations.filter((candidate) => candidate.version > version)) {
      await step.apply(sql);
      await sql.run(
        `INSERT INTO rivulet_schema (version, applied_us) VALUES (?, ${sql.dialect.now})`,
        [step.version],
      );
    }
  });
}

/** The schema version of the database; 0 when it is empty. Throws when it cannot be ours. */
export async function readVersion(sql: Sql): Promise<number> {
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
  if (version <= SCHEMA_VERSION) return version;
  throw new RivuletError(
    "store_too_new",
    `The store has schema ${version}, this Rivulet knows up to ${SCHEMA_VERSION}. Update @rivulet/core.`,
    { details: { version, newest: SCHEMA_VERSION } },
  );
}

async function makeTables(sql: Sql): Promise<void> {
  for (const table of TABLES) await makeTable(sql, table);
  await sql.insert(
    { table: "experiments", columns: ["id", "name", "lifecycle", "created_us", "updated_us"] },
    [[DEFAULT_EXPERIMENT_ID, "Default", "active", 0, 0]],
  );
}

async function makeTable(sql: Sql, table: Table): Promise<void> {
  for (const statement of sql.dialect.createTable(table)) await sql.run(statement);
}

import { RivuletError } from "@rivulet/domain";
import type { Backend, BackendRequest } from "@rivulet/store/engine";
import { type Database, migrate, readVersion, SCHEMA_VERSION, sqlBackend } from "@rivulet/store/sql";
import { type ConnectionSettings, placeOf } from "./connection-settings.ts";
import { openPostgresDatabase } from "./database/postgres-database.ts";
import { postgresDialect } from "./dialect/postgres-dialect.ts";

/**
 * Opens the store in a database. A writer makes the schema and its tables, or brings them to the newest version.
 *
 * @throws RivuletError why it cannot be opened
 */
export async function openPostgresBackend({
  role,
  setup,
}: BackendRequest<ConnectionSettings>): Promise<Backend> {
  const dialect = postgresDialect(setup.partitions);
  const database = await openPostgresDatabase({ settings: setup, dialect });
  try {
    await requireUnicode(database, setup);
    if (role === "writer") await makeTables(database, setup.schema);
    else await requireTables(database, setup);
    return sqlBackend(database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function requireUnicode(database: Database, settings: ConnectionSettings): Promise<void> {
  const [row] = await database.all("SHOW server_encoding");
  if (row?.["server_encoding"] === "UTF8") return;
  throw new RivuletError(
    "unsupported",
    `The database at ${placeOf(settings)} has the encoding ${row?.["server_encoding"]}. Create one with ENCODING 'UTF8'.`,
  );
}

async function makeTables(database: Database, schema: string): Promise<void> {
  const [known] = await database.all(
    "SELECT 1 FROM information_schema.schemata WHERE schema_name = ?",
    [schema],
  );
  if (known === undefined) await database.run(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
  await migrate(database);
}

async function requireTables(database: Database, settings: ConnectionSettings): Promise<void> {
  const version = await readVersion(database);
  if (version === SCHEMA_VERSION) return;
  throw new RivuletError(
    "store_unavailable",
    `The store at ${placeOf(settings)}, schema ${settings.schema}, has version ${version}; this Rivulet reads ${SCHEMA_VERSION}. Open it once for writing: that brings it up to date.`,
    { details: { version } },
  );
}

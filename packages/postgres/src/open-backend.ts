import { RivuletError } from "@rivulet/domain";
import { writeBackup } from "@rivulet/store/backup";
import type { Backend, BackendRequest } from "@rivulet/store/engine";
import {
  type Database,
  readVersion,
  SCHEMA,
  SCHEMA_VERSION,
  sqlBackend,
  tablesOf,
} from "@rivulet/store/sql";
import { type ConnectionSettings, placeOf } from "./connection-settings.ts";
import { openPostgresDatabase, type PostgresDatabase } from "./database/postgres-database.ts";
import { postgresDialect } from "./dialect/postgres-dialect.ts";
import { fileTableStorage } from "./file-storage.ts";
import { findProblems } from "./find-problems.ts";
import { requireWhole } from "./migrate-postgres.ts";
import { hasSchema, prepareDatabase, requireUnicode } from "./prepare-database.ts";

/** What a worker opens. */
type Request = BackendRequest<ConnectionSettings>;

/**
 * Opens the store in a database. A writer makes the schema and its tables, or brings them to the newest version.
 *
 * @throws RivuletError why it cannot be opened
 */
export async function openPostgresBackend(request: Request): Promise<Backend> {
  const { role, setup: settings, report } = request;
  const database = await openPostgresDatabase(settings, postgresDialect());
  try {
    await requireUnicode(database, settings);
    if (role === "writer") {
      const prepared = await prepareDatabase({ database, settings, report });
      await requireWhole(prepared, settings);
      return backendOf(prepared, request);
    }
    await requireTables(database, settings);
    await requireWhole(database, settings);
    return backendOf(database, request);
  } catch (error) {
    await database.close();
    throw error;
  }
}

function backendOf(database: Database, { role, owner, setup, report }: Request): Backend {
  const storage = fileTableStorage(database);
  const tables = [...tablesOf(SCHEMA), ...database.dialect.ownTables];
  const checked: Database = {
    ...database,
    findProblems: () => database.snapshot((sql) => findProblems(sql, tables)),
  };
  const backend = sqlBackend(checked, {
    storage,
    role,
    report,
    origin: owner,
    backup: (folder) => writeBackup(folder, { database, storage }),
  });
  return { ...backend, searchesAtOnce: Math.max(1, setup.max - 1) };
}

async function requireTables(
  database: PostgresDatabase,
  settings: ConnectionSettings,
): Promise<void> {
  const version = (await hasSchema(database, settings)) ? await readVersion(database) : 0;
  if (version === SCHEMA_VERSION) return;
  const where = `The store at ${placeOf(settings)}, schema ${settings.schema},`;
  const what =
    version === 0
      ? "is not there yet"
      : `has version ${version}, but this Rivulet reads ${SCHEMA_VERSION}`;
  throw new RivuletError(
    "store_unavailable",
    `${where} ${what}. Open it once for writing to create or update it.`,
    { details: { version } },
  );
}

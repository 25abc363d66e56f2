import { RivuletError } from "@rivulet/domain";
import { writeBackup } from "@rivulet/store/backup";
import type { Backend, BackendRequest } from "@rivulet/store/engine";
import { hostStorage, joinStorages } from "@rivulet/store/files";
import {
  type Database,
  type FileStorage,
  ownFiles,
  readVersion,
  SCHEMA,
  SCHEMA_VERSION,
  sqlBackend,
  tablesOf,
} from "@rivulet/store/sql";
import { type ConnectionSettings, placeOf } from "./connection-settings.ts";
import { openPostgresDatabase, type PostgresDatabase } from "./database/postgres-database.ts";
import { postgresDialect } from "./dialect/postgres-dialect.ts";
import { lockedStorage } from "./file-locks.ts";
import { fileTableStorage } from "./file-storage.ts";
import { findProblems } from "./find-problems.ts";
import { requireWhole } from "./migrate-postgres.ts";
import { hasSchema, prepareDatabase, requireUnicode } from "./prepare-database.ts";

/** What a worker is told. */
export interface PostgresSetup extends ConnectionSettings {
  /** Whether the bytes of files are in a storage that the app's thread reaches. */
  readonly isElsewhere: boolean;
}

/** What a worker opens. */
type Request = BackendRequest<PostgresSetup>;

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
      const storage = storageOf(prepared, request);
      await ownFiles(prepared, storage);
      return backendOf(prepared, { ...request, files: storage });
    }
    await requireTables(database, settings);
    await requireWhole(database, settings);
    return backendOf(database, { ...request, files: storageOf(database, request) });
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Files of a store that was moved to S3 later are in the database still. */
function storageOf(database: Database, { setup, storage: call }: Request): FileStorage {
  const inside = fileTableStorage(database);
  if (!setup.isElsewhere || call === undefined) return inside;
  return joinStorages(lockedStorage(hostStorage(call)), inside);
}

function backendOf(
  database: Database,
  { role, owner, setup, report, files: storage }: Request & { readonly files: FileStorage },
): Backend {
  const elsewhere = setup.isElsewhere ? storage : undefined;
  const tables = [...tablesOf(SCHEMA), ...database.dialect.ownTables];
  const checked: Database = {
    ...database,
    findProblems: () => database.snapshot((sql) => findProblems(sql, { tables, elsewhere })),
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

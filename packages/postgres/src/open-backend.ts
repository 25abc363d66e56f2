import { RivuletError } from "@rivulet/domain";
import { writeBackup } from "@rivulet/store/backup";
import type { Backend, BackendRequest } from "@rivulet/store/engine";
import {
  type Database,
  migrate,
  readVersion,
  SCHEMA_VERSION,
  type Sql,
  sqlBackend,
  text,
} from "@rivulet/store/sql";
import { type ConnectionSettings, placeOf } from "./connection-settings.ts";
import { openPostgresDatabase, type PostgresDatabase } from "./database/postgres-database.ts";
import { periodOfTables } from "./dialect/partitions.ts";
import { postgresDialect } from "./dialect/postgres-dialect.ts";
import { fileTableStorage } from "./file-storage.ts";
import type { PartitionPeriod } from "./options.ts";
import { createPartitionKeeper } from "./partition-keeper.ts";

/** What a worker is asked to open. */
type Request = BackendRequest<ConnectionSettings>;

/**
 * Opens the store in a database. A writer makes the schema and its tables, or brings them to the newest version.
 *
 * @throws RivuletError why it cannot be opened
 */
export async function openPostgresBackend(request: Request): Promise<Backend> {
  const database = await openPostgresDatabase(request.setup, postgresDialect());
  try {
    await requireUnicode(database, request.setup);
    return request.role === "writer"
      ? await openWriter(database, request)
      : await openReader(database, request);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openReader(plain: PostgresDatabase, request: Request): Promise<Backend> {
  const { setup } = request;
  const version = await readVersion(plain);
  if (version === SCHEMA_VERSION) return backendOf(plain, request);
  throw new RivuletError(
    "store_unavailable",
    `The store at ${placeOf(setup)}, schema ${setup.schema}, has version ${version}; this Rivulet reads ${SCHEMA_VERSION}. Open it once for writing: that brings it up to date.`,
    { details: { version } },
  );
}

async function openWriter(plain: PostgresDatabase, request: Request): Promise<Backend> {
  const { setup } = request;
  await makeSchema(plain, setup.schema);
  const isNew = (await readVersion(plain)) === 0;
  const period = isNew ? setup.partitions : await readPeriod(plain);
  const database = plain.withDialect(postgresDialect(period));
  await migrate(database);
  await requirePeriod(database, request, period);
  if (period === undefined) return backendOf(database, request);
  const partitions = createPartitionKeeper(database, period);
  await partitions.prepare();
  return backendOf({ ...database, tidy: partitions.prepare }, request);
}

function backendOf(database: Database, { role, owner, report }: Request): Backend {
  const storage = fileTableStorage(database);
  return sqlBackend(database, {
    storage,
    role,
    report,
    origin: owner,
    backup: (folder) => writeBackup(folder, { database, storage }),
  });
}

async function requireUnicode(sql: Sql, settings: ConnectionSettings): Promise<void> {
  const [row = {}] = await sql.all("SHOW server_encoding");
  const encoding = text(row, "server_encoding");
  if (encoding === "UTF8") return;
  throw new RivuletError(
    "unsupported",
    `The database at ${placeOf(settings)} has the encoding ${encoding}. Create one with ENCODING 'UTF8'.`,
  );
}

/** Asks first: who may not make a schema may use one. */
async function makeSchema(sql: Sql, schema: string): Promise<void> {
  const [known] = await sql.all("SELECT 1 FROM information_schema.schemata WHERE schema_name = ?", [
    schema,
  ]);
  if (known === undefined) await sql.run(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
}

async function readPeriod(sql: Sql): Promise<PartitionPeriod | undefined> {
  const tables = await sql.all(sql.dialect.listTables);
  return periodOfTables(tables.map((row) => text(row, "name")));
}

/** What was asked for is said when the store has it otherwise; what was taken for granted must be so. */
async function requirePeriod(
  sql: Sql,
  { setup, report }: Request,
  assumed: PartitionPeriod | undefined,
): Promise<void> {
  const period = await readPeriod(sql);
  if (period !== assumed) {
    throw new RivuletError(
      "conflict",
      `Another process has made the store at ${placeOf(setup)} at the same moment, with other partitions. Open it again.`,
    );
  }
  if (setup.partitions === undefined || setup.partitions === period) return;
  report(
    new RivuletError(
      "unsupported",
      `The store at ${placeOf(setup)} was made with partitions ${period ?? "left out"}: "${setup.partitions}" has no effect.`,
    ),
  );
}

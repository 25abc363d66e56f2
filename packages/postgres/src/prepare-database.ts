import { RivuletError } from "@rivulet/domain";
import { type Database, migrate, readVersion, type Sql, text } from "@rivulet/store/sql";
import { type ConnectionSettings, placeOf } from "./connection-settings.ts";
import type { PostgresDatabase } from "./database/postgres-database.ts";
import { periodOfTables } from "./dialect/partitions.ts";
import { postgresDialect } from "./dialect/postgres-dialect.ts";
import { maintainPartitions } from "./maintain-partitions.ts";
import type { PartitionPeriod } from "./options.ts";

/** A database that is to hold a store. */
export interface Preparation {
  readonly database: PostgresDatabase;
  readonly settings: ConnectionSettings;
  /** Called with settings that have no effect, and with partitions that could not be created. */
  readonly report: (error: RivuletError) => void;
}

/**
 * Makes the schema and its tables, or brings them to the newest version, and the partitions that come next.
 *
 * @returns the database that knows how its tables are cut; until it is closed, partitions are made ahead
 */
export async function prepareDatabase({
  database: plain,
  settings,
  report,
}: Preparation): Promise<Database> {
  await makeSchema(plain, settings);
  const isNew = (await readVersion(plain)) === 0;
  const period = isNew ? settings.partitions : await readPeriod(plain);
  const database = plain.withDialect(postgresDialect(period));
  await migrate(database);
  await requirePeriod(database, settings, period);
  if (settings.partitions !== undefined && settings.partitions !== period) {
    report(otherPartitions(settings, period));
  }
  if (period === undefined) return database;
  const stop = await maintainPartitions({ database, period, report });
  return {
    ...database,
    async close() {
      await stop();
      await database.close();
    },
  };
}

/** @throws RivuletError `unsupported` for a database that cannot store every text */
export async function requireUnicode(sql: Sql, settings: ConnectionSettings): Promise<void> {
  const [row = {}] = await sql.all("SHOW server_encoding");
  const encoding = text(row, "server_encoding");
  if (encoding === "UTF8") return;
  throw new RivuletError(
    "unsupported",
    `The database at ${placeOf(settings)} has the encoding ${encoding}. Create one with ENCODING 'UTF8'.`,
  );
}

/** Checks first, because a user who may not create a schema may use an existing one. */
async function makeSchema(sql: Sql, settings: ConnectionSettings): Promise<void> {
  if (await hasSchema(sql, settings)) return;
  await sql.run(`CREATE SCHEMA IF NOT EXISTS "${settings.schema}"`);
}

/**
 * Whether the store's schema is there.
 *
 * @throws RivuletError `permission_denied` when it is, and this user may not look into it: it would seem empty
 */
export async function hasSchema(sql: Sql, settings: ConnectionSettings): Promise<boolean> {
  const { schema } = settings;
  const [known] = await sql.all(
    "SELECT has_schema_privilege(oid, 'USAGE') AS is_ours FROM pg_namespace WHERE nspname = ?",
    [schema],
  );
  if (known === undefined || known["is_ours"] === 1) return known !== undefined;
  throw new RivuletError(
    "permission_denied",
    `The schema ${schema} at ${placeOf(settings)} belongs to another user. GRANT USAGE ON SCHEMA ${schema}, and privileges on its tables, to this user.`,
  );
}

async function readPeriod(sql: Sql): Promise<PartitionPeriod | undefined> {
  const tables = await sql.all(sql.dialect.listTables);
  return periodOfTables(tables.map((row) => text(row, "name")));
}

/** What was assumed while the tables were created must be true. */
async function requirePeriod(
  sql: Sql,
  settings: ConnectionSettings,
  period: PartitionPeriod | undefined,
): Promise<void> {
  if ((await readPeriod(sql)) === period) return;
  throw new RivuletError(
    "conflict",
    `Another process created the store at ${placeOf(settings)} at the same time, with different partitions. Open it again.`,
  );
}

function otherPartitions(
  settings: ConnectionSettings,
  period: PartitionPeriod | undefined,
): RivuletError {
  const has = period === undefined ? "without partitions" : `with partitions by ${period}`;
  return new RivuletError(
    "unsupported",
    `The store at ${placeOf(settings)} was created ${has}: partitions=${settings.partitions} has no effect.`,
  );
}

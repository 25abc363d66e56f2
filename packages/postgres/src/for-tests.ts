// For the tests of this package: from sources only, not published.
import type { Database } from "@rivulet/store/sql";
import { readConnectionSettings } from "./connection-settings.ts";
import { openPostgresDatabase } from "./database/postgres-database.ts";
import { postgresDialect } from "./dialect/postgres-dialect.ts";
import { prepareDatabase } from "./prepare-database.ts";

export { maintainPartitions } from "./maintain-partitions.ts";

/** A database with a store, which is created if it does not exist. */
export async function openDatabase(url: string): Promise<Database> {
  const settings = readConnectionSettings(url, {});
  const database = await openPostgresDatabase(settings, postgresDialect());
  return prepareDatabase({ database, settings, report: () => undefined });
}

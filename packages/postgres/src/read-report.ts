import { type Database, readVersion } from "@rivulet/store/sql";
import { type ConnectionSettings, publicUrl } from "./connection-settings.ts";
import { openPostgresDatabase } from "./database/postgres-database.ts";
import { postgresDialect } from "./dialect/postgres-dialect.ts";
import type { PostgresReport } from "./inspect-postgres.ts";
import { hasSchema } from "./prepare-database.ts";

/** Queries the database for `inspectPostgres`. */
export async function readReport(settings: ConnectionSettings): Promise<PostgresReport> {
  const database = await openPostgresDatabase(settings, postgresDialect());
  try {
    const [row = {}] = await database.all("SHOW server_version");
    return {
      publicUrl: publicUrl(settings),
      serverVersion: String(row["server_version"]).split(" ")[0] ?? "",
      schemaVersion: (await hasSchema(database, settings)) ? await readVersion(database) : 0,
      latencyMs: await middleLatency(database),
    };
  } finally {
    await database.close();
  }
}

async function middleLatency(database: Database): Promise<number> {
  const times: number[] = [];
  for (let question = 0; question < 5; question += 1) {
    const start = performance.now();
    await database.all("SELECT 1");
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[2] ?? 0;
}

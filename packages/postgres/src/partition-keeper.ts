import { type Database, number } from "@rivulet/store/sql";
import { type Partition, partitionsFrom } from "./dialect/partitions.ts";
import type { PartitionPeriod } from "./options.ts";

/** Makes the partitions of the time to come. */
export interface PartitionKeeper {
  /** Looks what is missing, at most once an hour. */
  prepare(): Promise<void>;
}

const LOOK_EVERY_MS = 3_600_000;

/** The keeper of a store whose spans are cut by a period. */
export function createPartitionKeeper(
  database: Database,
  period: PartitionPeriod,
): PartitionKeeper {
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    async prepare() {
      if (performance.now() - lookedAt < LOOK_EVERY_MS) return;
      for (const partition of await missing(database, period)) await make(database, partition);
      lookedAt = performance.now();
    },
  };
}

async function missing(database: Database, period: PartitionPeriod): Promise<readonly Partition[]> {
  const { now, listTables } = database.dialect;
  const [clock = {}] = await database.all(`SELECT ${now} AS now`);
  const names = new Set((await database.all(listTables)).map((row) => String(row["name"])));
  return partitionsFrom(period, number(clock, "now")).filter(({ name }) => !names.has(name));
}

async function make(database: Database, { name, from, to }: Partition): Promise<void> {
  try {
    await database.transaction(async (sql) => {
      for (const statement of sql.dialect.migrationLock) await sql.run(statement);
      await sql.run(
        `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF spans FOR VALUES FROM (${from}) TO (${to})`,
      );
    });
  } catch (error) {
    // Spans of that time have come before: then they stay where what has no partition is.
    if (!(error instanceof Error && "code" in error && error.code === "23514")) throw error;
  }
}

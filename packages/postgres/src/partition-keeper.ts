import { type RivuletError, toRivuletError } from "@rivulet/domain";
import { type Database, number, type Sql, text } from "@rivulet/store/sql";
import { type Partition, partitionsFrom, restPartition } from "./dialect/partitions.ts";
import type { PartitionPeriod } from "./options.ts";

/** A store whose spans are cut. */
export interface PartitionKeeping {
  readonly database: Database;
  readonly period: PartitionPeriod;
  /** Told why partitions could not be made. */
  readonly report: (error: RivuletError) => void;
}

/** Far below the shortest period: what fails once is made up for in time. */
const LOOK_EVERY_MS = 60 * 60_000;

/**
 * Makes the partitions of the time to come, now and every hour, however busy the store is. Where that fails it
 * is reported; spans then go where what has no partition goes, until it is made.
 *
 * @returns the way to stop it, once it has looked for the first time
 */
export async function keepPartitions(keeping: PartitionKeeping): Promise<() => Promise<void>> {
  const look = (): Promise<void> =>
    makePartitions(keeping).catch((error: unknown) => keeping.report(toRivuletError(error)));
  let looking = look();
  const timer = setInterval(() => {
    looking = look();
  }, LOOK_EVERY_MS).unref();
  await looking;
  return async () => {
    clearInterval(timer);
    await looking;
  };
}

async function makePartitions({ database, period }: PartitionKeeping): Promise<void> {
  for (const partition of await missingPartitions(database, period)) {
    await database.transaction((sql) => makePartition(sql, partition, restPartition(period)));
  }
}

/** The partitions of this moment and of the time to come, as far as they are not there. */
export async function missingPartitions(
  sql: Sql,
  period: PartitionPeriod,
): Promise<readonly Partition[]> {
  const [clock = {}] = await sql.all(`SELECT ${sql.dialect.now} AS now`);
  const names = await tableNames(sql);
  return partitionsFrom(period, number(clock, "now")).filter(({ name }) => !names.has(name));
}

/** Spans of its time that have come before it are moved into it. */
async function makePartition(sql: Sql, partition: Partition, rest: string): Promise<void> {
  const { name, from, to } = partition;
  for (const statement of sql.dialect.migrationLock) await sql.run(statement);
  // Another process may have made it while we waited.
  if ((await tableNames(sql)).has(name)) return;
  // Whoever writes spans waits: they would go to where these leave.
  await sql.run("LOCK TABLE spans IN ACCESS EXCLUSIVE MODE");
  await sql.run(`CREATE TABLE ${name} (LIKE spans INCLUDING DEFAULTS)`);
  await sql.run(
    `WITH early AS (DELETE FROM ${rest} WHERE start_us >= ${from} AND start_us < ${to} RETURNING *)
     INSERT INTO ${name} SELECT * FROM early`,
  );
  await sql.run(`ALTER TABLE spans ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to})`);
}

async function tableNames(sql: Sql): Promise<ReadonlySet<string>> {
  return new Set((await sql.all(sql.dialect.listTables)).map((row) => text(row, "name")));
}

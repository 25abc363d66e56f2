import { type RivuletError, toRivuletError } from "@rivulet/domain";
import { type Database, number, type Sql, text } from "@rivulet/store/sql";
import { type Partition, partitionsFrom, restPartition } from "./dialect/partitions.ts";
import type { PartitionPeriod } from "./options.ts";

/** A store whose spans are partitioned. */
export interface PartitionMaintenance {
  readonly database: Database;
  readonly period: PartitionPeriod;
  /** Called with the reason when partitions could not be created. */
  readonly report: (error: RivuletError) => void;
}

/** Far below the shortest period, so that a failure is made up for in time. */
const LOOK_EVERY_MS = 60 * 60_000;

/**
 * Creates the partitions of the near future, now and every hour. Failures are reported; until a partition exists, its
 * spans go to the rest table.
 *
 * @returns a function that stops it, after the first check
 */
export async function maintainPartitions(
  options: PartitionMaintenance,
): Promise<() => Promise<void>> {
  const look = (): Promise<void> =>
    makePartitions(options).catch((error: unknown) => options.report(toRivuletError(error)));
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

async function makePartitions({ database, period }: PartitionMaintenance): Promise<void> {
  for (const partition of await missingPartitions(database, period)) {
    await database.transaction((sql) => makePartition(sql, partition, restPartition(period)));
  }
}

/** The missing partitions of the present and the near future. */
export async function missingPartitions(
  sql: Sql,
  period: PartitionPeriod,
): Promise<readonly Partition[]> {
  const [clock = {}] = await sql.all(`SELECT ${sql.dialect.now} AS now`);
  const names = await tableNames(sql);
  return partitionsFrom(period, number(clock, "now")).filter(({ name }) => !names.has(name));
}

/** Creates a partition and moves its spans from the rest table into it. */
async function makePartition(sql: Sql, partition: Partition, rest: string): Promise<void> {
  const { name, from, to } = partition;
  for (const statement of sql.dialect.migrationLock) await sql.run(statement);
  // Another process may have created it while we waited.
  if ((await tableNames(sql)).has(name)) return;
  // Writers of spans wait, because they would write to the rest table.
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

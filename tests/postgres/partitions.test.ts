import type { Store } from "@rivulet/core";
import { aSpan, hexId } from "@rivulet/core/testing";
import { maintainPartitions } from "@rivulet/postgres/for-tests";
import type { Database, Sql } from "@rivulet/store/sql";
import { Client } from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import { ask } from "./ask.ts";
import { serverUrl } from "./server-url.ts";
import { openedPostgres } from "./store.ts";
import { aStoreUrl } from "./store-url.ts";

const DAY_MS = 86_400_000;

function schemaOf(url: string): string {
  return new URL(url).searchParams.get("schema") ?? "";
}

/** Partition → how many spans are in it; those without any are left out. */
async function spansByPartition(url: string): Promise<readonly unknown[]> {
  const rows = await ask(
    url,
    `SELECT tableoid::regclass::text AS partition, count(*)::int AS spans
     FROM ${schemaOf(url)}.spans GROUP BY 1 ORDER BY 1`,
  );
  return rows.map(({ partition, spans }) => [String(partition).split(".").at(-1), spans]);
}

function partitionOf(timeMs: number): string {
  return `spans_by_day_${new Date(timeMs).toISOString().slice(0, 10).replaceAll("-", "")}`;
}

/** Records spans of one trace, each with its start. */
async function record(store: Store, n: number, starts: readonly number[]): Promise<void> {
  for (const [index, startTime] of starts.entries()) {
    const root = index === 0 ? {} : { parentId: hexId(1, 16) };
    const id = hexId(index + 1, 16);
    store.journal.appendSpan({
      ...aSpan({ traceId: hexId(n), id, startTime, endTime: startTime }),
      ...root,
    });
  }
  await store.journal.flush();
}

test("what a trace is asked for is looked for in the partitions of its time only", async () => {
  const now = Date.now();
  const url = await aStoreUrl({ partitions: "day", statementTimeoutMs: "2000" });
  const { store } = await openedPostgres(url);
  // A child that starts before its root, one a day later, and others that must not be met.
  await record(store, 1, [now, now - 5, now + DAY_MS]);
  await record(store, 2, [now + 2 * DAY_MS]);
  const last = partitionOf(now + 2 * DAY_MS);
  expect(await spansByPartition(url)).toContainEqual([last, 1]);

  // Whoever looked into it would wait.
  const other = new Client({ connectionString: await serverUrl() });
  await other.connect();
  await other.query(`BEGIN; LOCK TABLE ${schemaOf(url)}.${last} IN ACCESS EXCLUSIVE MODE`);
  expect(await store.traces.listSpans(hexId(1))).toHaveLength(3);
  expect(await store.traces.loadSpans(hexId(1))).toHaveLength(3);
  expect(await store.traces.getSpan({ traceId: hexId(1), spanId: hexId(3, 16) })).toBeDefined();
  await record(store, 1, [now, now - 5, now + DAY_MS]);
  expect(await store.traces.delete([hexId(1)])).toBe(1);
  await other.end();
});

/** A database that knows its tables and what time it is, and nothing else. */
function aClockedDatabase(): {
  database: Database;
  tables: Set<string>;
  setTime: (ms: number) => void;
} {
  const tables = new Set(["spans", "spans_by_day_rest"]);
  let nowMs = 0;
  const sql = {
    dialect: { now: "now", listTables: "tables", migrationLock: [] },
    all: async (statement: string) =>
      statement === "tables" ? [...tables].map((name) => ({ name })) : [{ now: nowMs * 1000 }],
    async run(statement: string) {
      const [, name] = /^CREATE TABLE (\w+)/.exec(statement) ?? [];
      if (name !== undefined) tables.add(name);
      return 0;
    },
  } as unknown as Sql;
  return {
    database: { ...sql, transaction: (work: (own: Sql) => unknown) => work(sql) } as Database,
    tables,
    setTime(ms) {
      nowMs = ms;
    },
  };
}

test("a process that never rests makes the partitions of each day before it comes", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const { database, tables, setTime } = aClockedDatabase();
  const stop = await maintainPartitions({
    database,
    period: "day",
    report: (error) => expect.unreachable(error.message),
  });
  for (let hour = 1; hour <= 24 * 30; hour += 1) {
    setTime(hour * 3_600_000);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(tables).toContain(partitionOf(hour * 3_600_000 + 2 * DAY_MS));
  }
  await stop();
});

test("partitions that cannot be made are reported, and looked for again an hour later", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const { database, tables } = aClockedDatabase();
  const { transaction } = database;
  database.transaction = () => Promise.reject(new Error("away"));
  const errors: Error[] = [];
  const report = (error: Error): void => void errors.push(error);
  const stop = await maintainPartitions({ database, period: "day", report });
  expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining("away")]);
  expect(tables).not.toContain(partitionOf(0));
  database.transaction = transaction;
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(tables).toContain(partitionOf(0));
  await stop();
});

import { randomBytes } from "node:crypto";
import type { ChangeLog } from "../port/backend.ts";
import type { StoreChange } from "../port/store.ts";
import type { Database, Row, Sql } from "./database.ts";
import { number, parsed, text } from "./values.ts";

/** Records what a transaction changes, for other processes. */
export interface ChangeWriter {
  /** Called as the last statement of a transaction, so that the order of records is roughly that of commits. */
  note(sql: Sql, changes: readonly StoreChange[]): Promise<void>;
  /** Removes what everybody has seen. */
  prune(): Promise<void>;
}

/**
 * How far back each look goes, in microseconds: a transaction may commit behind one that began later, and
 * the clocks of a cluster differ.
 */
const OVERLAP_US = 5_000_000;
/** Changes older than this are removed, in microseconds … */
const KEPT_US = 5 * 60_000_000;
/** … at most once in this time, in milliseconds. */
const PRUNE_EVERY_MS = 30_000;

/** Options of {@link changeWriter}. */
export interface ChangeWriterParts {
  readonly database: Database;
  /** Id of the engine. */
  readonly origin: string;
  /** Monotonic clock in milliseconds. @default performance.now */
  readonly clock?: () => number;
}

/** The writer for one engine. */
export function changeWriter({
  database,
  origin,
  clock = () => performance.now(),
}: ChangeWriterParts): ChangeWriter {
  let prunedAt = clock();
  return {
    async note(sql, changes) {
      if (changes.length === 0) return;
      const row = `(?, ${sql.dialect.now}, ?, ?, ?)`;
      await sql.run(
        `INSERT INTO changes (id, at_us, origin, entity, ids) VALUES ${changes.map(() => row).join(", ")}`,
        changes.flatMap(({ entity, ids }) => [newId(), origin, entity, JSON.stringify(ids)]),
      );
    },
    async prune() {
      if (clock() - prunedAt < PRUNE_EVERY_MS) return;
      prunedAt = clock();
      await database.run(`DELETE FROM changes WHERE at_us < ${database.dialect.now} - ?`, [
        KEPT_US,
      ]);
    },
  };
}

function newId(): string {
  return randomBytes(16).toString("hex");
}

/** Changes recorded by others, read by keyset with an overlap. */
export function changeLog(database: Database): ChangeLog {
  let since: number | undefined;
  let seen: ReadonlySet<string> = new Set();
  return {
    async poll(origin) {
      const { now, rows } = await database.snapshot((sql) => read(sql, origin, since));
      const news = since === undefined ? [] : rows.filter((row) => !seen.has(text(row, "id")));
      // What this poll has seen is within reach of the next one, which starts where it started or later.
      seen = new Set(rows.map((row) => text(row, "id")));
      since = now - OVERLAP_US;
      return news.map(toChange);
    },
  };
}

interface Look {
  /** The database's clock. */
  readonly now: number;
  readonly rows: readonly Row[];
}

async function read(sql: Sql, origin: string, since: number | undefined): Promise<Look> {
  const [clock = {}] = await sql.all(`SELECT ${sql.dialect.now} AS now`);
  const now = number(clock, "now");
  const rows = await sql.all(
    "SELECT id, entity, ids FROM changes WHERE at_us > ? AND origin <> ? ORDER BY at_us, id",
    [since ?? now - OVERLAP_US, origin],
  );
  return { now, rows };
}

function toChange(row: Row): StoreChange {
  return { entity: text(row, "entity") as StoreChange["entity"], ids: parsed(row, "ids") };
}

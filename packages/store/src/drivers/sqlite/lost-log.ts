import { rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { RivuletError } from "@rivulet/domain";
import { fileAt, isStillAt } from "../../engine/file-identity.ts";
import { inTurn } from "../../engine/in-turn.ts";
import type { Database } from "../../sql/database.ts";
import { number } from "../../sql/values.ts";
import type { LogFile } from "./open-file.ts";
import type { StoreLock } from "./store-lock.ts";

/** Options of {@link guardLog}. */
export interface GuardedLog {
  /** The database file. */
  readonly path: string;
  readonly database: Database;
  readonly log: readonly LogFile[];
  readonly lock: StoreLock;
  readonly report: (error: RivuletError) => void;
}

/** How long a reader of an old snapshot may delay the checkpoint. */
const TRIES = 3_000;
const PAUSE_MS = 10;

/**
 * Looks whether the log of a database, or its index, is still where the next one to open it looks for it. If not,
 * the log is in this connection's hands alone: it is folded into the database, and again with each call, so that
 * nothing is acknowledged that a kill could take away. Who opens the database would start another log, and the two
 * would damage it: the lock is kept for this writer alone from then on.
 *
 * It is not opened again instead: as long as any connection of the process stays, SQLite keeps the index for all.
 *
 * @returns call it before each call, and before it is acknowledged. Throws `store_unavailable` while others have the
 * store open, `store_locked` while somebody reads an old state for too long
 */
export function guardLog(guarded: GuardedLog): () => Promise<void> {
  const { path, database, log, lock, report } = guarded;
  const lost = (): readonly LogFile[] => log.filter((each) => !isStillAt(each.path, each.file));
  let isReported = false;

  const secure = inTurn(async () => {
    const isAlone = lock.tryAlone();
    const replaced = lost().filter((each) => fileAt(each.path) !== undefined);
    if (isAlone) for (const each of replaced) rmSync(each.path, { force: true });
    // Another process may write with a log of its own: checkpointing both would damage the file.
    if (isAlone || replaced.length === 0) await fold(database, path);
    if (!isAlone) throw sharedError(path);
    if (!isReported) report(lostError(path));
    isReported = true;
  });
  return async () => {
    if (lost().length > 0) await secure();
  };
}

async function fold(database: Database, path: string): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const [row = {}] = await database.all("PRAGMA wal_checkpoint(FULL)");
    const isWhole = number(row, "log") === number(row, "checkpointed");
    if (isWhole && number(row, "busy") === 0) return;
    await pause(PAUSE_MS);
  }
  throw new RivuletError(
    "store_locked",
    `Store ${path} has lost its log, and a reader prevents the log's content from being moved into the file. Try again.`,
    { details: { path } },
  );
}

function lostError(path: string): RivuletError {
  return new RivuletError(
    "store_unavailable",
    `The log of store ${path} (-wal or -shm) was deleted, moved or replaced while it was open. Nothing is lost: its content has been moved into the file, and every write is before it is acknowledged. This is slow, and nobody else can write to the store: close it and open it again.`,
    { details: { path } },
  );
}

function sharedError(path: string): RivuletError {
  return new RivuletError(
    "store_unavailable",
    `The log of store ${path} (-wal or -shm) was deleted, moved or replaced while several processes or threads had it open. Nothing more is written: close the store in all of them, without killing them, so that the last one moves the log's content into the file.`,
    { details: { path } },
  );
}

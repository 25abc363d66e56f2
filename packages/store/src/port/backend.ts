import type { RivuletError } from "@rivulet/domain";
import type { BackupReport } from "./backup.ts";
import type { FileStore } from "./files.ts";
import type { JournalRecord } from "./records.ts";
import type { EntityStores, IntegrityReport, StoreChange } from "./store.ts";

/**
 * What the engine asks of a database. It runs where the database is: in a worker, or in the app's thread for
 * a store in memory. The engine knows nothing else of it.
 */
export interface Backend {
  /** The port's entities. Each call is atomic; calls may come at the same time. */
  readonly entities: EntityStores;
  /** Searches that run at a time, so that what is found by a key finds a connection free. Left out: any number. */
  readonly searchesAtOnce?: number;
  /** Bytes. Where the app's thread reaches them itself, only `delete` is called. */
  readonly files: FileStore;
  /** Takes records of a journal, all that can be taken, in one transaction with the mark. */
  take(batch: RecordBatch): Promise<BatchOutcome>;
  /** How far segments of the spool were taken. */
  readonly marks: SegmentMarks;
  /** What other processes, or other engines of this one, have changed. */
  readonly changes: ChangeLog;
  /** Who watches over which runs, and has which spans open. */
  readonly owners: OwnerRegistry;
  checkIntegrity(): Promise<IntegrityReport>;
  /** Writes everything of one moment into a new folder. */
  backup(folder: string): Promise<BackupReport>;
  /** What is due when nothing else is: folding a log, removing old change events. Called about once a second while idle, and at close. */
  tidy(): Promise<void>;
  /**
   * A small step of what is done behind the rows, such as an index of words; the next steps come when nothing else is
   * to be done, and now and then when something always is. Left out: nothing lags behind.
   */
  readonly catchUp?: () => Promise<CatchUp>;
  close(): Promise<void>;
}

/** Whether there is more to do: at once, a little later, or when something has been written again. */
export type CatchUp = "more" | "later" | "done";

/** Records in the order they were written. */
export interface RecordBatch {
  readonly records: readonly JournalRecord[];
  /** The engine that recorded them; owner of the runs they write to, and of the spans they begin. */
  readonly owner: string;
  /** Where they stand in the spool; left out where there is none. */
  readonly segment?: { readonly name: string; readonly from: number; readonly to: number };
}

/** What a batch changed, and what of it could not be taken. */
export interface BatchOutcome {
  /** Somebody else has taken the segment further than `from` already: up to here. Nothing was written then. */
  readonly position?: number;
  readonly changes: readonly StoreChange[];
  /** Why, for each record that is lost. */
  readonly refused: readonly RivuletError[];
}

/** Up to which byte each segment is in the database. */
export interface SegmentMarks {
  read(segment: string): Promise<number>;
  remove(segment: string): Promise<void>;
  list(): Promise<readonly string[]>;
}

/** What was changed by whom, kept for some minutes. */
export interface ChangeLog {
  /** Events by others than `origin` since the last call; the first call gives none. */
  poll(origin: string): Promise<readonly StoreChange[]>;
}

/** How a run ends whose owners are all gone. */
export interface RunEnding {
  readonly status: "failed" | "killed";
  /** Why, for `statusMessage`. */
  readonly message: string;
}

/** Engines that watch over runs, and have spans open. */
export interface OwnerRegistry {
  /** "I am here", by the database's clock. */
  beat(owner: string): Promise<void>;
  /** Owners that have something here, and when each was last heard of, in milliseconds ago by the database's clock. */
  list(): Promise<readonly { readonly owner: string; readonly silentMs: number }[]>;
  /**
   * The owner is gone: abandons its open spans, and ends its running runs that nobody else owns. Returns the ids
   * of the runs.
   */
  release(owner: string, ending: RunEnding): Promise<readonly string[]>;
}

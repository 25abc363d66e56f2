import type { RivuletError } from "@rivulet/domain";
import type { BackupReport } from "./backup.ts";
import type { FileStore } from "./files.ts";
import type { AttachmentBytes, JournalRecord } from "./records.ts";
import type { EntityStores, IntegrityReport, StoreChange } from "./store.ts";

/**
 * The engine's only view of a database. It runs where the database is: in a worker, or in the app's thread for a store
 * in memory.
 */
export interface Backend {
  /** The entities of the port. Each call is atomic; calls may overlap. */
  readonly entities: EntityStores;
  /** Limit on concurrent searches, which keeps a connection free for lookups by key. @default unlimited */
  readonly searchesAtOnce?: number;
  /** The bytes of files. Only `delete` is called when the app's thread accesses them directly. */
  readonly files: FileStore;
  /** Writes all valid records of a batch, in one transaction with the segment's mark. */
  take(batch: RecordBatch): Promise<BatchOutcome>;
  /**
   * Stores the bytes of a file that spans refer to; storing the same again is allowed.
   *
   * @param limit most bytes of such files in the store; 1 GiB by default
   * @returns `false` when there is no room for it
   */
  takeAttachment(file: AttachmentBytes, limit?: number): Promise<boolean>;
  /** How much of each spool segment is in the database. */
  readonly marks: SegmentMarks;
  /** Changes by other processes, or by other engines of this one. */
  readonly changes: ChangeLog;
  /** Which engine owns which runs and open spans. */
  readonly owners: OwnerRegistry;
  /** Asks the database whether its data is sound. */
  checkIntegrity(): Promise<IntegrityReport>;
  /** Writes a consistent snapshot into a new folder. */
  backup(folder: string): Promise<BackupReport>;
  /** Housekeeping, such as a WAL checkpoint or removing old change events. Called about once a second while idle, and at close. */
  tidy(): Promise<void>;
  /**
   * One small step of work that lags behind the rows, such as full-text indexing. Further steps follow when the engine
   * is idle, and now and then when it never is. @default nothing lags behind
   */
  readonly backgroundStep?: () => Promise<BackgroundStep>;
  /** Releases the database. */
  close(): Promise<void>;
}

/** When there is more to do: at once, a little later, or only after the next write. */
export type BackgroundStep = "more" | "later" | "done";

/** Records of one engine that are written together. */
export interface RecordBatch {
  /** Records in the order they were written. */
  readonly records: readonly JournalRecord[];
  /** The engine that recorded them. It owns the runs they write to and the spans they start. */
  readonly owner: string;
  /** Where they are in the spool; absent without one. */
  readonly segment?: {
    /** Name of the segment. */
    readonly name: string;
    /** Offset of the first record, in bytes. */
    readonly from: number;
    /** Offset behind the last record, in bytes. */
    readonly to: number;
  };
}

/** What a batch changed, and which of its records were refused. */
export interface BatchOutcome {
  /** Set when another engine has already processed the segment beyond `from`, up to this offset: nothing was written. */
  readonly position?: number;
  /** Everything the batch changed, for change events. */
  readonly changes: readonly StoreChange[];
  /** The reason for each record that is lost. */
  readonly refused: readonly RivuletError[];
}

/** The byte offset up to which each spool segment is in the database. */
export interface SegmentMarks {
  /** The offset up to which the segment is in the database; 0 for an unknown one. */
  read(segment: string): Promise<number>;
  /** Forgets a segment whose file is gone. */
  remove(segment: string): Promise<void>;
  /** Names of all segments with a mark. */
  list(): Promise<readonly string[]>;
}

/** Recent changes by all engines, kept for some minutes. */
export interface ChangeLog {
  /** Events by engines other than `origin` since the last call; none on the first call. */
  poll(origin: string): Promise<readonly StoreChange[]>;
}

/** How a run is ended when all its owners are gone. */
export interface RunEnding {
  /** `failed` when the process ended with an error, `killed` when it was stopped or vanished. */
  readonly status: "failed" | "killed";
  /** The reason, used as `statusMessage`. */
  readonly message: string;
}

/** The engines that own runs and open spans. */
export interface OwnerRegistry {
  /** Records a heartbeat, by the database's clock. */
  beat(owner: string): Promise<void>;
  /** Owners of anything in the database, with the milliseconds since their last heartbeat by the database's clock. */
  list(): Promise<readonly { readonly owner: string; readonly silentMs: number }[]>;
  /**
   * Cleans up after an owner that is gone: marks its open spans `abandoned`, and ends its running runs that have no
   * other owner.
   *
   * @returns the ids of the ended runs
   */
  release(owner: string, ending: RunEnding): Promise<readonly string[]>;
}

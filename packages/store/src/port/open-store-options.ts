import type { Journal } from "./store.ts";

/** Options of `openStore`, the same for every driver. */
export interface OpenStoreOptions {
  /** Called with failures that reach no caller, such as a batch that could not be written. */
  readonly onError?: (error: Error) => void;
  /** When the spool is written to disk: once per event-loop tick, or with every record. @default 'tick' */
  readonly durability?: "tick" | "span";
  /** Bytes of spool, or of memory without a disk, beyond which records are dropped. @default 1 GiB (64 MiB in memory) */
  readonly journalBytes?: number;
  /** Most bytes of files that spans refer to, such as images; what has no room is not kept, and counted. @default 1 GiB */
  readonly attachmentBytes?: number;
  /**
   * Where the bytes of artifacts, and of files that spans refer to, are kept: `s3://BUCKET/PREFIX?region=…&endpoint=…`,
   * with `@aws-sdk/client-s3` installed and credentials from the environment. What the store has beside itself already can
   * still be read. A prefix belongs to one store. Not for `memory:`.
   *
   * @default `RIVULET_ARTIFACTS`, else a folder beside the store, or PostgreSQL's database
   */
  readonly artifacts?: string;
  /** Opens without writing, creating or locking anything. Not for `memory:`. @default false */
  readonly readOnly?: boolean;
  /** Folder of the spool; created if missing. @default `<path>.spool` beside a file, else a folder under `.rivulet/` */
  readonly spool?: string;
  /**
   * Permissions of new files, such as `0o660` for a shared group; new folders get the matching `x`. Existing files and
   * folders keep theirs.
   *
   * @default 0o600
   */
  readonly fileMode?: number;
  /**
   * Called with the store's journal before `openStore` returns its promise. Records appended from then on survive even
   * if the process is killed while the store is being opened. Not called with `readOnly`; called later for a driver that
   * has to be loaded first.
   */
  readonly onJournal?: (journal: Journal) => void;
}

import type { Journal } from "./store.ts";

/** Options of `openStore`, the same for every driver. */
export interface OpenStoreOptions {
  /** Told of failures that reach no caller, such as a batch that could not be written. */
  readonly onError?: (error: Error) => void;
  /** When the spool's ticks reach the disk: with each event-loop tick, or with each record. @default 'tick' */
  readonly durability?: "tick" | "span";
  /** Bytes of spool, or of memory where there is no disk, after which records are dropped. @default 1 GiB (64 MiB in memory) */
  readonly journalBytes?: number;
  /** Do not write, do not create, take no lock. Not for `memory:`. @default false */
  readonly readOnly?: boolean;
  /** Folder of the spool, made when it is not there. @default `<path>.spool` beside a file, else a folder under `.rivulet/` */
  readonly spool?: string;
  /**
   * Permissions of new files, such as `0o660` for a shared group; new folders get the matching `x`. Files and
   * folders that are there keep theirs.
   *
   * @default 0o600
   */
  readonly fileMode?: number;
  /**
   * Called before `openStore` returns its promise, with the store's journal: what it takes is safe from now on,
   * also when the process is killed while the store is being opened. Not with `readOnly`; later for a driver
   * that has to be loaded first.
   */
  readonly onJournal?: (journal: Journal) => void;
}

import type { Store } from "./store.ts";

/** Options of {@link openStore}. */
export interface OpenStoreOptions {
  /** Told of failures that reach no caller, such as a batch that could not be written. */
  readonly onError?: (error: Error) => void;
  /** When the spool's ticks reach the disk: with each event-loop tick, or with each record. @default 'tick' */
  readonly durability?: "tick" | "span";
  /** Bytes of spool, or of memory where there is no disk, after which records are dropped. @default 1 GiB (64 MiB in memory) */
  readonly journalBytes?: number;
  /** Do not write, do not create, take no lock. @default false */
  readonly readOnly?: boolean;
}

/**
 * Opens the store behind a URL: `sqlite:PATH`, `memory:` or `json:PATH`.
 *
 * @throws RivuletError `invalid_argument` for an unknown URL, `store_unavailable` when the path cannot be
 * read or written, `store_corrupt`, `store_too_new`, `store_locked`.
 */
export declare function openStore(url: string, options?: OpenStoreOptions): Promise<Store>;

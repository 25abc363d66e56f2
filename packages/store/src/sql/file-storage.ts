import type { Page } from "@rivulet/domain";
import type { FilePart, FileUploads, StoredFile } from "../port/files.ts";
import type { Sql } from "./database.ts";

/**
 * Where the bytes of files are kept: beside the database or in it. It knows nothing of the records that refer to a file;
 * that is the SQL store's part.
 */
export interface FileStorage {
  /** Writes a file atomically, replacing an existing one; it is durable when the promise resolves. */
  write(id: string, content: Uint8Array): Promise<void>;
  /**
   * The content of a file; `undefined` when it does not exist. If files are in the database, a given transaction reads
   * its own view.
   */
  read(id: string, sql?: Sql): Promise<Uint8Array | undefined>;
  /** Some bytes of a file, see `FileStore.readPart`; with the same view of a given transaction as `read`. */
  readPart(part: FilePart, sql?: Sql): Promise<Uint8Array | undefined>;
  /** Files that come in parts. */
  readonly uploads: FileUploads;
  /** Every file, in an order of the storage's choice. */
  list(query: { readonly limit: number; readonly pageToken?: string }): Promise<Page<StoredFile>>;
  /**
   * The ids of those files that exist. Called in a writing transaction; nobody else removes these files before it ends.
   */
  hold(sql: Sql, query: HoldQuery): Promise<readonly string[]>;
  /** Removes files that the same transaction holds (see `hold`). */
  remove(sql: Sql, ids: readonly string[]): Promise<void>;
  /**
   * Removes half-written files of killed writers once they are this old. Returns how many; 0 for a storage without such
   * files.
   */
  removeTemporary(olderThanMs: number): Promise<number>;
  /**
   * For a place that could be given to several stores: says which one it is that writes there. What it writes and removes
   * waits for that, and is refused with `conflict` where the place is another's.
   */
  own?(storeId: string): Promise<void>;
}

/** Which files to hold. */
export interface HoldQuery {
  /** The files to hold. */
  readonly ids: readonly string[];
  /** Only files that were written at least this many milliseconds ago. */
  readonly olderThanMs?: number;
}

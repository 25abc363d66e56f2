import type { Page } from "@rivulet/domain";
import type { StoredFile } from "../port/files.ts";
import type { Sql } from "./database.ts";

/**
 * Where the bytes of files lie: beside the database, or in it. It knows nothing of the records that name a
 * file; that is the SQL store's part.
 */
export interface FileStorage {
  /** All of it or nothing, on the disk when the promise resolves. What is there under the id is replaced. */
  write(id: string, content: Uint8Array): Promise<void>;
  /**
   * `undefined` when it is not there. Given a transaction, and where files are in the database itself: as that sees
   * it.
   */
  read(id: string, sql?: Sql): Promise<Uint8Array | undefined>;
  /** In an order of its own. */
  list(query: { readonly limit: number; readonly pageToken?: string }): Promise<Page<StoredFile>>;
  /**
   * The ids of the files that are there, looked at in a writing transaction: nobody else removes them before it
   * ends.
   */
  hold(sql: Sql, query: HoldQuery): Promise<readonly string[]>;
  /** Removes files that the same transaction holds. */
  remove(sql: Sql, ids: readonly string[]): Promise<void>;
  /**
   * Removes what writers that were killed have left half-written, once it is this old. Returns how many. A storage
   * that has no such thing returns 0.
   */
  removeTemporary(olderThanMs: number): Promise<number>;
}

/** Which files to hold. */
export interface HoldQuery {
  readonly ids: readonly string[];
  /** Only those that were written this long ago, or before. */
  readonly olderThanMs?: number;
}

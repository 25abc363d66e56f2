import type { Page } from "@rivulet/domain";

/**
 * Files that belong to the store, such as the bytes of artifacts. A file's id is made above the port and stands for its
 * content: equal ids mean equal bytes. Records refer to the files they need; a file that no record refers to is removed
 * after an hour.
 */
export interface FileStore {
  /**
   * Stores bytes under an id, atomically; they are durable when the promise resolves. Writing the same file again is
   * allowed.
   */
  write(file: { readonly id: string; readonly content: Uint8Array }): Promise<void>;
  /** The content of a file; `undefined` when it does not exist. */
  read(id: string): Promise<Uint8Array | undefined>;
  /** Removes those of these files that no record refers to. @returns the ids of the removed files */
  delete(ids: readonly string[]): Promise<readonly string[]>;
  /** Every file, in an order of the driver's choice. */
  list(query: { readonly limit: number; readonly pageToken?: string }): Promise<Page<StoredFile>>;
}

/** A file of the store. */
export interface StoredFile {
  /** Id of the content, made by the caller of `write`. */
  readonly id: string;
  /** Size in bytes. */
  readonly size: number;
  /** Milliseconds since it was last written, by the clock of the storage. */
  readonly ageMs: number;
}

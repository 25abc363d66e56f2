import type { Page } from "@rivulet/domain";

/**
 * Bytes that belong to the store, such as those of artifacts. A file is named by an id that is made above the
 * port and stands for its content: the same id is the same bytes. A record of the store names the file that it
 * needs; a file that no record names is nobody's, and is removed after an hour.
 */
export interface FileStore {
  /**
   * Keeps bytes under an id, all of them or none; durable when the promise resolves. Writing them again is
   * allowed.
   */
  write(file: { readonly id: string; readonly content: Uint8Array }): Promise<void>;
  /** `undefined` when it is not there. */
  read(id: string): Promise<Uint8Array | undefined>;
  /** Removes those of these files that no record names, and returns their ids. The others stay. */
  delete(ids: readonly string[]): Promise<readonly string[]>;
  /** Every file, in an order of the driver's. */
  list(query: { readonly limit: number; readonly pageToken?: string }): Promise<Page<StoredFile>>;
}

/** A file of the store. */
export interface StoredFile {
  readonly id: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since it was last written, by the clock of the place where it lies. */
  readonly ageMs: number;
}

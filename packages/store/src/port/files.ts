import type { Page } from "@rivulet/domain";

/**
 * Files that belong to the store, such as the bytes of artifacts. A file's id is made above the port and stands for its
 * content: equal ids mean equal bytes. Records refer to the files they need; a file that no record refers to is removed
 * after an hour.
 */
export interface FileStore extends FileUploads {
  /**
   * Stores bytes under an id, atomically; they are durable when the promise resolves. Writing the same file again is
   * allowed.
   */
  write(file: { readonly id: string; readonly content: Uint8Array }): Promise<void>;
  /** The content of a file; `undefined` when it does not exist. */
  read(id: string): Promise<Uint8Array | undefined>;
  /**
   * Some bytes of a file: fewer when it ends before, none behind its end. A large file is read without being held whole.
   *
   * @returns `undefined` when the file does not exist (any more)
   */
  readPart(part: FilePart): Promise<Uint8Array | undefined>;
  /** Removes those of these files that no record refers to. @returns the ids of the removed files */
  delete(ids: readonly string[]): Promise<readonly string[]>;
  /** Every file, in an order of the driver's choice. */
  list(query: { readonly limit: number; readonly pageToken?: string }): Promise<Page<StoredFile>>;
}

/**
 * Files that come in parts, whose id is known only at the end. What is begun and neither finished nor abandoned, such as
 * by a killed process, is removed an hour after its last part.
 */
export interface FileUploads {
  /** Begins a file. @returns the name of the upload, which this process alone may continue */
  begin(): Promise<string>;
  /** Adds bytes at the end; one call after the other. @throws RivuletError `conflict` for an upload that is not there (any more) */
  append(part: { readonly upload: string; readonly content: Uint8Array }): Promise<void>;
  /**
   * Makes it the file of this id, atomically; it is durable when the promise resolves.
   *
   * @throws RivuletError `conflict` for an upload that is not there (any more)
   */
  finish(file: { readonly upload: string; readonly id: string }): Promise<void>;
  /** Removes what has come so far; nothing happens when there is no such upload. */
  abandon(upload: string): Promise<void>;
}

/** Which bytes of a file. */
export interface FilePart {
  /** Id of the file. */
  readonly id: string;
  /** Offset of the first byte, from 0. */
  readonly from: number;
  /** Most bytes. */
  readonly length: number;
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

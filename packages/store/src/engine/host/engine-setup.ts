import type { FileStore } from "../../port/files.ts";
import type { OpenStoreOptions } from "../../port/open-store-options.ts";
import type { StoreInfo } from "../../port/store.ts";
import type { OpenBackend, ServeOptions } from "../serving/backend-request.ts";
import type { WorkerProgram } from "./worker-thread.ts";

/** What a driver gives the engine. */
export interface EngineSetup {
  readonly info: StoreInfo;
  /**
   * What tells one database from another, such as the resolved path: clients of one thread with the same key
   * share an engine. Left out: the engine is for this client alone.
   */
  readonly key?: string;
  readonly backend: WorkerBackend | LocalBackend;
  /** Folder of the spool, resolved. Left out: records wait in memory. */
  readonly spool?: string;
  /**
   * Folder of the locks that say which engines live, beside the database. Left out: there are no other engines,
   * or they are known by their heartbeats.
   */
  readonly ownerLocks?: string;
  /** Files that the app's thread reaches itself; the backend only deletes them. Left out: the backend has them. */
  readonly files?: Pick<FileStore, "write" | "read" | "list">;
  readonly options: OpenStoreOptions;
}

/** A database that workers serve. */
export interface WorkerBackend {
  readonly kind: "worker";
  /** A program that calls `serveBackend`. */
  readonly program: WorkerProgram;
  /** Handed to the program's `OpenBackend`; whatever `structuredClone` can copy. */
  readonly setup: unknown;
  /** `true`: reads go to a worker of their own, opened with the role `reader`. @default false */
  readonly separateReaders?: boolean;
}

/** A database in the app's thread. What it does is cut into slices of a few milliseconds. */
export interface LocalBackend extends ServeOptions {
  readonly kind: "local";
  readonly open: OpenBackend<undefined>;
}

import type { FileStore } from "../../port/files.ts";
import type { OpenStoreOptions } from "../../port/open-store-options.ts";
import type { StoreInfo } from "../../port/store.ts";
import type { CallStorage } from "../calls/worker-functions.ts";
import type { OpenBackend, ServeOptions } from "../serving/backend-request.ts";
import type { WorkerProgram } from "./worker-thread.ts";

/** What a driver passes to the engine. */
export interface EngineSetup {
  /** Driver and place of the store. */
  readonly info: StoreInfo;
  /**
   * Identity of the database, such as its resolved path. Clients of one thread with the same key share an engine.
   *
   * @default the engine is not shared
   */
  readonly key?: string;
  /** Where the database runs. */
  readonly backend: WorkerBackend | LocalBackend;
  /** Resolved folder of the spool. @default none: records wait in memory */
  readonly spool?: string;
  /**
   * Folder of the locks that show which engines are alive, beside the database.
   *
   * @default none: there are no other engines, or they are known by their heartbeats
   */
  readonly ownerLocks?: string;
  /**
   * Files that the app's thread accesses directly; the backend deletes them. What is not found there, and what is left out
   * here, is asked of the backend.
   *
   * @default all go through the backend
   */
  readonly files?: Partial<Omit<FileStore, "delete">>;
  /** Answers the workers' calls of a storage of files that is in the app's thread. @default there is none */
  readonly storage?: CallStorage;
  /** The options given to `openStore`. */
  readonly options: OpenStoreOptions;
}

/** A database served by worker threads. */
export interface WorkerBackend {
  /** The database runs in worker threads. */
  readonly kind: "worker";
  /** Loads the program, which calls `serveBackend`, when the workers start. */
  readonly program: () => WorkerProgram | Promise<WorkerProgram>;
  /** Passed to the program's `OpenBackend`; anything that `structuredClone` can copy. */
  readonly setup: unknown;
  /** Reads go to a second worker, opened with the role `reader`. @default false */
  readonly separateReaders?: boolean;
}

/** A database in the app's thread. Its work is cut into slices of a few milliseconds. */
export interface LocalBackend extends ServeOptions {
  /** The database runs in the app's thread. */
  readonly kind: "local";
  /** Opens the database. */
  readonly open: OpenBackend<undefined>;
}

import { RivuletError } from "@rivulet/domain";
import type { OpenStoreOptions } from "../../port/open-store-options.ts";
import type { Store, StoreInfo } from "../../port/store.ts";
import type { OpenBackend, ServeOptions } from "../serving/backend-request.ts";

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
  readonly separateReader?: boolean;
}

/** The program of a worker: its text in a build, because bundlers lose files that are started by URL; else its file. */
export type WorkerProgram = { readonly text: string } | { readonly file: URL };

/** A database in the app's thread. What it does is cut into slices of a few milliseconds. */
export interface LocalBackend extends ServeOptions {
  readonly kind: "local";
  readonly open: OpenBackend<undefined>;
}

/**
 * Opens a store on a backend: at once its journal, which `options.onJournal` is given before this returns, then
 * its workers or the database itself. A worker that dies is replaced.
 *
 * @throws RivuletError what the backend's opening throws; `store_unavailable`
 */
export function openEngine(_setup: EngineSetup): Promise<Store> {
  throw new RivuletError("internal", "openEngine is not there yet.");
}

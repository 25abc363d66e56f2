import type { RivuletError } from "@rivulet/domain";
import type { Backend } from "../../port/backend.ts";
import type { CallStorage } from "../calls/worker-functions.ts";

/** What a backend is opened for, by a worker or in the app's thread. */
export interface BackendRequest<Setup = unknown> {
  /** A writer also reads. A reader writes nothing, creates nothing and takes no lock. */
  readonly role: "writer" | "reader";
  /** Id of the engine: owner of the runs it creates and origin of the changes it makes. */
  readonly owner: string;
  /** What the driver passed to `openEngine`. */
  readonly setup: Setup;
  /** Passes an error that reaches no caller to every client's `onError`. */
  readonly report: (error: RivuletError) => void;
  /** Calls a method of the storage that the driver gave to `openEngine`; in workers only. */
  readonly storage?: CallStorage;
}

/** Opens the database. @throws RivuletError if it cannot be opened */
export type OpenBackend<Setup = unknown> = (request: BackendRequest<Setup>) => Promise<Backend>;

/** How the engines of a database recognise that others are gone. */
export interface ServeOptions {
  /**
   * `lock`: all are on one machine, and an engine that is gone has lost its locks. `heartbeat`: they may be anywhere;
   * one that was silent for five minutes, by the database's clock, is gone.
   *
   * @default 'lock'
   */
  readonly ownersLive?: "lock" | "heartbeat";
}

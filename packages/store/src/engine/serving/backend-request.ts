import type { RivuletError } from "@rivulet/domain";
import type { Backend } from "../../port/backend.ts";

/** What a backend is opened for: by a worker, or in the app's thread. */
export interface BackendRequest<Setup = unknown> {
  /** A writer also reads. A reader writes nothing, creates nothing and takes no lock. */
  readonly role: "writer" | "reader";
  /** The engine's id: owner of the runs it creates, and origin of the changes it makes. */
  readonly owner: string;
  /** What the driver gave to `openEngine`. */
  readonly setup: Setup;
  /** Tells every client's `onError` of something that reaches no caller. */
  readonly report: (error: RivuletError) => void;
}

/** Opens the database. @throws RivuletError why it cannot be opened */
export type OpenBackend<Setup = unknown> = (request: BackendRequest<Setup>) => Promise<Backend>;

/** How the engines of a database know which others are gone. */
export interface ServeOptions {
  /**
   * `lock`: all are on one machine, and a gone one has lost its locks. `heartbeat`: they may be
   * anywhere; one that was silent for five minutes, by the database's clock, is gone.
   *
   * @default 'lock'
   */
  readonly ownersLive?: "lock" | "heartbeat";
}

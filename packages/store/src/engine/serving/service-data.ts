import type { SpoolPlace } from "../spool/spool-folder.ts";
import type { OwnerLocksPlace } from "./owner-locks.ts";

/** What a service of a backend is started with, in a worker or in the app's thread. */
export interface ServiceData {
  readonly role: "writer" | "reader" | "searcher";
  /** The engine's id. */
  readonly owner: string;
  /** What the driver gave for its backend. */
  readonly setup: unknown;
  /** Where a writer shows that it lives; left out where others see it by its heartbeat, or there are none. */
  readonly ownerLocks?: OwnerLocksPlace;
  /** The spool that a writer follows. */
  readonly spool?: SpoolToFollow;
}

/** A spool, and what its writer and its reader tell each other without messages. */
export interface SpoolToFollow extends SpoolPlace {
  readonly signals: SharedArrayBuffer;
}

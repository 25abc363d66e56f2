import type { SpoolPlace } from "../spool/spool-folder.ts";
import type { OwnerLocksPlace } from "./owner-locks.ts";

/** What a backend's service is started with, in a worker or in the app's thread. */
export interface ServiceData {
  readonly role: "writer" | "reader" | "searcher";
  /** Id of the engine. */
  readonly owner: string;
  /** What the driver passed for its backend. */
  readonly setup: unknown;
  /** How a writer shows that it is alive; absent where heartbeats do so, or there are no other engines. */
  readonly ownerLocks?: OwnerLocksPlace;
  /** Most bytes of files that spans refer to. @default 1 GiB */
  readonly attachmentBytes?: number;
  /** The spool that a writer follows. */
  readonly spool?: SpoolToFollow;
}

/** A spool, and the memory through which its writer and its reader signal each other. */
export interface SpoolToFollow extends SpoolPlace {
  readonly signals: SharedArrayBuffer;
}

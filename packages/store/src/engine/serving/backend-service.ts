import type { RivuletError } from "@rivulet/domain";
import type { Backend } from "../../port/backend.ts";
import type { BackupReport } from "../../port/backup.ts";
import type { AttachmentBytes } from "../../port/records.ts";
import type { IntegrityReport, StoreChange } from "../../port/store.ts";
import type { Taken } from "../spool/ledger.ts";
import type { ServiceData } from "./service-data.ts";

/** A running backend as the app sees it, in a worker or in its own thread. */
export interface BackendService {
  /** Calls `entity.method` of the port with its argument. */
  call(method: string, argument: unknown): Promise<unknown>;
  /** Writes lines of a journal without a spool. */
  takeLines(lines: string): Promise<Taken>;
  /** Stores a file that spans of a journal without a spool refer to. @returns `false` when the store has no room for it */
  takeAttachment(file: AttachmentBytes): Promise<boolean>;
  /** Resolves when everything in the spool is in the database. */
  drain(): Promise<void>;
  /**
   * Whether anybody listens for changes. Called on one of an engine's services, which then polls for changes by
   * others.
   */
  watch(isWanted: boolean): Promise<void>;
  checkIntegrity(): Promise<IntegrityReport>;
  /** Writes a consistent snapshot into a new folder. */
  backup(folder: string): Promise<BackupReport>;
  /** Writes what is left in the spool, releases the engine's runs, then the database, even if something fails. */
  close(): Promise<void>;
}

/** Events of a service. */
export interface ServiceEvents {
  /** Changes by others, or by records of the journal. */
  readonly changed: (changes: readonly StoreChange[]) => void;
  /** Failures that reach no caller. */
  readonly failed: (error: RivuletError) => void;
}

/** Options of a service. */
export interface ServiceParts {
  readonly backend: Backend;
  readonly data: ServiceData;
  readonly events: ServiceEvents;
}

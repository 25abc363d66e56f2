import type { RivuletError } from "@rivulet/domain";
import type { Backend } from "../../port/backend.ts";
import type { BackupReport } from "../../port/backup.ts";
import type { IntegrityReport, StoreChange } from "../../port/store.ts";
import type { Taken } from "../spool/ledger.ts";
import type { ServiceData } from "./service-data.ts";

/** A backend at work: what the app can ask of it, in a worker or in its own thread. */
export interface BackendService {
  /** Calls `entity.method` of the port with its argument. */
  call(method: string, argument: unknown): Promise<unknown>;
  /** Takes lines of a journal that has no spool. */
  takeLines(lines: string): Promise<Taken>;
  /** Resolves when everything in the spool is in the database. */
  drain(): Promise<void>;
  /** Whether anybody wants to know what changes. Asked of one of an engine's services: it looks what others change. */
  watch(isWanted: boolean): Promise<void>;
  checkIntegrity(): Promise<IntegrityReport>;
  /** Writes everything of one moment into a new folder. */
  backup(folder: string): Promise<BackupReport>;
  /** Takes what is left in the spool, lets go of the engine's runs, then of the database, whatever comes of the rest. */
  close(): Promise<void>;
}

/** What a service tells unasked. */
export interface ServiceEvents {
  /** What others, or records of the journal, have changed. */
  readonly changed: (changes: readonly StoreChange[]) => void;
  /** What reaches no caller. */
  readonly failed: (error: RivuletError) => void;
}

/** What a service works with. */
export interface ServiceParts {
  readonly backend: Backend;
  readonly data: ServiceData;
  readonly events: ServiceEvents;
}

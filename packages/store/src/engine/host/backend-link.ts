import type { BackupReport } from "../../port/backup.ts";
import type { IntegrityReport } from "../../port/store.ts";
import type { Taken } from "../spool/ledger.ts";
import type { StoreCall } from "../store-methods.ts";

/** The way from the engine to its backend: to workers, or to a database in this thread. */
export interface BackendLink {
  /** Resolves when the database is open. @throws RivuletError why it cannot be opened */
  readonly opened: Promise<void>;
  call(call: StoreCall): Promise<unknown>;
  /** Brings lines of a journal in memory into the database. */
  takeLines(lines: string): Promise<Taken>;
  /** Resolves when everything in the spool is in the database. */
  drain(): Promise<void>;
  /** How many workers have died that bring the spool into the database. */
  deaths(): number;
  /** Whether anybody wants to know what changes. */
  watch(isWanted: boolean): void;
  checkIntegrity(): Promise<IntegrityReport>;
  /** Writes everything of one moment into a new folder. */
  backup(folder: string): Promise<BackupReport>;
  /** Takes what is left in the spool, then lets go of the database. Nothing of it is held any more, whatever comes of that. */
  close(): Promise<void>;
}

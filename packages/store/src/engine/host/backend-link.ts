import type { BackupReport } from "../../port/backup.ts";
import type { AttachmentBytes } from "../../port/records.ts";
import type { IntegrityReport } from "../../port/store.ts";
import type { Taken } from "../spool/ledger.ts";
import type { StoreCall } from "../store-methods.ts";

/** Connection from the engine to its backend: workers, or a database in this thread. */
export interface BackendLink {
  /** Resolves when the database is open. @throws RivuletError if it cannot be opened */
  readonly opened: Promise<void>;
  call(call: StoreCall): Promise<unknown>;
  /** Writes lines of an in-memory journal to the database. */
  takeLines(lines: string): Promise<Taken>;
  /** Stores a file that spans of an in-memory journal refer to. @returns `false` when the store has no room for it */
  takeAttachment(file: AttachmentBytes): Promise<boolean>;
  /** Resolves when everything in the spool is in the database. */
  drain(): Promise<void>;
  /** How many of the workers that write the spool to the database have died. */
  deaths(): number;
  /** Whether anybody listens for changes. */
  watch(isWanted: boolean): void;
  checkIntegrity(): Promise<IntegrityReport>;
  /** Writes a consistent snapshot into a new folder. */
  backup(folder: string): Promise<BackupReport>;
  /** Writes what is left in the spool, then releases the database, even if something fails. */
  close(): Promise<void>;
}

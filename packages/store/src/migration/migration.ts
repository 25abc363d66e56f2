import { RivuletError } from "@rivulet/domain";
import type { Database, Sql } from "../sql/database.ts";
import type { FileStorage } from "../sql/file-storage.ts";
import { readVersion } from "../sql/migrate.ts";
import { readStoreId, STORE_ID } from "../sql/store-id.ts";

/** A store that is read from, and never written to. */
export interface MigrationSource {
  /** URL without secrets. */
  readonly url: string;
  /** Version of its schema, which may be older than that of this release. */
  readonly version: number;
  /** Its rows. */
  readonly database: Pick<Database, "snapshot">;
  /** Its files. */
  readonly storage: Pick<FileStorage, "read" | "readPart">;
  /** Whether an app has it open: what that writes from now on is left out. */
  readonly isOpen: boolean;
  /** Bytes in its spool that are not in its database yet. */
  readonly pendingBytes: number;
  /** Releases it. */
  close(): Promise<void>;
}

/** How far a migration has come. */
export interface MigrationProgress {
  /** `rows` are copied, then compared in `verify`; then `files` are copied and compared. */
  readonly step: "rows" | "verify" | "files";
  /** The table whose rows they are. */
  readonly table?: string;
  /** Rows or files so far, of all tables. */
  readonly done: number;
  /** Rows of all tables; absent for files, which are not counted beforehand. */
  readonly total?: number;
}

/** A table of which both stores have the same. */
export interface VerifiedTable {
  /** Number of rows. */
  readonly rows: number;
  /** SHA-256 of all rows in the order of their key, in hexadecimal digits. */
  readonly digest: string;
}

/** What a migration has brought over. */
export interface MigrationReport {
  /** URL of the store that was read, without secrets. */
  readonly from: string;
  /** URL of the store that has it now, without secrets. */
  readonly to: string;
  /** Table → what was found to be the same in both. */
  readonly tables: Readonly<Record<string, VerifiedTable>>;
  /** Number of files; each was compared by its SHA-256, with the other store's and with what the records say. */
  readonly files: number;
  /** Their total size in bytes. */
  readonly fileBytes: number;
  /** Files that records refer to but the store had already lost. */
  readonly missingFiles: readonly string[];
  /** Files whose bytes are not those that the records tell of (SHA-256): they were copied as they are. */
  readonly damagedFiles: readonly string[];
  /** It went on with what an earlier attempt had begun. */
  readonly resumed: boolean;
  /** An app had the store open: what it wrote after the start is not in it. */
  readonly wasOpen: boolean;
}

/** A migration that is going on. */
export interface Migration {
  /** URL of the source without secrets. */
  readonly from: string;
  /** One moment of the source. */
  readonly sql: Sql;
  /** Version of its schema. */
  readonly version: number;
  /** The source's files. */
  readonly storage: MigrationSource["storage"];
  /** Says how far it has come. */
  readonly tell: (progress: MigrationProgress) => void;
  /** @throws RivuletError `aborted` when the caller does not want it any more */
  readonly check: () => void;
}

/** What a target says of the migration into it. */
export type Migrated = Pick<
  MigrationReport,
  "tables" | "files" | "fileBytes" | "missingFiles" | "damagedFiles" | "resumed"
>;

/** @throws RivuletError `invalid_argument` when a store would be migrated into itself, under whatever name */
export async function requireOther(
  target: Sql,
  { sql, version, from }: Migration,
  url: string,
): Promise<void> {
  const { since = 1 } = STORE_ID;
  if (version < since || (await readVersion(target)) < since) return;
  const id = await readStoreId(target);
  if (id === "" || id !== (await readStoreId(sql))) return;
  throw isSame(from, url);
}

/** The error for a store that would be migrated into itself. */
export function isSame(from: string, to: string): RivuletError {
  const names = from === to ? from : `${from} and ${to}`;
  return new RivuletError("invalid_argument", `${names}: it is the same store. Choose another.`);
}

/** The error for stores whose contents differ. */
export function differs(what: string, to: string): RivuletError {
  return new RivuletError(
    "conflict",
    `${what} differs between the two stores. The one that is read was written to between two attempts, or the other was changed: remove what is at ${to}, and migrate again.`,
  );
}

import { RivuletError } from "@rivulet/domain";

/** `backup.json`: the content of a backup. It is written last, so a backup without it is unfinished. */
export interface Manifest {
  /** Version of the format. */
  readonly rivuletBackup: number;
  /** Version of the store's schema. */
  readonly schema: number;
  readonly createdAt: string;
  /** Version of Rivulet that wrote it. */
  readonly createdBy: string;
  /** Table → rows in `tables/<name>.jsonl`. */
  readonly tables: Readonly<Record<string, Content>>;
  /** `files.jsonl`: one line for each file below `files/`. */
  readonly files: Content;
  /** Total size of those files in bytes. */
  readonly fileBytes: number;
  /** Files that records refer to but the store had lost. */
  readonly missingFiles: readonly string[];
  /** Files whose bytes were not those of the records; absent where an older release did not look. */
  readonly damagedFiles?: readonly string[];
}

/** Expected content of a file of lines. */
export interface Content {
  readonly lines: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** The format that this Rivulet writes, and the newest one it can read. */
export const BACKUP_FORMAT = 1;

/** Names inside a backup's folder. */
export const NAMES = {
  manifest: "backup.json",
  /** Name of the manifest until everything else is written. */
  unfinished: "backup.json.tmp",
  files: "files",
  fileList: "files.jsonl",
  tables: "tables",
  tableFile: (table: string): string => `tables/${table}.jsonl`,
} as const;

/** @throws RivuletError `store_corrupt`; `store_too_new` for a later format or schema */
export function parseManifest(text: string, newestSchema: number): Manifest {
  const path = NAMES.manifest;
  const manifest = parsed(text);
  if (!isVersioned(manifest)) throw damaged(path, "it is not the manifest of a backup");
  if (manifest.rivuletBackup > BACKUP_FORMAT || manifest.schema > newestSchema) {
    const { rivuletBackup: format, schema } = manifest;
    throw new RivuletError(
      "store_too_new",
      `${path} has format ${format} and schema ${schema}; this Rivulet supports format ${BACKUP_FORMAT} and schema ${newestSchema}. Update @rivulet/core.`,
      { details: { path, format, schema } },
    );
  }
  if (!isManifest(manifest)) throw damaged(path, "it is incomplete");
  return manifest;
}

/** The error for a backup whose content has changed. @param where the file, with the line if known */
export function damaged(where: string, what: string, cause?: unknown): RivuletError {
  return new RivuletError(
    "store_corrupt",
    `The backup is damaged: ${where}: ${what}. Nothing was restored: take another backup.`,
    { cause, details: { where } },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Versioned = Pick<Manifest, "rivuletBackup" | "schema">;

function isVersioned(value: unknown): value is Versioned {
  return isObject(value) && isVersion(value["rivuletBackup"]) && isVersion(value["schema"]);
}

function isManifest(manifest: Versioned): manifest is Manifest {
  const { tables, files, fileBytes, createdAt, createdBy } = manifest as Partial<Manifest>;
  const { missingFiles, damagedFiles = [] } = manifest as Partial<Manifest>;
  return (
    isObject(tables) &&
    Object.values(tables).every(isContent) &&
    isContent(files) &&
    isCount(fileBytes) &&
    areIds(missingFiles) &&
    areIds(damagedFiles) &&
    typeof createdAt === "string" &&
    typeof createdBy === "string"
  );
}

function areIds(value: unknown): boolean {
  return Array.isArray(value) && value.every((id) => typeof id === "string");
}

function isContent(value: unknown): value is Content {
  return (
    isObject(value) &&
    isCount(value["lines"]) &&
    isCount(value["bytes"]) &&
    typeof value["sha256"] === "string"
  );
}

function isVersion(value: unknown): boolean {
  return isCount(value) && value !== 0;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

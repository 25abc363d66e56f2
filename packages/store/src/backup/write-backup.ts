import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, RivuletError } from "@rivulet/domain";
import { createFileTree } from "../files/file-tree.ts";
import type { BackupReport } from "../port/backup.ts";
import type { Database, Sql } from "../sql/database.ts";
import type { FileStorage } from "../sql/file-storage.ts";
import { unnamedFiles } from "../sql/named-files.ts";
import { keptTables, SCHEMA, type Schema, versionOf } from "../sql/schema.ts";
import { makeBackupFolder } from "./backup-folder.ts";
import { type BadFiles, copyFiles, removeUnnamed } from "./copy-files.ts";
import { BACKUP_FORMAT, type Content, type Manifest, NAMES } from "./manifest.ts";
import { linesOf } from "./table-pages.ts";
import { VERSION } from "./version.ts";
import { writeLinesFile } from "./write-lines.ts";

/** What to back up. */
export interface BackupSource {
  /** The database; a snapshot of it stays open for as long as the backup takes. */
  readonly database: Pick<Database, "snapshot">;
  /** Where its files are. */
  readonly storage: FileStorage;
  /**
   * Runs work while nobody can delete a file; writers wait meanwhile. Absent where a snapshot includes files or blocks
   * writers anyway.
   */
  readonly freeze?: Freeze;
  /** The tables to write. @default the schema of this release */
  readonly schema?: Schema;
}

type Freeze = <T>(work: () => Promise<T>) => Promise<T>;

/** Attempts while others may delete files. They copy most of the files already … */
const FREE_TRIES = 2;
/** … and attempts in total, after which files that disappear are an error. */
const MOST_TRIES = 10;
const atOnce: Freeze = (work) => work();

/**
 * Writes a consistent snapshot into a new folder: each table as lines of JSON, each file as it is, and finally the
 * manifest that lists what must be there. Memory use is bounded by the largest file.
 *
 * @throws RivuletError `already_exists` when the folder is not empty; `store_unavailable`
 */
export async function writeBackup(target: string, source: BackupSource): Promise<BackupReport> {
  const folder = await makeBackupFolder(target);
  try {
    const manifest = await writeContent(folder.path, source);
    await folder.finish(manifest);
    return reportOf(folder.path, manifest);
  } catch (error) {
    await folder.giveUp();
    if (error instanceof RivuletError) throw error;
    const message = `The backup in ${folder.path} could not be written: ${messageOf(error)}`;
    throw new RivuletError("store_unavailable", message, { cause: error });
  }
}

/**
 * Files beside a database are not part of its snapshot: one that a record refers to can be replaced and deleted
 * before it is copied. Then the backup is taken of a later moment; finished copies are kept, and the few remaining
 * files are copied while nobody can delete one.
 */
async function writeContent(folder: string, source: BackupSource): Promise<Manifest> {
  const { database, storage, freeze = atOnce, schema = SCHEMA } = source;
  const copies = createFileTree({ folder: join(folder, NAMES.files) });
  const digests = new Map<string, string>();
  let lost: readonly string[] = [];
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const { gone, manifest } = await database.snapshot(async (sql): Promise<Moment> => {
      let bad: BadFiles = { missing: [], damaged: [] };
      const keeping = tries > FREE_TRIES ? freeze : atOnce;
      const files = await writeLinesFile(join(folder, NAMES.fileList), async (list) => {
        // The snapshot begins with its first query, which is in here.
        bad = await keeping(() => copyFiles(sql, { from: storage, to: copies, digests, list }));
      });
      const { missing, damaged } = bad;
      if (missing.some((id) => !lost.includes(id))) return { gone: missing };
      const fileBytes = await removeUnnamed(sql, copies);
      const tables = await writeTables(sql, folder, schema);
      const content = { files, fileBytes, missingFiles: missing, damagedFiles: damaged };
      return { gone: missing, manifest: { ...tables, ...content } };
    });
    if (manifest !== undefined) return manifest;
    lost = await findLost(source, gone);
  }
  throw new RivuletError(
    "conflict",
    `Files were replaced faster than they could be copied into ${folder}. Try again while fewer files are being written.`,
  );
}

/** Result of one snapshot. Without a manifest, some files were missing. */
interface Moment {
  readonly gone: readonly string[];
  readonly manifest?: Manifest;
}

/** A file that is missing although a record refers to it now is lost; no other snapshot will have it. */
async function findLost(
  { database, storage }: BackupSource,
  gone: readonly string[],
): Promise<readonly string[]> {
  const unnamed = new Set(await database.snapshot((sql) => unnamedFiles(sql, gone)));
  const lost: string[] = [];
  for (const id of gone) {
    if (!unnamed.has(id) && (await storage.readPart({ id, from: 0, length: 0 })) === undefined)
      lost.push(id);
  }
  return lost;
}

async function writeTables(
  sql: Sql,
  folder: string,
  schema: Schema,
): Promise<Omit<Manifest, "files" | "fileBytes" | "missingFiles" | "damagedFiles">> {
  const createdAt = new Date().toISOString();
  await mkdir(join(folder, NAMES.tables), { recursive: true, mode: 0o700 });
  const tables: Record<string, Content> = {};
  for (const table of keptTables(schema)) {
    const path = join(folder, NAMES.tableFile(table.name));
    tables[table.name] = await writeLinesFile(path, async ({ write }) => {
      for await (const lines of linesOf(sql, table)) await write(lines);
    });
  }
  return {
    rivuletBackup: BACKUP_FORMAT,
    schema: versionOf(schema),
    createdAt,
    createdBy: VERSION,
    tables,
  };
}

/** Summary of a backup. */
export function reportOf(path: string, manifest: Manifest): BackupReport {
  const { tables, files, fileBytes, missingFiles, damagedFiles = [] } = manifest;
  const contents = Object.entries(tables);
  return {
    path,
    rows: Object.fromEntries(contents.map(([name, { lines }]) => [name, lines])),
    files: files.lines,
    bytes: contents.reduce((sum, [, { bytes }]) => sum + bytes, files.bytes + fileBytes),
    missingFiles,
    damagedFiles,
  };
}

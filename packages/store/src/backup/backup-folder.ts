import { mkdir, open, readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { messageOf, RivuletError } from "@rivulet/domain";
import { syncFolder } from "../files/write-whole.ts";
import { type Manifest, NAMES } from "./manifest.ts";

/** The folder of a backup being written. */
export interface BackupFolder {
  /** Absolute path. */
  readonly path: string;
  /** Writes the manifest, which marks the backup as finished. */
  finish(manifest: Manifest): Promise<void>;
  /** Removes what was written. */
  giveUp(): Promise<void>;
}

/**
 * Creates the folder of a backup, readable by this user only.
 *
 * @throws RivuletError `already_exists` when the folder is not empty; `store_unavailable`
 */
export async function makeBackupFolder(target: string): Promise<BackupFolder> {
  const path = resolve(target);
  const isNew = await makeEmpty(path);
  const unfinished = join(path, NAMES.unfinished);
  // Of two simultaneous backups, one creates this file.
  await writeFile(unfinished, "", { flag: "wx", mode: 0o600 }).catch((cause) => {
    throw cause.code === "EEXIST" ? inTheWay(path, cause) : cannotMake(path, cause);
  });
  return {
    path,
    async finish(manifest) {
      await writeSynced(unfinished, `${JSON.stringify(manifest, null, 2)}\n`);
      await syncFolder(join(path, NAMES.tables));
      await rename(unfinished, join(path, NAMES.manifest));
      await syncFolder(path);
    },
    async giveUp() {
      const names = [NAMES.tables, NAMES.files, NAMES.fileList, NAMES.unfinished];
      for (const name of names) await rm(join(path, name), { recursive: true, force: true });
      if (isNew) await rmdir(path);
    },
  };
}

async function writeSynced(path: string, content: string): Promise<void> {
  await using file = await open(path, "w", 0o600);
  await file.writeFile(content);
  await file.sync();
}

/** Returns whether it had to be created. */
async function makeEmpty(path: string): Promise<boolean> {
  try {
    const made = await mkdir(path, { recursive: true, mode: 0o700 });
    if (made === undefined && (await readdir(path)).length > 0) throw inTheWay(path);
    return made !== undefined;
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    const there = await stat(path).catch(() => undefined);
    if (there !== undefined && !there.isDirectory()) throw inTheWay(path, cause);
    throw cannotMake(path, cause);
  }
}

function cannotMake(path: string, cause: unknown): RivuletError {
  return new RivuletError(
    "store_unavailable",
    `Cannot make the backup ${path}: ${messageOf(cause)}`,
    {
      cause,
      details: { path },
    },
  );
}

function inTheWay(path: string, cause?: unknown): RivuletError {
  return new RivuletError(
    "already_exists",
    `${path} is not empty. A backup needs a new or empty folder.`,
    { cause, details: { path } },
  );
}

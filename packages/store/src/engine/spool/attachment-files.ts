import { randomBytes } from "node:crypto";
import { readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, modesOf } from "../../file-modes.ts";
import type { AttachmentBytes } from "../../port/records.ts";
import { ownerFolder, removeIfEmpty, type SpoolPlace } from "./spool-folder.ts";

/** A file is written under a name with this ending, so that half of one is never taken for a whole. */
const TEMPORARY_ENDING = ".tmp";

/** Folder with the files that spans of an owner refer to, each named by its hash, until they are in the store. */
function attachmentsFolder(place: SpoolPlace): string {
  return join(ownerFolder(place), "attachments");
}

/** Hashes of the files of an owner that are whole. */
export function listAttachments(place: SpoolPlace): readonly string[] {
  return namesIn(attachmentsFolder(place)).filter((name) => /^[0-9a-f]{64}$/.test(name));
}

/** One of them; `undefined` when it has been removed. */
export async function readAttachment(
  place: SpoolPlace,
  hash: string,
): Promise<AttachmentBytes | undefined> {
  try {
    return { hash, content: await readFile(join(attachmentsFolder(place), hash)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** It is in the store, or is not kept. */
export async function removeAttachment(place: SpoolPlace, hash: string): Promise<void> {
  await rm(join(attachmentsFolder(place), hash), { force: true });
}

/** Nothing is written any more: removes the folder with what was written halfway; whole files keep it. */
export function removeAttachmentsFolder(place: SpoolPlace): void {
  const folder = attachmentsFolder(place);
  for (const name of namesIn(folder)) {
    if (name.endsWith(TEMPORARY_ENDING)) rmSync(join(folder, name), { force: true });
  }
  removeIfEmpty(folder);
}

/** Writes files into the folder of an owner. */
export interface AttachmentWriter {
  /** Writes a file, outside of this thread. @throws when the disk does not take it */
  write(file: AttachmentBytes): Promise<void>;
  /** Writes a file in this thread: the process ends. @throws when the disk does not take it */
  writeNow(file: AttachmentBytes): void;
}

/** @param fileMode permissions of new files */
export function attachmentWriter(place: SpoolPlace, fileMode?: number): AttachmentWriter {
  const folder = attachmentsFolder(place);
  const modes = modesOf(fileMode);
  const pathsOf = (hash: string): readonly [temporary: string, path: string] => {
    makeFolder(folder, modes.folder);
    const path = join(folder, hash);
    return [`${path}.${randomBytes(6).toString("hex")}${TEMPORARY_ENDING}`, path];
  };
  return {
    async write({ hash, content }) {
      const [temporary, path] = pathsOf(hash);
      try {
        await writeFile(temporary, content, { mode: modes.file });
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    writeNow({ hash, content }) {
      const [temporary, path] = pathsOf(hash);
      writeFileSync(temporary, content, { mode: modes.file });
      renameSync(temporary, path);
    },
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    // No files were written, or what has an owner's name is no folder.
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}

import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { type Artifact, messageOf, RivuletError, toRivuletError } from "@rivulet/domain";
import { checkArtifactPath } from "./artifact-path.ts";
import type { ArtifactFolder, Artifacts } from "./artifacts.ts";
import { putLocalFile } from "./local-file.ts";

interface FileToPut {
  /** Path on this machine. */
  readonly file: string;
  readonly path: string;
}

/** Stores the files in a folder of this machine. See `Artifacts.putFolder`. */
export async function putLocalFolder(
  put: Artifacts["put"],
  { runId, folder, path = "" }: ArtifactFolder,
): Promise<readonly Artifact[]> {
  const top = path === "" ? "" : `${checkArtifactPath(path)}/`;
  const files: FileToPut[] = [];
  const root = await rootOf(folder);
  for await (const found of filesBelow(root, [])) {
    files.push({ ...found, path: checkArtifactPath(top + found.path) });
  }
  const stored: Artifact[] = [];
  for (const { file, path: own } of files) {
    try {
      stored.push(await putLocalFile(put, { runId, path: own, file }));
    } catch (error) {
      throw partly(error, { folder, path: own, stored: stored.length, files: files.length });
    }
  }
  return stored;
}

async function rootOf(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (cause) {
    throw new RivuletError("not_found", `folder: ${folder} cannot be read: ${messageOf(cause)}`, {
      cause,
      details: { field: "folder" },
    });
  }
}

/** The files of a tree, by name. */
async function* filesBelow(root: string, within: readonly string[]): AsyncGenerator<FileToPut> {
  const here = join(root, ...within);
  for (const entry of await entriesOf(here)) {
    const names = [...within, entry.name];
    const file = join(here, entry.name);
    if (entry.isDirectory()) yield* filesBelow(root, names);
    else {
      if (!entry.isFile()) await requireFile(root, file);
      yield { file, path: names.join("/") };
    }
  }
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (cause) {
    throw refused(folder, `cannot be read as a folder: ${messageOf(cause)}`);
  }
}

/** What is neither a file nor a folder may be a link to a file of the same tree. */
async function requireFile(root: string, path: string): Promise<void> {
  const target = await realpath(path).catch((cause: unknown) => {
    throw refused(path, `is a link that leads nowhere: ${messageOf(cause)}`);
  });
  if (!target.startsWith(root + sep))
    throw refused(path, `is a link out of the folder, to ${target}`);
  const found = await stat(target);
  if (found.isDirectory()) throw refused(path, `is a link to a folder, ${target}`);
  if (!found.isFile()) throw refused(path, "is neither a file nor a folder");
}

function refused(path: string, why: string): RivuletError {
  const message = `folder: ${path} ${why}. Nothing was stored.`;
  return new RivuletError("invalid_argument", message, { details: { field: "folder", path } });
}

interface Progress {
  readonly folder: string;
  readonly path: string;
  readonly stored: number;
  readonly files: number;
}

function partly(cause: unknown, { folder, path, stored, files }: Progress): RivuletError {
  const { code, message, details } = toRivuletError(cause);
  return new RivuletError(
    code,
    `${stored} of ${files} files of ${folder} were stored, then ${path} failed: ${message}`,
    { cause, details: { ...details, path, stored, files } },
  );
}

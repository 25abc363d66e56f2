import { randomBytes } from "node:crypto";
import type { Dirent } from "node:fs";
import { type FileHandle, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, type Page, RivuletError } from "@rivulet/domain";
import { type Modes, modesOf } from "../file-modes.ts";
import type { FilePart, FileUploads, StoredFile } from "../port/files.ts";
import type { FileStorage } from "../sql/file-storage.ts";
import { treeUploads } from "./tree-uploads.ts";
import { isMissing, TEMPORARY_ENDING, writeWhole } from "./write-whole.ts";

/** Options of a file tree. */
export interface FileTreeOptions {
  /** Created with the first file. */
  readonly folder: string;
  /** Permissions of files; folders get the matching `x`. @default 0o600 */
  readonly fileMode?: number;
  /** Nothing is written into the folder, not even to read the clock of its file system. @default false */
  readonly readOnly?: boolean;
}

/** Characters that every file system allows and distinguishes. */
const ID = /^[0-9a-z_-]{4,64}$/;

/** Files at `<folder>/xx/yy/<id>`, readable by this user only, beside a database that is itself a file. */
export function createFileTree(options: FileTreeOptions): FileStorage {
  const { folder, fileMode, readOnly = false } = options;
  const modes = modesOf(fileMode);
  const clock = async (): Promise<number> => (readOnly ? Date.now() : clockOf(folder, modes));
  const pathOf = (id: string): string => join(folder, ...placeOf(id));
  const uploads = treeUploads({
    folder,
    modes,
    pathOf(id) {
      requireId(id);
      return pathOf(id);
    },
  });

  const find = async (ids: readonly string[]): Promise<readonly FoundFile[]> => {
    const files = ids.filter((id) => ID.test(id)).map((id) => findFile(id, pathOf(id)));
    return (await Promise.all(files)).filter((file) => file !== undefined);
  };
  const describe = async (ids: readonly string[]): Promise<readonly StoredFile[]> => {
    const now = await clock();
    const files = await find(ids);
    return files.map(({ id, size, writtenAt }) => ({ id, size, ageMs: now - writtenAt }));
  };

  return {
    async write(id, content) {
      requireId(id);
      await naming(`The file ${id} cannot be written`, () =>
        writeWhole(pathOf(id), content, modes),
      );
    },
    async read(id) {
      if (!ID.test(id)) return undefined;
      return naming(`The file ${id} cannot be read`, () => readIfThere(pathOf(id)));
    },
    async readPart(part) {
      if (!ID.test(part.id)) return undefined;
      return naming(`The file ${part.id} cannot be read`, () => readPart(pathOf(part.id), part));
    },
    uploads: namingUploads(uploads),
    list: ({ limit, pageToken = "" }) =>
      naming(`The files in ${folder} cannot be listed`, async (): Promise<Page<StoredFile>> => {
        const ids: string[] = [];
        for await (const id of idsAfter(folder, pageToken)) {
          if (ids.length === limit) {
            return { items: await describe(ids), nextPageToken: ids.at(-1) ?? "" };
          }
          ids.push(id);
        }
        return { items: await describe(ids) };
      }),
    async hold(_sql, { ids, olderThanMs }) {
      // Files are removed only in a writing transaction, which has the database to itself.
      if (olderThanMs === undefined) return (await find(ids)).map(({ id }) => id);
      const old = (await describe(ids)).filter(({ ageMs }) => ageMs >= olderThanMs);
      return old.map(({ id }) => id);
    },
    async remove(_sql, ids) {
      for (const id of ids) await rm(pathOf(id), { force: true });
    },
    removeTemporary: async (olderThanMs) => removeOld(folder, (await clock()) - olderThanMs),
  };
}

/** Removes the temporary files last written before a time of the file system's clock. */
async function removeOld(folder: string, before: number): Promise<number> {
  let removed = 0;
  for await (const path of filesBelow(folder, [])) {
    const file = join(folder, ...path);
    const found = file.endsWith(TEMPORARY_ENDING) ? await findFile("", file) : undefined;
    if (found === undefined || found.writtenAt > before) continue;
    await rm(file, { force: true });
    removed += 1;
  }
  return removed;
}

/** Folder names come from the end of an id, because the start may be a timestamp. */
function placeOf(id: string): readonly [string, string, string] {
  return [id.slice(-2), id.slice(-4, -2), id];
}

/** The ids after this one, in the order of the tree. */
async function* idsAfter(folder: string, id: string): AsyncGenerator<string> {
  for await (const [, , name = ""] of filesBelow(folder, ID.test(id) ? placeOf(id) : [])) {
    if (ID.test(name) && name !== id) yield name;
  }
}

/** The files of a tree from `from` on, sorted; each as its path segments. */
async function* filesBelow(
  folder: string,
  [first = "", ...rest]: readonly string[],
): AsyncGenerator<readonly string[]> {
  for (const entry of await entriesOf(folder)) {
    const { name } = entry;
    if (name < first) continue;
    if (!entry.isDirectory()) {
      yield [name];
      continue;
    }
    const below = filesBelow(join(folder, name), name === first ? rest : []);
    for await (const path of below) yield [name, ...path];
  }
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/**
 * The file system's clock, which is the server's on a network disk. If nothing can be written, the clock of this
 * machine.
 */
async function clockOf(folder: string, { file }: Modes): Promise<number> {
  const probe = join(folder, `clock-${randomBytes(6).toString("hex")}${TEMPORARY_ENDING}`);
  let handle: FileHandle | undefined;
  try {
    handle = await open(probe, "wx", file);
    return (await handle.stat()).mtimeMs;
  } catch {
    return Date.now();
  } finally {
    await handle?.close();
    await rm(probe, { force: true });
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function readPart(path: string, { from, length }: FilePart): Promise<Uint8Array | undefined> {
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    const content = new Uint8Array(Math.max(0, Math.min(length, size - from)));
    for (let at = 0; at < content.byteLength; ) {
      const { bytesRead } = await file.read(content, at, content.byteLength - at, from + at);
      if (bytesRead === 0) return content.subarray(0, at);
      at += bytesRead;
    }
    return content;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function namingUploads({ begin, append, finish, abandon }: FileUploads): FileUploads {
  const named = <T>(work: () => Promise<T>): Promise<T> => naming("A file cannot be written", work);
  return {
    begin: () => named(begin),
    append: (part) => named(() => append(part)),
    finish: (file) => named(() => finish(file)),
    abandon: (upload) => named(() => abandon(upload)),
  };
}

function requireId(id: string): void {
  if (!ID.test(id)) throw new RivuletError("invalid_argument", `"${id}" is not a file id.`);
}

interface FoundFile {
  readonly id: string;
  readonly size: number;
  /** By the file system's clock. */
  readonly writtenAt: number;
}

async function findFile(id: string, path: string): Promise<FoundFile | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { id, size, writtenAt: mtimeMs };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function naming<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    throw new RivuletError("store_unavailable", `${what}: ${messageOf(cause)}`, { cause });
  }
}

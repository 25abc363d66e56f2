import { type Dirent, readdirSync, rmSync, type Stats, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { RivuletError } from "@rivulet/domain";
import { TEMPORARY_ENDING } from "../../files/write-whole.ts";
import { FOLDER_KINDS, FOLDERS, RUNS_FOLDER } from "./file-kinds.ts";
import { LOCAL, MARKER, STATE, UPDATED } from "./project-paths.ts";
import { unavailable } from "./text-file.ts";
import { turns } from "./turns.ts";

const NAME = "[^/]+";
const ENTITY_FILES = FOLDER_KINDS.map(({ folder, noun, versions, lines }) => {
  const inside = [
    `${noun}\\.json`,
    `tag-${NAME}\\.json`,
    ...(versions === undefined
      ? []
      : [`alias-${NAME}\\.json`, `v\\d+-[^./]+(\\.tag-${NAME})?\\.json`]),
    ...(lines === undefined ? [] : [lines.file.replace(".", "\\.")]),
  ];
  return `${folder}/${NAME}/(${inside.join("|")})`;
});
/** Names of our files; anything else in the folders belongs to somebody else. */
const OURS = new RegExp(`^(${[`${RUNS_FOLDER}/${NAME}\\.json`, ...ENTITY_FILES].join("|")})$`);

/** Whether a file of a project may have this name. */
export function isFileName(name: string): boolean {
  return OURS.test(name) || name === MARKER || name === STATE || name === UPDATED;
}

/** Size and time of a file. */
export type FileStats = Pick<Stats, "size" | "mtimeMs">;

/** Sorted names of the project's files that are shared through Git. @throws RivuletError `store_unavailable` */
export async function listShared(folder: string): Promise<readonly string[]> {
  const turn = turns();
  const names = isFile(join(folder, MARKER)) ? [MARKER] : [];
  for (const part of FOLDERS) {
    for (const { name } of entriesOf(partOf(folder, part))) {
      names.push(...listUnit(folder, `${part}/${name}`));
      await turn();
    }
  }
  return names.toSorted();
}

/** @throws RivuletError `store_corrupt` for a file where the project needs a folder */
function partOf(folder: string, part: string): string {
  const path = join(folder, part);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? true) return path;
  throw new RivuletError(
    "store_corrupt",
    `${path} is not a folder, but the project needs a folder of this name. Nothing was changed on disk: move it away, or restore the folder from Git.`,
    { details: { path } },
  );
}

/** Those of one entity. */
export function listUnit(folder: string, unit: string): readonly string[] {
  const isOne = unit.startsWith(`${RUNS_FOLDER}/`);
  const isThere = isOne && statSync(join(folder, unit), { throwIfNoEntry: false }) !== undefined;
  const names = isOne
    ? [unit].filter(() => isThere)
    : entriesOf(join(folder, unit)).map(({ name }) => `${unit}/${name}`);
  return names.filter((name) => OURS.test(name));
}

/** The machine-local ones. */
export function listLocal(folder: string): readonly string[] {
  return [STATE, UPDATED].filter((name) => isFile(join(folder, name)));
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw unavailable("read", folder, cause);
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * Size and time; `undefined` when the file does not exist. @throws RivuletError `store_corrupt` for a folder or a
 * pipe
 */
export function statsOf(path: string): FileStats | undefined {
  let stats: Stats | undefined;
  try {
    stats = statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw unavailable("read", path, cause);
  }
  if (stats === undefined) return undefined;
  if (stats.isFile()) return { size: stats.size, mtimeMs: stats.mtimeMs };
  // Reading a pipe would wait for its writer.
  const what = stats.isDirectory() ? "a folder" : "not a regular file";
  throw new RivuletError(
    "store_corrupt",
    `${path} is ${what}, but the project needs a file of this name. Nothing was changed on disk: move it away, or restore the file from Git.`,
    { details: { path } },
  );
}

/** Removes what processes left behind that were killed while writing. Call it only when nobody else can write. */
export function removeHalfWritten(folder: string): void {
  const beside = entriesOf(folder).map(({ name }) => name);
  const isOurs = (name: string): boolean =>
    /^(rivulet\.json|\.gitignore|\.gitattributes)\./.test(name);
  const names = [...FOLDERS, LOCAL].flatMap((part) => {
    const units = entriesOf(join(folder, part)).map(({ name }) => `${part}/${name}`);
    const inside = units.flatMap((unit) =>
      entriesOf(join(folder, unit)).map(({ name }) => `${unit}/${name}`),
    );
    return [...units, ...inside];
  });
  for (const name of [...names, ...beside.filter(isOurs)]) {
    if (HALF_WRITTEN.test(name)) rmSync(join(folder, name), { force: true });
  }
}

const HALF_WRITTEN = new RegExp(`\\.[0-9a-f]{12}\\${TEMPORARY_ENDING}$`);

/** The folders of a file, innermost first, without the root. */
export function foldersOf(name: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = dirname(name); folder !== "."; folder = dirname(folder)) folders.push(folder);
  return folders;
}

import {
  closeSync,
  fchmodSync,
  openSync,
  readlinkSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { messageOf, RivuletError } from "@rivulet/domain";
import { type Modes, makeFolder } from "../file-modes.ts";

/** Length of the longest suffix that is appended to a store's name. */
const LONGEST_ENDING = ".0123456789ab.tmp";
/** The folder of the default store: nobody else keeps files in it. */
const OWN_FOLDER = ".rivulet";

/**
 * Where the file of a store is. Everything that lies beside it is named after this.
 *
 * @throws RivuletError `invalid_argument` for a path that holds a NUL, `~/` or options; `store_unavailable` for one that is too long,
 * or that cannot be looked at
 */
export function resolveStorePath(path: string): string {
  requirePlain(path);
  const resolved = resolveLinks(path);
  try {
    statSync(`${resolved}${LONGEST_ENDING}`, { throwIfNoEntry: false });
    return resolved;
  } catch (cause) {
    const code = path.includes("\0") ? "invalid_argument" : "store_unavailable";
    const message = `Cannot use this path for a store: ${JSON.stringify(resolved)}: ${messageOf(cause)}`;
    throw new RivuletError(code, message, { cause, details: { path: resolved } });
  }
}

/** Characters that mean something to other programs would silently become part of the name. */
function requirePlain(path: string): void {
  const problem = path.startsWith("~/")
    ? "Only shells expand ~: write the folder in full."
    : /\?[\w-]+=/.test(path) &&
      "It takes no options: they are given to openStore or createRivulet.";
  if (problem === false) return;
  throw new RivuletError(
    "invalid_argument",
    `Cannot use this path for a store: ${path}. ${problem}`,
    {
      details: { path },
    },
  );
}

/** Where a path leads in the end: symbolic links are followed, even to files that do not exist yet. */
export function resolveLinks(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const folder = dirname(absolute);
    if (folder === absolute) return absolute;
    const target = linkTarget(absolute);
    return target === undefined
      ? join(resolveLinks(folder), basename(absolute))
      : resolveLinks(resolve(folder, target));
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Creates the folder of a store's file, and its missing parents. A new `.rivulet` is kept out of Git: it holds the
 * sign-in token and what users said.
 *
 * @throws RivuletError `store_unavailable`
 */
export function makeFolderOf(path: string, modes: Modes): void {
  const folder = dirname(path);
  try {
    const isNew = makeFolder(folder, modes.folder).includes(folder);
    if (isNew && basename(folder) === OWN_FOLDER) {
      writeFileSync(join(folder, ".gitignore"), "*\n", { mode: modes.file });
    }
  } catch (cause) {
    throw cannotMake(`the folder ${join(folder, "/")}`, cause);
  }
}

/** Creates an empty file if it does not exist. @throws RivuletError `store_unavailable` */
export function makeFile(path: string, { file: mode }: Modes): void {
  try {
    const file = openSync(path, "wx", mode);
    try {
      fchmodSync(file, mode);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cannotMake(path, cause);
  }
}

function cannotMake(what: string, cause: unknown): RivuletError {
  const message = `Cannot make ${what}: ${messageOf(cause)}`;
  return new RivuletError("store_unavailable", message, { cause });
}

import { existsSync, realpathSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { filesBelow } from "./file-tree.ts";

/** A file of a run. */
export interface ArtifactFile {
  /** Its name in the run. */
  readonly name: string;
  readonly path: string;
}

/** Where the files of a run are, or why they are left out. */
export type ArtifactPlace =
  | { readonly root: string; readonly why?: never; readonly missing?: never }
  | {
      readonly root?: never;
      readonly why: string;
      /** The folder of many runs that is not there. */
      readonly missing?: string;
    };

/** What may be read. */
export interface ArtifactRules {
  /** Below it everything may be read. */
  readonly folder: string;
  /** Folders that were told to be nowhere: each is told once, and not for every run. */
  readonly missing: Set<string>;
  /** Whether files elsewhere on this machine may be read, where the store says that they are there. */
  readonly isElsewhereRead: boolean;
}

/** The folder of a run's files. One that was moved together with the store is found below it. */
export function placeOfArtifacts(
  { uri, place }: { readonly uri: string; readonly place: string },
  { folder, isElsewhereRead }: Pick<ArtifactRules, "folder" | "isElsewhereRead">,
): ArtifactPlace {
  const named = pathOf(uri, folder);
  if (named === undefined) return { why: `its files are not on this machine: ${uri}` };
  const base = realpathSync(folder);
  const real = existsSync(named) ? realpathSync(named) : undefined;
  if (real !== undefined && isBelow(real, base)) return { root: real };
  const moved = movedTo(named, { base, place });
  if (moved !== undefined) return { root: moved };
  if (real === undefined) {
    const missing = missingAbove(named, { base, place });
    // A folder is made for the first file, and many runs have none.
    if (missing === undefined) return { root: named };
    return { missing, why: "this folder with the files of runs is nowhere" };
  }
  if (isElsewhereRead) return { root: real };
  return { why: `its files are outside of ${folder}: ask for them (--artifacts all)` };
}

function pathOf(uri: string, folder: string): string | undefined {
  if (uri.startsWith("file:")) return fileURLToPath(new URL(uri));
  if (/^[a-z][a-z\d+.-]+:/i.test(uri)) return undefined;
  return isAbsolute(uri) ? uri : resolve(folder, uri);
}

/** The longest end of a path that is there below a folder; one without the run would be the files of others, too. */
function movedTo(
  path: string,
  { base, place }: { readonly base: string; readonly place: string },
): string | undefined {
  const names = path.split(sep).filter((name) => name !== "");
  for (let index = 0; index <= names.lastIndexOf(place); index += 1) {
    const found = join(base, ...names.slice(index));
    if (existsSync(found)) {
      const real = realpathSync(found);
      return isBelow(real, base) ? real : undefined;
    }
  }
  return undefined;
}

/** The folder of all runs' files, when neither it nor one of its name below the base is there. */
function missingAbove(
  path: string,
  { base, place }: { readonly base: string; readonly place: string },
): string | undefined {
  const names = path.split(sep);
  // …/mlruns/EXPERIMENT/RUN/artifacts
  const above = names.slice(0, names.lastIndexOf(place) - 1);
  const folder = above.join(sep);
  const name = above.at(-1) ?? "";
  if (name === "" || existsSync(folder) || existsSync(join(base, name))) return undefined;
  return folder;
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== "" && !way.startsWith("..") && !isAbsolute(way);
}

/** The files below a folder; links are told of, and not followed. */
export function* artifactFiles(
  root: string,
  skip: (path: string, why: string) => void,
): Iterable<ArtifactFile> {
  for (const { name, path, isLink } of filesBelow(root)) {
    if (isLink) skip(path, "is a symbolic link");
    else yield { name, path };
  }
}

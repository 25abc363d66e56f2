import { existsSync, realpathSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
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
  /** A folder that has a copy of files that are elsewhere, as a bucket. @default none */
  readonly copies?: string | undefined;
  /** Folders that were told to be nowhere: each is told once, and not for every run. */
  readonly missing: Set<string>;
  /** Whether files elsewhere on this machine may be read, where the store says that they are there. */
  readonly isElsewhereRead: boolean;
}

/** Files of a run, of a logged model or of a trace. */
export interface NamedPlace {
  /** Where MLflow says that they are. */
  readonly uri: string;
  /** The folder whose name is theirs alone: the id of the run. */
  readonly place: string;
}

/** Where MLflow's server keeps the files that it passes on, beside its store. */
const SERVED = "mlartifacts";

/** The folder of a run's files. One that was moved together with the store is found below it. */
export function placeOfArtifacts(
  { uri, place }: NamedPlace,
  rules: Pick<ArtifactRules, "folder" | "copies" | "isElsewhereRead">,
): ArtifactPlace {
  const { folder, isElsewhereRead } = rules;
  const bases = basesOf(rules).map((base) => realpathSync(base));
  const named = pathsOf(uri, folder);
  if (named.length === 0) return remotePlace({ uri, place }, bases);
  const found = named.find((path) => existsSync(path));
  const real = found === undefined ? undefined : realpathSync(found);
  if (real !== undefined && bases.some((base) => isBelow(real, base))) return { root: real };
  for (const path of named) {
    const moved = movedTo(path.split(sep), { bases, place });
    if (moved !== undefined) return { root: moved };
  }
  const [first = ""] = named;
  if (real === undefined) {
    const missing = missingAbove(first, { bases, place });
    // A folder is made for the first file, and many runs have none.
    if (missing === undefined) return { root: first };
    return { missing, why: "this folder with the files of runs is nowhere" };
  }
  if (isElsewhereRead) return { root: real };
  return { why: `its files are outside of ${folder}: ask for them (--artifacts all)` };
}

/** Folders below which everything may be read. */
function basesOf({
  folder,
  copies,
  isElsewhereRead,
}: Pick<ArtifactRules, "folder" | "copies" | "isElsewhereRead">): readonly string[] {
  const served = [join(folder, SERVED), ...(isElsewhereRead ? [join(folder, "..", SERVED)] : [])];
  return [folder, ...served, ...(copies === undefined ? [] : [copies])].filter((base) =>
    existsSync(base),
  );
}

/** What a server passes on is beside its store, and what is in a bucket may have been copied. */
function remotePlace({ uri, place }: NamedPlace, bases: readonly string[]): ArtifactPlace {
  const names = decoded(uri).split("/");
  const copied = movedTo(names, { bases, place });
  if (copied !== undefined) return { root: copied };
  // `s3://bucket/…` or `mlflow-artifacts:/…`
  const least = names[1] === "" ? 3 : 1;
  const missing = names.slice(0, Math.max(least, names.lastIndexOf(place) - 1)).join("/");
  return {
    missing,
    why: "the files of runs there are not on this machine: copy them, and name the folder of the copy (--artifact-copies)",
  };
}

/** Paths that a URI may mean: Python writes some as they are, and others with signs in place of letters. */
function pathsOf(uri: string, folder: string): readonly string[] {
  if (uri.startsWith("file:")) {
    const path = uri.replace(/^file:(?:\/\/[^/]*(?=\/))?/, "");
    return [...new Set([decoded(path), path])];
  }
  if (/^[a-z][a-z\d+.-]+:/i.test(uri)) return [];
  return [isAbsolute(uri) ? uri : resolve(folder, uri)];
}

/** A `%` that no two digits follow is one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll(/%(?![\da-f]{2})/gi, "%25"));
  } catch {
    return text;
  }
}

/** Where files are looked for that were moved. */
interface Moved {
  readonly bases: readonly string[];
  readonly place: string;
}

/** The longest end of a path that is there below a folder; one without the run would be the files of others, too. */
function movedTo(path: readonly string[], { bases, place }: Moved): string | undefined {
  const names = path.filter((name) => name !== "");
  for (const base of bases) {
    for (let index = 0; index <= names.lastIndexOf(place); index += 1) {
      const found = join(base, ...names.slice(index));
      if (!existsSync(found)) continue;
      const real = realpathSync(found);
      if (isBelow(real, base)) return real;
    }
  }
  return undefined;
}

/** The folder of all runs' files, when neither it nor one of its name below the folders is there. */
function missingAbove(path: string, { bases, place }: Moved): string | undefined {
  const names = path.split(sep);
  // …/mlruns/EXPERIMENT/RUN/artifacts
  const above = names.slice(0, names.lastIndexOf(place) - 1);
  const folder = above.join(sep);
  const name = above.at(-1) ?? "";
  if (name === "" || existsSync(folder)) return undefined;
  return bases.some((base) => existsSync(join(base, name))) ? undefined : folder;
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

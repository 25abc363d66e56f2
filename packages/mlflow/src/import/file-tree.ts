import { type Dirent, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/**
 * The text of a file that is no link.
 *
 * @throws Error when it is one, or not UTF-8
 */
export function readOwnText(path: string): string {
  if (lstatSync(path).isSymbolicLink()) throw new Error("is a symbolic link");
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
}

/**
 * The fields of a YAML file, all of them texts: what Python writes without quotes, such as the names `1e5` and `08`, is a
 * number by the rules that hold today.
 *
 * @throws Error when it is none
 */
export function readYaml(path: string): Readonly<Record<string, unknown>> {
  const value: unknown = parse(readOwnText(path), { schema: "failsafe", customTags: ["null"] });
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new Error("is not a list of fields");
}

/** What is in a folder, by name; nothing when there is no such folder. @throws Error when it cannot be read */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}

/** Names of the links to folders in a folder. */
export function linksIn(folder: string): readonly string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isSymbolicLink() && isFolder(join(folder, entry.name)))
    .map(({ name }) => name);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Names of all that is in a folder; none when it is not there. */
export function namesIn(folder: string): readonly string[] {
  return entriesOf(folder).map(({ name }) => name);
}

/** Names of the folders in a folder. */
export function foldersIn(folder: string): readonly string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** A file below a folder. Links are not followed. */
export interface FoundFile {
  /** With slashes, relative to the folder: the key of a metric, such as `val/acc`. */
  readonly name: string;
  readonly path: string;
  readonly isLink: boolean;
}

/** All files below a folder, by name. */
export function* filesBelow(folder: string, above = ""): Iterable<FoundFile> {
  for (const entry of entriesOf(folder)) {
    const name = above + entry.name;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path, `${name}/`);
    else yield { name, path, isLink: entry.isSymbolicLink() };
  }
}

function isNotThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

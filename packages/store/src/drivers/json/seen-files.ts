import { hash } from "node:crypto";
import { join } from "node:path";
import { type FileStats, statsOf } from "./project-files.ts";
import { LOCAL, unitPathOf } from "./project-paths.ts";
import { readBytes } from "./text-file.ts";
import { turns } from "./turns.ts";

/** A file as it was. */
export interface Seen extends FileStats {
  readonly digest: string;
}

/** Files of a project as they were when they were last read or written here. */
export interface SeenFiles {
  get(name: string): Seen | undefined;
  set(name: string, seen: Seen): void;
  delete(name: string): void;
  /** Forgets them, and has those of another one. */
  become(other: SeenFiles): void;
  /** Those of a unit. */
  in(unit: string): readonly string[];
  all(): readonly string[];
}

/** None yet. */
export function seenFiles(): SeenFiles {
  const units = new Map<string, Map<string, Seen>>();
  const all = (): readonly string[] => [...units.values()].flatMap((files) => [...files.keys()]);
  const set = (name: string, seen: Seen): void => {
    const unit = unitPathOf(name);
    const files = units.get(unit) ?? new Map<string, Seen>();
    units.set(unit, files.set(name, seen));
  };
  return {
    get: (name) => units.get(unitPathOf(name))?.get(name),
    set,
    become(other) {
      const names = other.all();
      units.clear();
      for (const name of names) {
        const seen = other.get(name);
        if (seen !== undefined) set(name, seen);
      }
    },
    delete: (name) => void units.get(unitPathOf(name))?.delete(name),
    in: (unit) => [...(units.get(unit)?.keys() ?? [])],
    all,
  };
}

/** Others may change it, too. */
export function isShared(name: string): boolean {
  return !name.startsWith(`${LOCAL}/`);
}

/** A file as it is now, after this text was written to it. */
export function seenAs(path: string, text: string): Seen {
  const mtimeMs = statsOf(path)?.mtimeMs ?? 0;
  // Not the size that it has now: somebody else may have been fast.
  return { size: Buffer.byteLength(text), mtimeMs, digest: hash("sha256", text) };
}

/** Units of which a file is another one, or is there in only one of the two. */
export function differingUnits(before: SeenFiles, after: SeenFiles): readonly string[] {
  const names = [...new Set([...before.all(), ...after.all()])];
  const differing = names.filter((name) => before.get(name)?.digest !== after.get(name)?.digest);
  return [...new Set(differing.map(unitPathOf))];
}

/** What {@link findDifference} compares. */
export interface Comparison {
  readonly folder: string;
  readonly seen: SeenFiles;
  /** Files that are to be there. */
  readonly expected: readonly string[];
  /** Files that are there. */
  readonly there: readonly string[];
}

/** The first file that is not as it was. */
export async function findDifference({
  folder,
  seen,
  expected,
  there,
}: Comparison): Promise<string | undefined> {
  const names = new Set(there);
  const gone = expected.find((name) => !names.has(name));
  if (gone !== undefined) return gone;
  const turn = turns();
  for (const name of there) {
    if (!isAsSeen(folder, name, seen)) return name;
    await turn();
  }
  return undefined;
}

/** Size and time first; the content only when they differ. */
function isAsSeen(folder: string, name: string, seen: SeenFiles): boolean {
  const path = join(folder, name);
  const before = seen.get(name);
  const now = statsOf(path);
  if (before === undefined || now === undefined) return false;
  if (now.size === before.size && now.mtimeMs === before.mtimeMs) return true;
  const isSame = hash("sha256", readBytes(path) ?? "") === before.digest;
  if (isSame) seen.set(name, { ...before, ...now });
  return isSame;
}

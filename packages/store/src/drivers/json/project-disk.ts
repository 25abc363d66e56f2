import { hash } from "node:crypto";
import { join } from "node:path";
import { RivuletError } from "@rivulet/domain";
import { type ProjectFile, readText } from "./file-text.ts";
import { listLocal, listShared, listUnit, statsOf } from "./project-files.ts";
import { MARKER, STATE } from "./project-paths.ts";
import {
  differingUnits,
  findDifference,
  isShared,
  type SeenFiles,
  seenFiles,
} from "./seen-files.ts";
import { textFile } from "./text-file.ts";
import { turns } from "./turns.ts";
import type { Texts } from "./unit-texts.ts";
import { finishSteps, writeUnits } from "./write-units.ts";

/** The files of a project as they were when last read or written here. */
export interface ProjectDisk {
  /** Completes an interrupted change and reads all files; `undefined` when there is no project yet. */
  read(): Promise<DiskState | undefined>;
  /** The database now holds what was read. Returns the units that have changed. */
  accept(state: DiskState): readonly string[];
  /** The first file that differs from what was last seen: another program has written, removed or added it. */
  findChange(): Promise<string | undefined>;
  /** The same, for the files of some units. */
  findChangeIn(units: Iterable<string>): Promise<string | undefined>;
  /** Writes what differs from what was last seen, and removes what no longer exists. By unit. */
  write(units: ReadonlyMap<string, Texts>): Promise<void>;
  /** The marker file is gone. */
  isRemoved(): boolean;
  /** Nothing has been seen yet. */
  forget(): void;
  /** Size of the machine-local data in bytes. */
  localBytes(): number;
}

/** Result of {@link ProjectDisk.read}. */
export interface DiskState {
  readonly files: readonly ProjectFile[];
  readonly seen: SeenFiles;
}

/** Options of {@link projectDisk}. */
export interface DiskOptions {
  /** Permissions of new files; existing ones keep theirs. */
  readonly fileMode: number;
  /** Nothing is written: an interrupted change is only read as if it were complete. */
  readonly readOnly: boolean;
}

/** The project in a folder. */
export function projectDisk(folder: string, { fileMode, readOnly }: DiskOptions): ProjectDisk {
  const seen = seenFiles();
  const place = { folder, fileMode, seen };
  // Machine-local rows are changed only by the holder of the lock.
  const listWatched = async (): Promise<readonly string[]> => {
    const shared = await listShared(folder);
    return readOnly ? [...shared, ...listLocal(folder)] : shared;
  };
  return {
    async read() {
      const left = await finishSteps(place, { readOnly });
      const unfinished = new Map(left.map(({ name, after }) => [name, after]));
      const there = [...(await listShared(folder)), ...listLocal(folder), ...unfinished.keys()];
      const names = [...new Set(there)].filter((name) => unfinished.get(name) !== null);
      if (!names.includes(MARKER)) {
        const first = names.find(isShared);
        if (first !== undefined) throw unmarked(folder, first);
        return undefined;
      }
      return readAll({ folder, names: names.toSorted(), unfinished });
    },
    accept(state) {
      const changed = differingUnits(seen, state.seen);
      seen.become(state.seen);
      return changed;
    },
    async findChange() {
      return findDifference({
        folder,
        seen,
        expected: readOnly ? seen.all() : seen.all().filter(isShared),
        there: await listWatched(),
      });
    },
    findChangeIn(units) {
      const asked = [...units].filter(isShared);
      return findDifference({
        folder,
        seen,
        expected: asked.flatMap((unit) => seen.in(unit)),
        there: asked.flatMap((unit) => listUnit(folder, unit)),
      });
    },
    write: (units) => writeUnits(place, units),
    isRemoved: () => seen.get(MARKER) !== undefined && statsOf(join(folder, MARKER)) === undefined,
    forget: () => seen.become(seenFiles()),
    localBytes: () => seen.get(STATE)?.size ?? 0,
  };
}

interface Reading {
  readonly folder: string;
  readonly names: readonly string[];
  /** Content that an interrupted change did not write. */
  readonly unfinished: ReadonlyMap<string, string | null>;
}

async function readAll({ folder, names, unfinished }: Reading): Promise<DiskState> {
  const seen = seenFiles();
  const files: ProjectFile[] = [];
  const turn = turns();
  for (const name of names) {
    const path = join(folder, name);
    const stats = statsOf(path);
    const text = unfinished.get(name);
    const content = typeof text === "string" ? Buffer.from(text) : await contentOf(path);
    seen.set(name, { size: 0, mtimeMs: 0, ...stats, digest: hash("sha256", content) });
    files.push({ path, name, text: readText(path, content) });
    await turn();
  }
  return { files, seen };
}

/** Size and time of a listed file, which may be gone by now. */
async function contentOf(path: string): Promise<Buffer> {
  const file = textFile(path);
  await file.read();
  return file.data ?? Buffer.alloc(0);
}

function unmarked(folder: string, first: string): RivuletError {
  return new RivuletError(
    "store_corrupt",
    `${join(folder, MARKER)} is missing, but ${join(folder, first)} is there. Nothing was changed on disk: restore ${MARKER} from Git, or choose another path.`,
    { details: { path: folder } },
  );
}

import { setTimeout as pause } from "node:timers/promises";
import { RivuletError } from "@rivulet/domain";
import { Low } from "lowdb";
import type { Database } from "../../sql/database.ts";
import { documentOf, loadDocument, type ProjectDocument } from "./project-document.ts";
import { projectFile } from "./project-file.ts";
import type { ProjectLock } from "./project-lock.ts";

/** A project file and the in-memory database it is kept from. */
export interface Project {
  /** The database has changed. Resolves when the file has it. */
  save(): Promise<void>;
  /** Whether the file has every change, as far as none is on its way: a write that failed leaves some out. */
  isSaved(): boolean;
  /** Why it takes no more traces; undefined while it does. */
  full(): RivuletError | undefined;
  /** Resolves when the file has every change that `save` was called for. One that failed is tried once more. */
  settled(): Promise<void>;
}

/** What {@link loadProject} works with. */
export interface ProjectParts {
  readonly path: string;
  readonly database: Database;
  /** Permissions of a new file. */
  readonly fileMode: number;
  /** Absent when the file is not written. */
  readonly lock: ProjectLock | undefined;
}

/** Changes within this time are written together. */
const GATHER_MS = 5;
/** Size of the file above which it takes no more traces. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Loads the project file into the database, and writes it back after changes, through lowdb.
 *
 * @throws RivuletError `store_corrupt` or `store_too_new` when the file is not one of ours: it is left as it
 * is; `store_unavailable` when it cannot be read
 */
export async function loadProject(parts: ProjectParts): Promise<Project> {
  const { path, database, lock } = parts;
  const file = projectFile(path, parts.fileMode);
  const low = new Low<ProjectDocument | null>(file, null);
  await low.read();
  if (low.data !== null) await loadDocument(database, low.data, path);

  let gathering: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  let isSaved = true;

  const write = async (): Promise<void> => {
    lock?.keep();
    low.data = await documentOf(database);
    await low.write();
    if (gathering === undefined) isSaved = true;
  };
  const writeSoon = async (before: Promise<void>): Promise<void> => {
    await pause(GATHER_MS);
    // One write at a time; one that failed is made good by this one.
    await before.catch(() => undefined);
    gathering = undefined;
    await write();
  };
  const save = (): Promise<void> => {
    isSaved = false;
    gathering ??= writeSoon(last);
    last = gathering;
    return gathering;
  };
  return {
    save,
    isSaved: () => isSaved,
    full: () => (file.bytes() > MAX_BYTES ? fullError(path) : undefined),
    settled: () => last.catch(save),
  };
}

function fullError(path: string): RivuletError {
  const size = `${MAX_BYTES / 1024 ** 2} MB`;
  return new RivuletError(
    "limit_exceeded",
    `Traces were dropped: ${path} has reached ${size}. A json: store is for what people read; record traces into a sqlite: store.`,
    { details: { path, maxBytes: MAX_BYTES } },
  );
}

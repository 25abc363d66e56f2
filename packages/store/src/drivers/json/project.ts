import { setTimeout as pause } from "node:timers/promises";
import { RivuletError } from "@rivulet/domain";
import { Low } from "lowdb";
import type { Database } from "../../sql/database.ts";
import { holdLock } from "../sqlite/file-lock.ts";
import { documentOf, loadDocument, type ProjectDocument } from "./project-document.ts";
import { projectFile } from "./project-file.ts";

/** A project file and the in-memory database it is kept from. */
export interface Project {
  /** The database has changed: the file will be written. */
  changed(): void;
  /** Resolves when every change so far is in the file. */
  written(): Promise<void>;
  /** Writes at once. A task of the queue. */
  save(): Promise<void>;
  /** Why it takes no more traces; undefined while it does. */
  full(): RivuletError | undefined;
  /** Writes what is pending and lets go of the file. A task of the queue. */
  close(): Promise<void>;
}

/** What {@link openProject} works with. */
export interface ProjectParts {
  readonly path: string;
  /** Size above which no new traces are taken. */
  readonly maxBytes: number;
  readonly database: Database;
  readonly queue: <T>(task: () => Promise<T>) => Promise<T>;
}

/** Changes within this time are written together. */
const GATHER_MS = 5;
const ONE_CLIENT =
  "A json: store takes one client at a time: close the other, or use sqlite: for several.";

/**
 * Loads the project file into the database, and writes it back after changes, through lowdb.
 *
 * @throws RivuletError `store_corrupt` or `store_too_new` when the file is not one of ours: it is left as it
 * is; `store_locked` when another process has it; `store_unavailable` when it cannot be read
 */
export async function openProject({
  path,
  maxBytes,
  database,
  queue,
}: ProjectParts): Promise<Project> {
  const lock = holdLock(path, ONE_CLIENT);
  const file = projectFile(path);
  const low = new Low<ProjectDocument | null>(file, null);
  try {
    await low.read();
    if (low.data !== null) await loadDocument(database, low.data, path);
  } catch (error) {
    lock.release();
    throw error;
  }

  let isClosed = false;
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();

  const save = async (): Promise<void> => {
    low.data = await documentOf(database);
    await low.write();
  };
  const saveSoon = async (before: Promise<void>): Promise<void> => {
    await pause(GATHER_MS);
    // A write that failed is made good by this one.
    await before.catch(() => undefined);
    next = undefined;
    if (!isClosed) await queue(save);
  };

  return {
    changed() {
      if (next !== undefined) return;
      next = saveSoon(last);
      last = next;
      // Those who wait for it are told.
      last.catch(() => undefined);
    },
    written: () => last,
    save,
    full: () => (file.bytes() > maxBytes ? fullError(path, maxBytes) : undefined),
    async close() {
      isClosed = true;
      try {
        await save();
      } finally {
        lock.release();
      }
    },
  };
}

function fullError(path: string, maxBytes: number): RivuletError {
  const size = `${Math.floor(maxBytes / 1024 ** 2)} MB`;
  return new RivuletError(
    "limit_exceeded",
    `Traces were dropped: ${path} has reached ${size}. A json: store is for what people read; move to SQLite: rivulet migrate json:${path} sqlite:${path.replace(/(\.json)?$/, ".db")}`,
    { details: { path, maxBytes } },
  );
}

import { Low } from "lowdb";
import type { SqlConnection } from "../sql/sql-connection.ts";
import { documentOf, loadDocument, type ProjectDocument } from "./project-document.ts";
import { projectFile } from "./project-file.ts";

/** Keeps an in-memory database in a file. */
export interface Persistence {
  /** The database has changed: the file will be written. */
  changed(): void;
  /** Resolves when every change so far is in the file. */
  written(): Promise<void>;
  /** Characters in the file. */
  size(): number;
  /** Writes what is pending and lets go of the file. */
  close(): Promise<void>;
}

/** What {@link jsonPersistence} keeps. */
export interface JsonFile {
  readonly path: string;
}

/** Changes within this time are written together. */
const DEBOUNCE_MS = 5;

/**
 * Loads the project file into the database, and writes it back after changes, through lowdb.
 *
 * @throws RivuletError `store_corrupt` or `store_too_new` when the file is not one of ours: it is left as it
 * is; `store_locked` when another process has it.
 */
export async function jsonPersistence(
  sql: SqlConnection,
  { path }: JsonFile,
): Promise<Persistence> {
  const file = projectFile(path);
  const database = new Low<ProjectDocument | null>(file, null);
  try {
    await database.read();
    if (database.data !== null) await loadDocument(sql, database.data, path);
  } catch (error) {
    file.release();
    throw error;
  }

  let pending: Promise<void> | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, DEBOUNCE_MS));
    await writing;
    pending = undefined;
    // The document is made in one go, between two calls of the database.
    database.data = await documentOf(sql);
    await database.write();
  };
  return {
    changed() {
      if (pending !== undefined) return;
      pending = write();
      writing = pending.catch(() => undefined);
    },
    async written() {
      await (pending ?? writing);
    },
    size: () => file.size(),
    async close() {
      await (pending ?? writing);
      file.release();
    },
  };
}

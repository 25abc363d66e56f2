import { setTimeout as pause } from "node:timers/promises";
import { type RivuletError, toRivuletError } from "@rivulet/domain";
import type { Database } from "./database.ts";
import type { FileStorage } from "./file-storage.ts";
import { deleteFiles, unnamedFiles } from "./named-files.ts";

/** What {@link removeLeftFiles} works with. */
interface LeftFilesOptions {
  readonly storage: FileStorage;
  readonly signal?: AbortSignal;
}

/** What {@link watchLeftFiles} works with. */
export interface WatchLeftFilesOptions {
  readonly storage: FileStorage;
  /** Told why files could not be removed. */
  readonly report?: (error: RivuletError) => void;
}

/** Whoever was killed while it uploaded leaves a file that no record names; nobody needs longer than this for an upload. */
const LEFT_AFTER_MS = 60 * 60 * 1000;
/** The store is in use when its files are looked through: a few at a time … */
const FILES_AT_ONCE = 100;
/** … with pauses. */
const PAUSE_MS = 5;
/** Processes that end at once do not begin. */
const START_AFTER_MS = 1000;

/**
 * Removes files that no record names and that were written more than an hour ago, by the clock of the place
 * where they lie. Each is looked at again in a writing transaction just before; an upload that took longer finds
 * that out when it writes its record, and writes its file again. Stops between two steps when the signal says
 * so.
 *
 * @returns how many
 */
async function removeLeftFiles(
  database: Database,
  { storage, signal }: LeftFilesOptions,
): Promise<number> {
  let removed = await storage.removeTemporary(LEFT_AFTER_MS);
  let pageToken: string | undefined;
  do {
    const page = { limit: FILES_AT_ONCE, ...(pageToken === undefined ? {} : { pageToken }) };
    const { items, nextPageToken } = await storage.list(page);
    const old = items.filter(({ ageMs }) => ageMs >= LEFT_AFTER_MS).map(({ id }) => id);
    // Without the writers' lock first: most files are named.
    const ids = await unnamedFiles(database, old);
    if (ids.length > 0) {
      const files = { ids, olderThanMs: LEFT_AFTER_MS };
      removed += (await database.transaction((sql) => deleteFiles(sql, storage, files))).length;
    }
    pageToken = nextPageToken;
    if (pageToken !== undefined) await pause(PAUSE_MS, undefined, { ref: false });
  } while (pageToken !== undefined && signal?.aborted !== true);
  return removed;
}

/** Removes left files soon, in the background, once. Returns the way to stop it; it resolves when it has. */
export function watchLeftFiles(
  database: Database,
  { storage, report }: WatchLeftFilesOptions,
): () => Promise<void> {
  const stop = new AbortController();
  let removing: Promise<unknown> | undefined;
  const timer = setTimeout(() => {
    // What is left now is left for the next opening.
    removing = removeLeftFiles(database, { storage, signal: stop.signal }).catch((error) =>
      report?.(toRivuletError(error)),
    );
  }, START_AFTER_MS).unref();
  return async () => {
    clearTimeout(timer);
    stop.abort();
    await removing;
  };
}

import { setTimeout as pause } from "node:timers/promises";
import { type RivuletError, toRivuletError } from "@rivulet/domain";
import type { Database } from "./database.ts";
import type { FileStorage } from "./file-storage.ts";
import { deleteFiles, unnamedFiles } from "./named-files.ts";

/** Options of {@link removeLeftFiles}. */
interface LeftFilesOptions {
  readonly storage: FileStorage;
  readonly signal?: AbortSignal;
}

/** Options of {@link watchLeftFiles}. */
export interface WatchLeftFilesOptions {
  readonly storage: FileStorage;
  /** Called with the reason when files could not be removed. */
  readonly report?: (error: RivuletError) => void;
}

/** A killed upload leaves a file that no record refers to. No upload takes longer than this. */
const LEFT_AFTER_MS = 60 * 60 * 1000;
/** The store is in use meanwhile: checks a few files at a time … */
const FILES_AT_ONCE = 100;
/** … with pauses. */
const PAUSE_MS = 5;
/** Delay, so that short-lived processes do not start it. */
const START_AFTER_MS = 1000;
/** Files of deleted traces that were written a moment before are left to the next look. */
const AGAIN_AFTER_MS = LEFT_AFTER_MS;

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
    // Checked first without the writers' lock, because most files are referred to.
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

/**
 * Removes unreferenced files soon and then every hour, in the background. Returns a function that stops it, and
 * resolves when it has.
 */
export function watchLeftFiles(
  database: Database,
  { storage, report }: WatchLeftFilesOptions,
): () => Promise<void> {
  const stop = new AbortController();
  let removing: Promise<unknown> | undefined;
  const wait = (milliseconds: number): NodeJS.Timeout => setTimeout(remove, milliseconds).unref();
  const remove = (): void => {
    removing = removeLeftFiles(database, { storage, signal: stop.signal }).catch((error) =>
      report?.(toRivuletError(error)),
    );
    timer = wait(AGAIN_AFTER_MS);
  };
  let timer = wait(START_AFTER_MS);
  return async () => {
    clearTimeout(timer);
    stop.abort();
    await removing;
  };
}

import { RivuletError } from "@rivulet/domain";
import type { Backend } from "../../port/backend.ts";

/** A backend on a file. */
export interface BackendFile {
  readonly backend: Backend;
  /** Whether the path still leads to the file. */
  isInPlace(): boolean;
  /**
   * Makes sure that what is committed outlives this process.
   *
   * @throws RivuletError `store_unavailable`, `store_locked` when it would not
   */
  secure(): Promise<void>;
  /** When the path leads elsewhere: removes what lies beside it and belongs to this file. */
  removeLog(): void;
}

/** Options of {@link trackFile}. */
export interface FileToTrack {
  readonly path: string;
  /** Opens the file at the path, or creates it. */
  readonly open: () => Promise<BackendFile>;
  /** Called once each time the file was deleted or replaced. */
  readonly report: (error: RivuletError) => void;
}

/** The file at a path, whichever it is at the time. */
export interface TrackedFile {
  /**
   * Works on the file that is at the path now.
   *
   * @throws RivuletError `store_unavailable` when it is another one at the end; what opening it again throws
   */
  on<T>(work: (backend: Backend) => Promise<T>): Promise<T>;
  /** Works on the file if it is still at the path; for work that would not justify creating a new file. */
  ifInPlace<T>(work: (backend: Backend) => Promise<T>, otherwise: T): Promise<T>;
  /** How many times a file was opened. */
  openings(): number;
  close(): Promise<void>;
}

/** Opens the file. @throws RivuletError whatever opening it throws */
export async function trackFile(file: FileToTrack): Promise<TrackedFile> {
  let current: BackendFile | undefined = await file.open();
  let reopening: Promise<BackendFile> | undefined;
  let openings = 1;

  const reopen = async (): Promise<BackendFile> => {
    const before = current;
    current = undefined;
    if (before !== undefined) await abandon(before, file);
    current = await file.open();
    openings += 1;
    return current;
  };
  const inPlace = async (): Promise<BackendFile> => {
    if (current?.isInPlace()) return current;
    reopening ??= reopen().finally(() => {
      reopening = undefined;
    });
    return reopening;
  };
  const workOn = async <T>(opened: BackendFile, work: (backend: Backend) => Promise<T>) => {
    const isLost = (): boolean => current !== opened || !opened.isInPlace();
    try {
      await opened.secure();
      const result = await work(opened.backend);
      if (!isLost()) await opened.secure();
      if (!isLost()) return result;
    } catch (error) {
      throw isLost() ? lostError(file.path, error) : error;
    }
    throw lostError(file.path);
  };
  return {
    on: async (work) => workOn(await inPlace(), work),
    ifInPlace: async (work, otherwise) =>
      current?.isInPlace() ? workOn(current, work) : otherwise,
    openings: () => openings,
    async close() {
      await reopening?.catch(() => undefined);
      if (current?.isInPlace()) await current.secure().catch(file.report);
      await current?.backend.close();
    },
  };
}

async function abandon(before: BackendFile, { path, report }: FileToTrack): Promise<void> {
  const message = `Store ${path}, or its lock, was deleted, moved or replaced while it was open. It has been opened again: calls go to the present file, or to a new store. The content of a removed file is not carried over.`;
  report(new RivuletError("store_unavailable", message, { details: { path } }));
  before.removeLog();
  await before.backend.close().catch(() => undefined);
}

function lostError(path: string, cause?: unknown): RivuletError {
  return new RivuletError(
    "store_unavailable",
    `Store ${path} was deleted, moved or replaced during this call, whose changes are lost. Repeat the call.`,
    { cause, details: { path } },
  );
}

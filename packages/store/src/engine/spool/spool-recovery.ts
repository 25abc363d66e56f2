import { messageOf, RivuletError } from "@rivulet/domain";
import { fileAt } from "../file-identity.ts";
import { type HeldLock, takeLock } from "../lock.ts";
import { listAttachments, removeAttachmentsFolder } from "./attachment-files.ts";
import { takeAttachment } from "./attachment-reader.ts";
import { NOTHING_TAKEN } from "./ledger.ts";
import {
  createOwnerReader,
  forgetMarks,
  type OwnerReader,
  type OwnerReaderParts,
  type OwnerStep,
} from "./owner-reader.ts";
import { onFiles, SpoolFileError } from "./spool-file-error.ts";
import {
  listOwners,
  listSegments,
  lockPath,
  ownerFolder,
  removeFolder,
  removeIfEmpty,
  type SpoolPlace,
} from "./spool-folder.ts";

/** An owner whose writer is gone. */
export interface EndedOwner {
  readonly owner: string;
  /** Exit code of its process; absent when it was killed. */
  readonly exitCode?: number;
}

/** Options of {@link createSpoolRecovery}. */
export interface SpoolRecoveryParts extends OwnerReaderParts {
  /**
   * Called when all records of such an owner are in the store and before its folder is removed; called again if it
   * fails.
   */
  readonly ended: (owner: EndedOwner) => Promise<void>;
  /** Called with what has to stay where it is; once per owner. */
  readonly report: (error: RivuletError) => void;
}

/** Moves the records of owners whose writers are gone into the store, one owner after the other. */
export interface SpoolRecovery {
  /** Looks for such owners. */
  look(): void;
  /** `undefined` when nothing is left to do. @throws whatever the database throws: call again then */
  step(): Promise<OwnerStep | undefined>;
  /** Releases the current owner. */
  close(): void;
}

/** The folder of an owner whose lock we hold. */
interface Claimed {
  readonly place: SpoolPlace;
  readonly lock: HeldLock;
  readonly reader: OwnerReader;
}

const NOTHING: OwnerStep = { next: "more", taken: NOTHING_TAKEN, changes: [], refused: [] };

/** Does not look for anything yet. `parts.place` is our own folder, which is left alone. */
export function createSpoolRecovery(parts: SpoolRecoveryParts): SpoolRecovery {
  const { folder, owner: self } = parts.place;
  const told = new Set<string>();
  let owners: readonly string[] = [];
  let claimed: Claimed | undefined;

  const leave = (): OwnerStep => {
    claimed?.reader.close();
    claimed?.lock.release();
    claimed = undefined;
    owners = owners.slice(1);
    return NOTHING;
  };
  const report = (owner: string, error: unknown): void => {
    // A failure of the database is no reason to give up a folder.
    if (!(error instanceof SpoolFileError)) throw error;
    if (!told.has(owner)) parts.report(error);
    told.add(owner);
  };
  const stepOf = async (owner: string): Promise<OwnerStep> => {
    claimed ??= await claim({ ...parts, place: { ...parts.place, owner } });
    if (claimed === undefined) return leave();
    const step = await claimed.reader.step();
    if (step.next === "more") return { ...step, taken: NOTHING_TAKEN };
    if (step.next === "newer") throw newerError(claimed.place);
    if (await takeFile({ ...parts, place: claimed.place })) return NOTHING;
    const refused = await end(claimed, parts);
    return { ...leave(), refused };
  };

  return {
    look() {
      if (owners.length > 0) return;
      try {
        owners = onFiles(folder, () => listOwners(folder)).filter((owner) => owner !== self);
      } catch (error) {
        report(self, error);
      }
    },
    async step() {
      const [owner] = owners;
      if (owner === undefined) return undefined;
      try {
        return await stepOf(owner);
      } catch (error) {
        report(owner, error);
        return leave();
      }
    },
    close() {
      leave();
      owners = [];
    },
  };
}

/** Takes the lock of an owner's folder. `undefined` if its writer is alive, or there is nothing (left) in it. */
async function claim(parts: OwnerReaderParts): Promise<Claimed | undefined> {
  const { place, backend } = parts;
  const files = <T>(work: () => T): T => onFiles(ownerFolder(place), work);
  const lock = files(() => lockOf(place));
  if (lock === undefined) return undefined;
  try {
    if (files(() => hasContent(place))) return { place, lock, reader: createOwnerReader(parts) };
    // Its writer is just opening it, or somebody has processed all of it.
    await forgetMarks(backend, place);
    files(() => removeAll(place, lock));
    return undefined;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** One owner's files must not keep back the records of others. @throws SpoolFileError */
async function takeFile(parts: OwnerReaderParts): Promise<boolean> {
  try {
    return (await takeAttachment(parts)) !== undefined;
  } catch (cause) {
    const folder = ownerFolder(parts.place);
    const message = `Files in ${folder} cannot be stored: ${messageOf(cause)}`;
    throw new SpoolFileError("store_unavailable", message, { cause, details: { path: folder } });
  }
}

function removeAll(place: SpoolPlace, lock: HeldLock): void {
  removeAttachmentsFolder(place);
  removeFolder(place, lock);
}

function hasContent(place: SpoolPlace): boolean {
  return hasSegments(place) || listAttachments(place).length > 0;
}

function hasSegments(place: SpoolPlace): boolean {
  return listSegments(place).length > 0;
}

function lockOf(place: SpoolPlace): HeldLock | undefined {
  // A writer takes its lock before it creates a segment: if there are segments, somebody has removed the lock file.
  try {
    const lock = takeLock(lockPath(place), "exclusive", { create: hasContent(place) });
    if (lock === undefined) removeIfEmpty(ownerFolder(place));
    return lock;
  } catch (error) {
    if (fileAt(ownerFolder(place)) === undefined) return undefined;
    throw error;
  }
}

/** Everything is processed. Returns why records of it are lost. */
async function end(
  { place, lock, reader }: Claimed,
  parts: SpoolRecoveryParts,
): Promise<RivuletError[]> {
  const { exitCode, tornBytes } = reader.ending();
  const { owner } = place;
  await parts.ended(exitCode === undefined ? { owner } : { owner, exitCode });
  await reader.finish();
  onFiles(ownerFolder(place), () => removeAll(place, lock));
  return tornBytes > 0 ? [tornError(place, tornBytes)] : [];
}

function tornError(place: SpoolPlace, bytes: number): RivuletError {
  return new RivuletError(
    "internal",
    `A record was dropped: the last ${bytes} bytes in ${ownerFolder(place)} are not a complete record.`,
    { details: { path: ownerFolder(place), bytes } },
  );
}

function newerError(place: SpoolPlace): SpoolFileError {
  return new SpoolFileError(
    "store_too_new",
    `Records in ${ownerFolder(place)} were written by a newer Rivulet and were left there: update Rivulet to have them stored.`,
    { details: { path: ownerFolder(place) } },
  );
}

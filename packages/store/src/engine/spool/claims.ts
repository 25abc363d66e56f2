import { RivuletError } from "@rivulet/domain";
import { fileAt } from "../file-identity.ts";
import { type HeldLock, takeLock } from "../lock.ts";
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
  /** The exit code of its process; left out when it ended without a word: it was killed. */
  readonly exitCode?: number;
}

/** What {@link createClaims} works with. */
export interface ClaimParts extends OwnerReaderParts {
  /**
   * Called when all records of such an owner are in the store, before its folder is removed; again when that
   * fails.
   */
  readonly ended: (owner: EndedOwner) => Promise<void>;
  /** Told of what has to be left where it is; once for each owner. */
  readonly report: (error: RivuletError) => void;
}

/** Brings into the store what owners have left whose writers are gone, one after the other. */
export interface Claims {
  /** Looks for them. */
  look(): void;
  /** Undefined when nothing is left to do. @throws what the database throws: call again then */
  step(): Promise<OwnerStep | undefined>;
  /** Lets go of the one at hand. */
  close(): void;
}

/** An owner's folder whose lock is ours. */
interface Claimed {
  readonly place: SpoolPlace;
  readonly lock: HeldLock;
  readonly reader: OwnerReader;
}

const NOTHING: OwnerStep = { next: "more", taken: NOTHING_TAKEN, changes: [], refused: [] };

/** Looks for nothing yet. `parts.place` is our own folder, which it leaves alone. */
export function createClaims(parts: ClaimParts): Claims {
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
    // What the database throws is no reason to leave a folder.
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

/** Takes the lock of an owner's folder. Undefined when its writer lives, or it holds nothing (any more). */
async function claim(parts: OwnerReaderParts): Promise<Claimed | undefined> {
  const { place, backend } = parts;
  const files = <T>(work: () => T): T => onFiles(ownerFolder(place), work);
  const lock = files(() => lockOf(place));
  if (lock === undefined) return undefined;
  try {
    if (files(() => hasSegments(place))) return { place, lock, reader: createOwnerReader(parts) };
    // Its writer was just opening it, or somebody has read it all.
    await forgetMarks(backend, place);
    files(() => removeFolder(place, lock));
    return undefined;
  } catch (error) {
    lock.release();
    throw error;
  }
}

function hasSegments(place: SpoolPlace): boolean {
  return listSegments(place).length > 0;
}

function lockOf(place: SpoolPlace): HeldLock | undefined {
  // A writer takes its lock before it makes a segment: where there are some, somebody has removed the lock.
  try {
    const lock = takeLock(lockPath(place), "exclusive", { create: hasSegments(place) });
    if (lock === undefined) removeIfEmpty(ownerFolder(place));
    return lock;
  } catch (error) {
    if (fileAt(ownerFolder(place)) === undefined) return undefined;
    throw error;
  }
}

/** Everything is read. Returns why records of it are lost. */
async function end({ place, lock, reader }: Claimed, parts: ClaimParts): Promise<RivuletError[]> {
  const { exitCode, tornBytes } = reader.ending();
  const { owner } = place;
  await parts.ended(exitCode === undefined ? { owner } : { owner, exitCode });
  await reader.finish();
  onFiles(ownerFolder(place), () => removeFolder(place, lock));
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

import { type ClaimParts, createClaims } from "./claims.ts";
import { createOwnerReader, type OwnerStep } from "./owner-reader.ts";

/** What {@link createSpoolReader} works with. */
export type SpoolReaderParts = ClaimParts;

/** What one step of reading has done. `taken` counts what this engine has recorded itself. */
export interface SpoolStep extends Omit<OwnerStep, "next"> {
  /** There is nothing more for now. */
  readonly idle: boolean;
}

/** Brings the spool into the database. */
export interface SpoolReader {
  /** Takes about a megabyte. @throws what the files or the database throw: call again then */
  step(): Promise<SpoolStep>;
  /** Looks, with the next steps, for what owners have left whose writers are gone. Never throws. */
  claim(): void;
  /** Nothing is written any more: removes what this engine has recorded, when all of it is taken. */
  finish(): Promise<void>;
}

/** Reads what this engine writes while it is written, and what others have left. That comes first. */
export function createSpoolReader(parts: SpoolReaderParts): SpoolReader {
  const claims = createClaims(parts);
  const own = createOwnerReader(parts);
  return {
    async step() {
      const claimed = await claims.step();
      if (claimed !== undefined) return { ...claimed, idle: false };
      const step = await own.step();
      return { ...step, idle: step.next !== "more" };
    },
    claim: claims.look,
    async finish() {
      claims.close();
      await own.finish();
      own.close();
    },
  };
}

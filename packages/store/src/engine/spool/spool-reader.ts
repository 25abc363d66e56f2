import { removeAttachmentsFolder } from "./attachment-files.ts";
import { takeAttachment } from "./attachment-reader.ts";
import { createOwnerReader, type OwnerStep } from "./owner-reader.ts";
import { createSpoolRecovery, type SpoolRecoveryParts } from "./spool-recovery.ts";

/** Options of {@link createSpoolReader}. */
export type SpoolReaderParts = SpoolRecoveryParts;

/** Outcome of one step. `taken` counts what this engine itself has recorded. */
export interface SpoolStep extends Omit<OwnerStep, "next"> {
  /** There is nothing more for now. */
  readonly idle: boolean;
  /** Bytes of files of this engine that the store has, or has no room for. @default 0 */
  readonly attachmentBytes?: number;
  /** How many files it had no room for. @default 0 */
  readonly refusedAttachments?: number;
}

/** Moves the content of the spool into the database. */
export interface SpoolReader {
  /** Processes about a megabyte. @throws whatever the files or the database throw: call again then */
  step(): Promise<SpoolStep>;
  /** Makes the next steps look for owners whose writers are gone. Never throws. */
  recover(): void;
  /** Nothing is written any more: removes this engine's segments once all of them are processed. */
  finish(): Promise<void>;
}

/** Reads what others have left, then what this engine writes, while it is written. */
export function createSpoolReader(parts: SpoolReaderParts): SpoolReader {
  const recovery = createSpoolRecovery(parts);
  const own = createOwnerReader(parts);
  return {
    async step() {
      const claimed = await recovery.step();
      if (claimed !== undefined) return { ...claimed, idle: false };
      const step = await own.step();
      if (step.next === "more") return { ...step, idle: false };
      // After the records: whatever keeps files from being stored does not keep them.
      const file = await takeAttachment(parts);
      if (file === undefined) return { ...step, idle: true };
      const { bytes: attachmentBytes, isRefused } = file;
      return { ...step, idle: false, attachmentBytes, refusedAttachments: isRefused ? 1 : 0 };
    },
    recover: recovery.look,
    async finish() {
      recovery.close();
      await own.finish();
      own.close();
      removeAttachmentsFolder(parts.place);
    },
  };
}

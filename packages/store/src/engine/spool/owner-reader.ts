import { rmSync } from "node:fs";
import type { RivuletError } from "@rivulet/domain";
import type { Backend, BatchOutcome } from "../../port/backend.ts";
import type { StoreChange } from "../../port/store.ts";
import { type Chunk, chunkOf } from "./chunk.ts";
import { NOTHING_TAKEN, type Taken } from "./ledger.ts";
import { type Line, type OpenSegment, openSegment } from "./open-segment.ts";
import { parseLine } from "./record-line.ts";
import { onFiles } from "./spool-file-error.ts";
import { listSegments, ownerFolder, type SpoolPlace } from "./spool-folder.ts";

/** Options of {@link createOwnerReader}. */
export interface OwnerReaderParts {
  readonly backend: Pick<Backend, "take" | "takeAttachment" | "marks">;
  readonly place: SpoolPlace;
}

/** Outcome of one step. */
export interface OwnerStep {
  /**
   * `more`: continue. `end`: nothing more for now. `newer`: the next line has a newer version and stays where it is.
   */
  readonly next: "more" | "end" | "newer";
  readonly taken: Taken;
  readonly changes: readonly StoreChange[];
  /** The reason for each record that is lost. */
  readonly refused: readonly RivuletError[];
}

/** How an owner's records end. */
export interface Ending {
  /** The exit record of the process; `undefined` when it could not write one. */
  readonly exitCode: number | undefined;
  /** Bytes behind the last complete line. */
  readonly tornBytes: number;
}

/**
 * Reads the segments of one owner into the database, in order. The offset is saved in the same transaction as the
 * records, so that each record is stored once, whoever reads.
 */
export interface OwnerReader {
  /**
   * Processes about a megabyte.
   *
   * @throws SpoolFileError; whatever the database throws. The next step tries the same again.
   */
  step(): Promise<OwnerStep>;
  /** How the last segment ends. */
  ending(): Ending;
  /** Nothing is written any more: removes the segments once all of them are processed. */
  finish(): Promise<void>;
  /** Stops reading. */
  close(): void;
}

const STEP = { taken: NOTHING_TAKEN, changes: [], refused: [] };
const MORE: OwnerStep = { ...STEP, next: "more" };
const END: OwnerStep = { ...STEP, next: "end" };
const NEWER: OwnerStep = { ...STEP, next: "newer" };

/** Opens nothing yet. */
export function createOwnerReader({ backend, place }: OwnerReaderParts): OwnerReader {
  const files = <T>(work: () => T): T => onFiles(ownerFolder(place), work);
  let current: OpenSegment | undefined;
  let position = 0;

  const close = (): void => {
    current?.close();
    current = undefined;
  };
  const open = async (): Promise<OpenSegment | undefined> => {
    for (const segment of files(() => listSegments(place))) {
      // The mark is read first, because the file of a segment is removed before its mark.
      position = await backend.marks.read(segment.name);
      const opened = files(() => openSegment(segment));
      if (opened !== undefined) return opened;
    }
    return undefined;
  };
  const take = async ({ name }: OpenSegment, lines: readonly Line[]): Promise<OwnerStep> => {
    const chunk = chunkOf(lines);
    if (chunk === undefined) return NEWER;
    const segment = { name, from: position, to: chunk.to };
    const outcome = await backend.take({ records: chunk.records, owner: place.owner, segment });
    // Somebody else may have processed them; a database restored from a backup knows less.
    position = Math.min(outcome.position ?? chunk.to, chunk.to);
    return stepOf(chunk, outcome, { from: segment.from, to: position });
  };
  const remove = async (segment: OpenSegment): Promise<void> => {
    files(() => rmSync(segment.path, { force: true }));
    await backend.marks.remove(segment.name);
    close();
  };
  const step = async (): Promise<OwnerStep> => {
    current ??= await open();
    if (current === undefined) return END;
    const segment = current;
    const isLast = files(() => isLastOf(place, segment));
    // Read after looking for a later segment: once there is one, nothing more is written to this one.
    const lines = files(() => segment.readFrom(position));
    if (lines.length > 0) return take(segment, lines);
    if (isLast) return END;
    await remove(segment);
    return MORE;
  };
  return {
    step,
    ending: () => files(() => endingOf(current, position)),
    async finish() {
      const { next } = await step();
      if (next !== "end") return;
      if (current !== undefined) await remove(current);
      await forgetMarks(backend, place);
    },
    close,
  };
}

function stepOf(
  { ends, damaged }: Chunk,
  { position, changes, refused }: BatchOutcome,
  { from, to }: { readonly from: number; readonly to: number },
): OwnerStep {
  const lost = position === undefined ? [...damaged, ...refused] : [];
  const records = ends.filter((end) => end <= to).length;
  const taken = { records, bytes: Math.max(0, to - from), refused: lost.length };
  return { next: "more", taken, changes, refused: lost };
}

function isLastOf(place: SpoolPlace, { number }: OpenSegment): boolean {
  return !listSegments(place).some((segment) => segment.number > number);
}

/** Longer than an exit record. */
const EXIT_BYTES = 200;

function endingOf(segment: OpenSegment | undefined, position: number): Ending {
  if (segment === undefined) return { exitCode: undefined, tornBytes: 0 };
  const size = segment.size();
  const last = segment.readFrom(Math.max(0, size - EXIT_BYTES)).at(-1);
  const line = parseLine(last?.text ?? "");
  return {
    exitCode: line.kind === "exit" ? line.exit.exitCode : undefined,
    tornBytes: Math.max(0, size - position),
  };
}

/** Removes the marks of an owner whose segments are removed. */
export async function forgetMarks(
  { marks }: Pick<Backend, "marks">,
  { owner }: SpoolPlace,
): Promise<void> {
  for (const name of await marks.list()) {
    if (name.startsWith(`${owner}/`)) await marks.remove(name);
  }
}

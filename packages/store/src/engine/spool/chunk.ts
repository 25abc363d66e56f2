import type { RivuletError } from "@rivulet/domain";
import type { JournalRecord } from "../../port/records.ts";
import type { Line } from "./open-segment.ts";
import { parseLine } from "./record-line.ts";

/** Parsed lines of a segment. */
export interface Chunk {
  readonly records: readonly JournalRecord[];
  /** One reason for each unreadable line. */
  readonly damaged: readonly RivuletError[];
  /** Offsets behind each line. */
  readonly ends: readonly number[];
  /** Offset up to which the segment was parsed. */
  readonly to: number;
}

/** Parses lines up to the first one of a newer version. `undefined` when that is the very first. */
export function chunkOf(lines: readonly Line[]): Chunk | undefined {
  const records: JournalRecord[] = [];
  const damaged: RivuletError[] = [];
  const ends: number[] = [];
  let to: number | undefined;
  for (const { text, end } of lines) {
    const line = parseLine(text);
    if (line.kind === "newer") break;
    to = end;
    // The exit record is looked up elsewhere, when needed.
    if (line.kind === "exit") continue;
    ends.push(end);
    if (line.kind === "damaged") damaged.push(line.reason);
    else records.push(line);
  }
  return to === undefined ? undefined : { records, damaged, ends, to };
}

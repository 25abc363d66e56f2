import type { RivuletError } from "@rivulet/domain";
import type { JournalRecord } from "../../port/records.ts";
import type { Line } from "./open-segment.ts";
import { parseLine } from "./record-line.ts";

/** Lines of a segment, read. */
export interface Chunk {
  readonly records: readonly JournalRecord[];
  /** Why, for each line that cannot be read. */
  readonly damaged: readonly RivuletError[];
  /** Behind which byte each record, or what was one, ends. */
  readonly ends: readonly number[];
  /** Up to which byte of the segment. */
  readonly to: number;
}

/** Reads lines up to the first of a newer version. Undefined when that is the first of all. */
export function chunkOf(lines: readonly Line[]): Chunk | undefined {
  const records: JournalRecord[] = [];
  const damaged: RivuletError[] = [];
  const ends: number[] = [];
  let to: number | undefined;
  for (const { text, end } of lines) {
    const line = parseLine(text);
    if (line.kind === "newer") break;
    to = end;
    // It says how the writer has ended, and is looked for where that is asked.
    if (line.kind === "exit") continue;
    ends.push(end);
    if (line.kind === "damaged") damaged.push(line.reason);
    else records.push(line);
  }
  return to === undefined ? undefined : { records, damaged, ends, to };
}

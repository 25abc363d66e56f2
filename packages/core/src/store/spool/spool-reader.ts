import { closeSync, fstatSync, openSync, readSync, unlinkSync } from "node:fs";
import type { SqlConnection } from "../sql/sql-connection.ts";
import { number } from "../sql/values.ts";
import { type BatchOutcome, writeLines } from "./journal-writer.ts";
import { isOrphaned, listSegments, type Segment } from "./segments.ts";
import type { SpoolIdentity } from "./spool-writer.ts";

/** What one step of reading did. */
export interface SpoolStep extends BatchOutcome {
  /** Bytes of this process's own segments that were taken. */
  readonly taken: number;
  /** There is nothing more for now. */
  readonly idle: boolean;
}

/** Reads the spool into the database. */
export interface SpoolReader {
  /** Takes up to one chunk. */
  step(): Promise<SpoolStep>;
}

const CHUNK = 1024 * 1024;
const NEWLINE = 0x0a;
const nothing: SpoolStep = { traceIds: [], runIds: [], refused: [], taken: 0, idle: true };

/**
 * Follows this process's segments, and those that ended processes left behind. The place in each segment is
 * saved in the transaction that writes its records, so that every record is taken exactly once.
 */
export function spoolReader(sql: SqlConnection, identity: SpoolIdentity): SpoolReader {
  const buffer = Buffer.allocUnsafe(CHUNK);
  let orphansChecked = false;
  let current: OpenSegment | undefined;

  const next = async (): Promise<OpenSegment | undefined> => {
    const segments = listSegments(identity.folder);
    const wanted = segments.find((segment) => isWanted(segment, identity, !orphansChecked));
    if (wanted === undefined) {
      orphansChecked = true;
      return undefined;
    }
    return openSegment(sql, wanted, isOwn(wanted, identity));
  };

  const finish = async (segment: OpenSegment): Promise<void> => {
    closeSync(segment.file);
    // The file goes before its mark: the other way round it would be read again.
    unlinkSync(segment.path);
    await sql.run("DELETE FROM spool WHERE segment = ?", [segment.name]);
    current = undefined;
  };

  return {
    async step() {
      current ??= await next();
      if (current === undefined) return nothing;
      const chunk = readChunk(current, buffer);
      if (chunk.lines.length > 0) {
        const outcome = await takeChunk(sql, current, chunk);
        return { ...outcome, taken: current.own ? chunk.length : 0, idle: false };
      }
      if (!isComplete(current, identity)) return nothing;
      const torn = fstatSync(current.file).size - current.position;
      await finish(current);
      const refused = torn > 0 ? [`the last ${torn} bytes of a spool segment were cut off`] : [];
      return { ...nothing, refused, idle: false };
    },
  };
}

interface OpenSegment extends Segment {
  readonly file: number;
  readonly own: boolean;
  position: number;
}

async function openSegment(
  sql: SqlConnection,
  segment: Segment,
  own: boolean,
): Promise<OpenSegment> {
  const [row] = await sql.all("SELECT position FROM spool WHERE segment = ?", [segment.name]);
  const position = row === undefined ? 0 : number(row, "position");
  return { ...segment, own, position, file: openSync(segment.path, "r") };
}

interface Chunk {
  readonly lines: readonly string[];
  readonly length: number;
}

/** Whole lines from the segment's place on; a line longer than the buffer is read with a larger one. */
function readChunk(segment: OpenSegment, buffer: Buffer): Chunk {
  const read = readSync(segment.file, buffer, 0, buffer.length, segment.position);
  const end = buffer.subarray(0, read).lastIndexOf(NEWLINE) + 1;
  if (end === 0 && read === buffer.length) {
    return readChunk(segment, Buffer.allocUnsafe(buffer.length * 4));
  }
  if (end === 0) return { lines: [], length: 0 };
  return { lines: buffer.toString("utf8", 0, end - 1).split("\n"), length: end };
}

async function takeChunk(
  sql: SqlConnection,
  segment: OpenSegment,
  chunk: Chunk,
): Promise<BatchOutcome> {
  const from = segment.position;
  const to = from + chunk.length;
  let outcome: BatchOutcome;
  try {
    outcome = await writeLines(sql, chunk.lines, () =>
      markPosition(sql, { segment: segment.name, from, to }),
    );
  } catch (error) {
    if (!(error instanceof TakenElsewhere)) throw error;
    outcome = { traceIds: [], runIds: [], refused: [] };
    segment.position = error.position;
    return outcome;
  }
  segment.position = to;
  return outcome;
}

/** Another process has claimed the same orphaned segment and was faster. */
class TakenElsewhere extends Error {
  readonly position: number;
  // The journal writer passes this code through instead of trying each line.
  readonly errcode = 5;
  constructor(position: number) {
    super("segment is being taken by another process");
    this.position = position;
  }
}

async function markPosition(
  sql: SqlConnection,
  { segment, from, to }: { segment: string; from: number; to: number },
): Promise<void> {
  const [row] = await sql.all("SELECT position FROM spool WHERE segment = ?", [segment]);
  const known = row === undefined ? 0 : number(row, "position");
  if (known !== from) throw new TakenElsewhere(known);
  await sql.run(
    "INSERT INTO spool VALUES (?, ?) ON CONFLICT (segment) DO UPDATE SET position = excluded.position",
    [segment, to],
  );
}

function isOwn(segment: Segment, identity: SpoolIdentity): boolean {
  return segment.pid === identity.pid && segment.writer === identity.writer;
}

function isWanted(segment: Segment, identity: SpoolIdentity, orphansToo: boolean): boolean {
  return isOwn(segment, identity) || (orphansToo && isOrphaned(segment, identity));
}

/** No more will be appended: the process has ended, or its writer has begun the next file. */
function isComplete(segment: OpenSegment, identity: SpoolIdentity): boolean {
  if (!segment.own) return true;
  return listSegments(identity.folder).some(
    (other) => isOwn(other, identity) && other.sequence > segment.sequence,
  );
}

import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { RivuletError } from "../../errors.ts";
import type { SqlConnection } from "../sql/sql-connection.ts";
import { number, text } from "../sql/values.ts";
import { type BatchOutcome, EMPTY_BATCH, writeLines } from "./journal-writer.ts";
import { type OpenSegment, openSegment } from "./open-segment.ts";
import { hasEnded, isQuiet, listSegments, type Segment } from "./segments.ts";
import type { SpoolIdentity } from "./spool-writer.ts";

/** What one step of reading did. */
export interface SpoolStep extends BatchOutcome {
  /** Bytes of this store's own segments that were taken. */
  readonly taken: number;
  /** There is nothing more for now. */
  readonly idle: boolean;
}

/** Reads the spool into the database. */
export interface SpoolReader {
  /** Takes up to one chunk. */
  step(): Promise<SpoolStep>;
  /** Looks, with the next steps, for what ended processes have left. */
  claim(): void;
  /** Nothing is written any more: what was read is removed. */
  finish(): Promise<void>;
}

/** What {@link createSpoolReader} works with. */
export interface SpoolReaderParts {
  readonly sql: SqlConnection;
  readonly identity: SpoolIdentity;
  /** Resolves when what was committed cannot be lost any more. */
  readonly settled: () => Promise<void>;
  /** Why the store takes no more traces. */
  readonly full: () => RivuletError | undefined;
}

const IDLE: SpoolStep = { ...EMPTY_BATCH, taken: 0, idle: true };
const GONE: SpoolStep = { ...IDLE, idle: false };

/**
 * Follows the segments of this store, and those that ended processes left behind. How far a segment was read
 * is saved in the transaction that writes its records, so that each record is taken exactly once, whoever
 * reads.
 */
export function createSpoolReader(parts: SpoolReaderParts): SpoolReader {
  const { sql, identity, settled } = parts;
  let left: Segment[] = [];
  let current: OpenSegment | undefined;

  const remove = async (segment: OpenSegment): Promise<void> => {
    await settled();
    segment.close();
    // The file goes before its mark: the other way round it would be read again.
    rmSync(segment.path, { force: true });
    await sql.run("DELETE FROM spool WHERE segment = ?", [segment.name]);
  };
  const leave = (): SpoolStep => {
    current?.close();
    current = undefined;
    return GONE;
  };
  const next = async (): Promise<OpenSegment | undefined> => {
    const segment = left.shift() ?? ownSegments(identity)[0];
    const opened = segment && openSegment(segment);
    if (opened === undefined) return undefined;
    opened.position = (await readMark(sql, opened)) ?? 0;
    return opened;
  };
  /** At the end of a segment that is not the newest of this store. */
  const endSegment = async (segment: OpenSegment): Promise<SpoolStep> => {
    // A process that only seems to have ended may go on writing: the file stays until it is quiet.
    if (!isOwn(segment, identity) && !isQuiet(segment)) return leave();
    const torn = segment.tornBytes();
    current = undefined;
    await remove(segment);
    return torn > 0 ? { ...GONE, refused: [cutOff(segment, torn)] } : GONE;
  };

  return {
    async step() {
      if (current !== undefined && left.length > 0 && isOwn(current, identity)) leave();
      current ??= await next();
      if (current === undefined) return left.length > 0 ? GONE : IDLE;
      const segment = current;
      const outcome = await takeChunk(parts, segment);
      if (outcome === "removed") return leave();
      if (outcome !== undefined) {
        const taken = isOwn(segment, identity) ? outcome.bytes : 0;
        return { ...outcome, taken, idle: false };
      }
      if (!isOwn(segment, identity)) return endSegment(segment);
      if (!hasLater(segment, identity)) return IDLE;
      // Something may have been written between the last look and the beginning of the later file.
      return segment.read().bytes > 0 ? GONE : endSegment(segment);
    },
    claim() {
      left = listSegments(identity.folder).filter(
        (segment) => !isOwn(segment, identity) && hasEnded(segment),
      );
    },
    async finish() {
      await forgetRemoved(sql, identity.folder);
      if (current !== undefined && isOwn(current, identity) && current.tornBytes() === 0) {
        await remove(current);
      } else current?.close();
      current = undefined;
    },
  };
}

function cutOff({ path }: Segment, bytes: number): RivuletError {
  const message = `A record was dropped: the last ${bytes} bytes of ${path} are no whole line.`;
  return new RivuletError("internal", message);
}

interface Taken extends BatchOutcome {
  readonly bytes: number;
}

/** Undefined at the end, `removed` when another process has read it all and removed it. */
async function takeChunk(
  { sql, full }: SpoolReaderParts,
  segment: OpenSegment,
): Promise<Taken | "removed" | undefined> {
  const chunk = segment.read();
  if (chunk.bytes === 0) return undefined;
  const to = segment.position + chunk.bytes;
  const outcome = await sql.transaction(async () => {
    const mark = await readMark(sql, segment);
    if (mark === undefined && !existsSync(segment.path)) return "removed";
    // Somebody else reads this segment, too, and was faster.
    if ((mark ?? 0) !== segment.position) return mark ?? 0;
    const written = await writeLines(sql, chunk.lines, full());
    await sql.run(
      "INSERT INTO spool VALUES (?, ?) ON CONFLICT (segment) DO UPDATE SET position = excluded.position",
      [segment.name, to],
    );
    return written;
  });
  if (outcome === "removed") return outcome;
  if (typeof outcome === "number") {
    segment.position = outcome;
    return { ...EMPTY_BATCH, bytes: 0 };
  }
  segment.position = to;
  return { ...outcome, bytes: chunk.bytes };
}

async function readMark(sql: SqlConnection, { name }: Segment): Promise<number | undefined> {
  const [row] = await sql.all("SELECT position FROM spool WHERE segment = ?", [name]);
  return row && number(row, "position");
}

async function forgetRemoved(sql: SqlConnection, folder: string): Promise<void> {
  for (const row of await sql.all("SELECT segment FROM spool")) {
    const name = text(row, "segment");
    if (existsSync(join(folder, name))) continue;
    await sql.run("DELETE FROM spool WHERE segment = ?", [name]);
  }
}

function ownSegments(identity: SpoolIdentity): readonly Segment[] {
  return listSegments(identity.folder).filter((segment) => isOwn(segment, identity));
}

function isOwn({ writer }: Segment, identity: SpoolIdentity): boolean {
  return writer === identity.writer;
}

/** Whether the writer has begun a later file. */
function hasLater({ sequence }: Segment, identity: SpoolIdentity): boolean {
  return ownSegments(identity).some((segment) => segment.sequence > sequence);
}

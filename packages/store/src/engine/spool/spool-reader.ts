import { existsSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { RivuletError } from "@rivulet/domain";
import type { SqlConnection } from "../../sql/sql-connection.ts";
import { number, text } from "../../sql/values.ts";
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
  /** Makes sure that what was committed cannot be lost any more. */
  readonly settle: () => Promise<void>;
  /** Why the store takes no more traces. */
  readonly full: () => RivuletError | undefined;
}

/** A step that found nothing. */
export const IDLE: SpoolStep = { ...EMPTY_BATCH, taken: 0, idle: true };
const MORE: SpoolStep = { ...IDLE, idle: false };

/**
 * Follows the segments of this store, and those that ended processes left behind. How far a segment was read
 * is saved in the transaction that writes its records, so that each record is taken exactly once, whoever
 * reads.
 */
export function createSpoolReader(parts: SpoolReaderParts): SpoolReader {
  const { sql, identity } = parts;
  let left: Segment[] = [];
  let current: OpenSegment | undefined;

  const leave = (): SpoolStep => {
    current?.close();
    current = undefined;
    return MORE;
  };
  const next = async (): Promise<OpenSegment | undefined> => {
    const segment = left.shift() ?? ownSegments(identity)[0];
    const opened = segment && openSegment(segment);
    if (opened !== undefined) opened.position = (await readMark(sql, opened)) ?? 0;
    return opened;
  };

  /** What was left comes first. */
  const choose = async (): Promise<void> => {
    if (current !== undefined && left.length > 0 && isOwn(current, identity)) leave();
    current ??= await next();
  };
  const endSegment = async (segment: OpenSegment): Promise<SpoolStep> => {
    const end = endOf(segment, identity);
    if (end === "more") return MORE;
    if (end === "wait") return IDLE;
    if (end === "leave") return leave();
    current = undefined;
    return remove(parts, segment);
  };

  return {
    async step() {
      await choose();
      if (current === undefined) return left.length > 0 ? MORE : IDLE;
      const chunk = await takeChunk(parts, current);
      if (chunk === "removed") return leave();
      if (chunk === undefined) return endSegment(current);
      return { ...chunk, taken: isOwn(current, identity) ? chunk.bytes : 0, idle: false };
    },
    claim() {
      left = listSegments(identity.folder).filter(
        (segment) => !isOwn(segment, identity) && hasEnded(segment),
      );
    },
    async finish() {
      const segment = current;
      current = undefined;
      if (segment !== undefined && isOwn(segment, identity)) await remove(parts, segment);
      else segment?.close();
      await forgetRemoved(sql, identity.folder);
      removeIfEmpty(identity.folder);
    },
  };
}

/** What to do at the end of what a segment holds. */
function endOf(
  segment: OpenSegment,
  identity: SpoolIdentity,
): "more" | "wait" | "leave" | "remove" {
  // A process that only seems to have ended may go on writing: its file stays until it is quiet.
  if (!isOwn(segment, identity)) return isQuiet(segment) ? "remove" : "leave";
  const hasLater = ownSegments(identity).some(({ sequence }) => sequence > segment.sequence);
  if (!hasLater) return "wait";
  // Something may have been written between the last look and the beginning of the later file.
  return segment.read().bytes > 0 ? "more" : "remove";
}

async function remove({ sql, settle }: SpoolReaderParts, segment: OpenSegment): Promise<SpoolStep> {
  const torn = segment.tornBytes();
  await settle();
  segment.close();
  // The file goes before its mark: the other way round it would be read again.
  rmSync(segment.path, { force: true });
  await sql.run("DELETE FROM spool WHERE segment = ?", [segment.name]);
  return torn > 0 ? { ...MORE, refused: [cutOff(segment, torn)] } : MORE;
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else's segments are in it.
  }
}

function cutOff({ path }: Segment, bytes: number): RivuletError {
  const message = `A record was dropped: the last ${bytes} bytes of ${path} are no whole record.`;
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

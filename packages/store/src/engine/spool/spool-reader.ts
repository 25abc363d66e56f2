import { existsSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { RivuletError } from "@rivulet/domain";
import type { Backend, BatchOutcome } from "../../port/backend.ts";
import { type OpenSegment, openSegment } from "./open-segment.ts";
import { parseLines } from "./record-line.ts";
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
  readonly backend: Backend;
  readonly identity: SpoolIdentity;
  /** Makes sure that what was committed cannot be lost any more. */
  readonly settle: () => Promise<void>;
}

/** A step that found nothing. */
export const IDLE: SpoolStep = { changes: [], refused: [], taken: 0, idle: true };
const MORE: SpoolStep = { ...IDLE, idle: false };

/**
 * Follows the segments of this store, and those that ended processes left behind. How far a segment was read
 * is saved in the transaction that writes its records, so that each record is taken exactly once, whoever
 * reads.
 */
export function createSpoolReader(parts: SpoolReaderParts): SpoolReader {
  const { backend, identity } = parts;
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
    if (opened !== undefined) opened.position = await backend.marks.read(opened.name);
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
      await forgetRemoved(backend, identity.folder);
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

async function remove(
  { backend, settle }: SpoolReaderParts,
  segment: OpenSegment,
): Promise<SpoolStep> {
  const torn = segment.tornBytes();
  await settle();
  segment.close();
  // The file goes before its mark: the other way round it would be read again.
  rmSync(segment.path, { force: true });
  await backend.marks.remove(segment.name);
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
  { backend, identity }: SpoolReaderParts,
  segment: OpenSegment,
): Promise<Taken | "removed" | undefined> {
  const chunk = segment.read();
  if (chunk.bytes === 0) return undefined;
  const { name, position: from } = segment;
  const to = from + chunk.bytes;
  const { records, refused } = parseLines(chunk.lines);
  const owner = identity.writer;
  const outcome = await backend.take({ records, owner, segment: { name, from, to } });
  if (outcome.position === undefined) {
    segment.position = to;
    return { ...outcome, refused: [...refused, ...outcome.refused], bytes: chunk.bytes };
  }
  // Somebody else reads this segment, too, and was faster.
  if (!existsSync(segment.path)) return "removed";
  segment.position = outcome.position;
  return { changes: [], refused: [], bytes: 0 };
}

async function forgetRemoved({ marks }: Backend, folder: string): Promise<void> {
  for (const name of await marks.list()) {
    if (!existsSync(join(folder, name))) await marks.remove(name);
  }
}

function ownSegments(identity: SpoolIdentity): readonly Segment[] {
  return listSegments(identity.folder).filter((segment) => isOwn(segment, identity));
}

function isOwn({ writer }: Segment, identity: SpoolIdentity): boolean {
  return writer === identity.writer;
}

import { setImmediate as nextTurn } from "node:timers/promises";
import { inTurn } from "../in-turn.ts";
import { NOTHING_TAKEN, type Taken } from "../spool/ledger.ts";

/** Lines of a journal that wait in memory until they are in the database. */
export interface LineQueue {
  /** Adds complete lines, each with its line break. */
  add(lines: string): void;
  /** What has been written to the database since the last call. */
  taken(): Taken;
  /**
   * Resolves when all lines added so far are in the database. @throws whatever the database throws; the lines are
   * kept
   */
  drain(): Promise<void>;
  /** Stops writing on its own. */
  stop(): void;
}

/** Options of {@link createLineQueue}. */
export interface LineQueueParts {
  /** Writes lines to the database. */
  readonly take: (lines: string) => Promise<Taken>;
  /**
   * Milliseconds for which the database may block this thread at a time. @default unlimited: it is in another thread
   */
  readonly sliceMs?: number;
  /** Called when lines cannot be written; not again before writing has succeeded. */
  readonly onError: (error: unknown) => void;
}

/** Characters per write when the database is in another thread. */
const SLICE = 256 * 1024;
/** Characters per write when it is in this thread: initially, and at least. */
const FIRST_SLICE = 16 * 1024;
const LEAST_SLICE = 1024;
/** Pause before the next attempt while the database is unreachable. */
const RETRY_MS = 500;

/** An empty queue. Lines are written in the next turn of the event loop. */
export function createLineQueue({ take, sliceMs, onError }: LineQueueParts): LineQueue {
  const waiting: string[] = [];
  const slices = sizeOfSlices(sliceMs);
  let done = 0;
  let taken = NOTHING_TAKEN;
  let isFollowing = false;
  let isStopped = false;

  const step = inTurn(async () => {
    await nextTurn();
    const slice = firstOf(waiting, slices.size());
    if (slice.length === 0) return;
    const begun = performance.now();
    taken = sum(taken, await take(slice.join("")));
    slices.took(performance.now() - begun);
    waiting.splice(0, slice.length);
    done += slice.length;
  });
  const follow = async (isAgain = false): Promise<void> => {
    try {
      while (waiting.length > 0 && !isStopped) await step();
      isFollowing = false;
    } catch (error) {
      if (!isAgain) onError(error);
      setTimeout(() => void follow(true), RETRY_MS).unref();
    }
  };
  return {
    add(lines) {
      for (const line of lines.match(/[^\n]*\n/g) ?? []) waiting.push(line);
      if (isFollowing) return;
      isFollowing = true;
      void follow();
    },
    taken() {
      const since = taken;
      taken = NOTHING_TAKEN;
      return since;
    },
    async drain() {
      const goal = done + waiting.length;
      while (done < goal) await step();
    },
    stop() {
      isStopped = true;
    },
  };
}

/** Characters per write. */
interface SliceSize {
  size(): number;
  /** Adapts to the duration of the last write, in milliseconds. */
  took(duration: number): void;
}

function sizeOfSlices(sliceMs: number | undefined): SliceSize {
  let size = sliceMs === undefined ? SLICE : FIRST_SLICE;
  return {
    size: () => size,
    took(duration) {
      if (sliceMs === undefined) return;
      const factor = Math.min(1.5, sliceMs / Math.max(duration, 0.01));
      size = Math.min(SLICE, Math.max(LEAST_SLICE, size * factor));
    },
  };
}

/** As many lines as fit into this size, but at least one. */
function firstOf(lines: readonly string[], size: number): readonly string[] {
  let length = 0;
  const end = lines.findIndex((line, index) => {
    length += line.length;
    return index > 0 && length > size;
  });
  return end === -1 ? lines.slice() : lines.slice(0, end);
}

function sum(one: Taken, other: Taken): Taken {
  return {
    records: one.records + other.records,
    bytes: one.bytes + other.bytes,
    refused: one.refused + other.refused,
  };
}

import { setImmediate as nextTurn } from "node:timers/promises";
import { inTurn } from "../in-turn.ts";
import { NOTHING_TAKEN, type Taken } from "../spool/ledger.ts";

/** Lines of a journal that wait in memory until the database has them. */
export interface LineQueue {
  /** Takes whole lines, each with its line end. */
  add(lines: string): void;
  /** What the database has taken since the last call. */
  taken(): Taken;
  /** Resolves when all lines that were added before are in the database. @throws what the database throws; the lines stay */
  drain(): Promise<void>;
  /** Brings nothing more into the database by itself. */
  stop(): void;
}

/** What {@link createLineQueue} works with. */
export interface LineQueueParts {
  /** Brings lines into the database. */
  readonly take: (lines: string) => Promise<Taken>;
  /** How long the database may keep this thread busy at a time, in milliseconds. Left out: it is in another thread. */
  readonly sliceMs?: number;
  /** Told when lines cannot be brought into the database, not again until they could. */
  readonly onError: (error: unknown) => void;
}

/** Characters that go to the database at a time, where it is in another thread. */
const SLICE = 256 * 1024;
/** Where it is not: at first, and at least. */
const FIRST_SLICE = 16 * 1024;
const LEAST_SLICE = 1024;
/** Pause before another try while the database is away. */
const RETRY_MS = 500;

/** An empty queue. What is added goes to the database with the next turn of the event loop. */
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

/** How much goes to the database at a time. */
interface SliceSize {
  size(): number;
  /** The last slice took so many milliseconds. */
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

/** As many lines as have this size together; one at least. */
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

import { RivuletError } from "@rivulet/domain";
import type { Journal, JournalStats, MetricsWrite, SpanWrite } from "@rivulet/store";

/** The journal of a store that is still being opened. */
export interface FrontJournal extends Journal {
  /** The store's journal is there: hands over what was taken, in order, and everything from now on. Once is enough. */
  attach(target: Journal): void;
  /** The store cannot be opened, or is closed: what waits is dropped and counted, as is what comes. */
  shut(): void;
}

type Waiting = { readonly json: string; readonly isSpan: boolean };

/** Most characters that wait for a store to open. */
const LIMIT = 64 * 1024 * 1024;

/** What {@link createFrontJournal} works with. */
export interface FrontJournalParts {
  /** Settles when the store is open or will never be. */
  readonly opened: () => Promise<unknown>;
  /** Most characters that wait. @default 64 MiB */
  readonly limit?: number | undefined;
  /** Told of the first record that has no room. */
  readonly reportError: (error: unknown) => void;
}

/**
 * Takes records from the first tick on, until the store's own journal is there: at once for stores of this
 * machine. They are serialised at once, because callers change their messages later. From then on the store's journal
 * has the calls itself.
 */
export function createFrontJournal(parts: FrontJournalParts): FrontJournal {
  const { opened, limit = LIMIT, reportError } = parts;
  const front = { waiting: [] as Waiting[], bytes: 0, dropped: 0, isFull: false };
  let target: Journal | undefined;

  const drop = (): boolean => {
    front.dropped += 1;
    return false;
  };

  const hold = (write: SpanWrite | MetricsWrite, isSpan: boolean): boolean => {
    const json = serialise(write);
    if (json === undefined) return drop();
    if (front.bytes + json.length > limit) {
      if (!front.isFull) reportError(fullError(limit));
      front.isFull = true;
      return drop();
    }
    front.waiting.push({ json, isSpan });
    front.bytes += json.length;
    return true;
  };

  const empty = (): readonly Waiting[] => {
    const { waiting } = front;
    front.waiting = [];
    front.bytes = 0;
    return waiting;
  };

  const journal = {
    appendSpan: (write: SpanWrite) => hold(write, true),
    appendMetrics: (write: MetricsWrite) => hold(write, false),
    flush: async () => {
      await opened();
      await target?.flush();
    },
    stats: () => sum(front, target?.stats()),
    attach(attached: Journal) {
      if (target === attached) return;
      for (const item of empty()) replay(item, attached);
      target = attached;
      journal.appendSpan = attached.appendSpan.bind(attached);
      journal.appendMetrics = attached.appendMetrics.bind(attached);
    },
    shut() {
      journal.appendSpan = drop;
      journal.appendMetrics = drop;
      front.dropped += empty().length;
    },
  };
  return journal;
}

function fullError(limit: number): RivuletError {
  const message = `Records are dropped: ${limit} characters may wait until the store is open (option journalBytes).`;
  return new RivuletError("limit_exceeded", message, { details: { limit } });
}

function serialise(write: SpanWrite | MetricsWrite): string | undefined {
  try {
    return JSON.stringify(write);
  } catch {
    return undefined;
  }
}

function replay(item: Waiting, journal: Journal): void {
  if (item.isSpan) journal.appendSpan(JSON.parse(item.json) as SpanWrite);
  else journal.appendMetrics(JSON.parse(item.json) as MetricsWrite);
}

function sum(
  front: { readonly waiting: readonly unknown[]; readonly bytes: number; readonly dropped: number },
  target: JournalStats | undefined,
): JournalStats {
  return {
    appended: front.waiting.length + (target?.appended ?? 0),
    dropped: front.dropped + (target?.dropped ?? 0),
    pendingBytes: front.bytes + (target?.pendingBytes ?? 0),
    medium: target?.medium ?? "memory",
  };
}

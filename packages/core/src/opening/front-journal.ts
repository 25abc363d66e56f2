import type { Journal, JournalStats, MetricsWrite, SpanWrite } from "@rivulet/store";

/** The journal of a store that is still being opened. */
export interface FrontJournal extends Journal {
  /** The store's journal is there: hands over what was taken, in order, and everything from now on. */
  attach(target: Journal): void;
  /** The store cannot be opened, or is closed: what waits is dropped and counted, as is what comes. */
  shut(): void;
}

type Waiting = { readonly json: string; readonly isSpan: boolean };

/** Most bytes that wait for a store to open. */
const LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * Takes records from the first tick on. They are serialised at once, because callers change their messages
 * later.
 *
 * @param opened settles when the store is open or will never be
 */
export function createFrontJournal(
  opened: Promise<unknown>,
  limitBytes: number = LIMIT_BYTES,
): FrontJournal {
  const front = { waiting: [] as Waiting[], bytes: 0, dropped: 0, isShut: false };
  let target: Journal | undefined;
  const live = (): Journal | undefined => (front.isShut ? undefined : target);

  const hold = (write: SpanWrite | MetricsWrite, isSpan: boolean): boolean => {
    const json = front.isShut ? undefined : serialise(write);
    if (json === undefined || front.bytes + json.length > limitBytes) {
      front.dropped += 1;
      return false;
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

  return {
    appendSpan: (write) => live()?.appendSpan(write) ?? hold(write, true),
    appendMetrics: (write) => live()?.appendMetrics(write) ?? hold(write, false),
    flush: async () => {
      await opened;
      await live()?.flush();
    },
    stats: () => sum(front, target?.stats()),
    attach: (journal) => {
      for (const item of empty()) replay(item, journal);
      target = journal;
    },
    shut: () => {
      front.isShut = true;
      front.dropped += empty().length;
    },
  };
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

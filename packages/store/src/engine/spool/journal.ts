import type { MetricsWrite, SpanWrite } from "../../port/records.ts";
import type { Journal, JournalStats } from "../../port/store.ts";
import { metricsLine, spanLine } from "./record-line.ts";
import type { RecordSink } from "./spool-writer.ts";

/** What {@link createJournal} works with. */
export interface JournalParts {
  readonly sink: RecordSink;
  /** How much may wait for the store, in the sink's unit. */
  readonly limit: number;
  readonly durability: "tick" | "span";
  /** Called after records went to the sink. */
  readonly wrote: () => void;
  /** How much the store has taken since the last call, in the sink's unit. */
  readonly taken: () => number;
  /** Resolves when the store has taken everything that went to the sink. */
  readonly drained: () => Promise<void>;
  readonly onError: (error: Error) => void;
}

/** A journal that can be closed. */
export interface SinkJournal extends Journal {
  /** Writes the current tick, and takes nothing more. */
  close(): void;
}

/** What waits is counted anew when it seems to be this much: rarely, and before `taken` overflows. */
const SETTLE_BYTES = 1024 ** 3;
/**
 * Records of one tick are written at once when they are this long: little enough to stay in the core's cache,
 * and for the writer to see that the app is at work.
 */
const TICK_LIMIT = 64 * 1024;

/**
 * The hot path: one serialisation per record, one write per tick of the event loop. Never throws; what does
 * not fit the limit, or cannot be serialised or written, is dropped and counted.
 */
export function createJournal(parts: JournalParts): SinkJournal {
  const { sink, limit, drained } = parts;
  const tick = createTick(parts);
  let closed = false;

  const settle = (): void => {
    tick.counts.pending = Math.max(0, tick.counts.pending - parts.taken());
  };
  const hasRoom = (size: number): boolean => {
    if (tick.counts.pending + size > Math.min(limit, SETTLE_BYTES)) settle();
    return tick.counts.pending + size <= limit;
  };
  const append = <T>(write: T, encode: (write: T) => string): boolean => {
    try {
      const record = encode(write);
      if (!closed && hasRoom(record.length)) {
        tick.add(record);
        return true;
      }
    } catch (error) {
      parts.onError(asError(error));
    }
    tick.counts.dropped += 1;
    return false;
  };

  const forget = writeAtExit(tick.write);

  return {
    appendSpan: (write: SpanWrite) => append(write, spanLine),
    appendMetrics: (write: MetricsWrite) => append(write, metricsLine),
    async flush() {
      tick.write();
      if (!closed) await drained();
    },
    stats(): JournalStats {
      settle();
      const { appended, dropped, pending } = tick.counts;
      return { appended, dropped, pendingBytes: pending, medium: sink.medium };
    },
    close() {
      tick.write();
      closed = true;
      sink.close();
      forget();
    },
  };
}

interface Tick {
  readonly counts: { appended: number; dropped: number; pending: number };
  add(record: string): void;
  /** Writes what was added. */
  write(): void;
}

/** The records of one turn of the event loop. */
function createTick({ sink, durability, wrote, onError }: JournalParts): Tick {
  const counts = { appended: 0, dropped: 0, pending: 0 };
  let records = 0;
  let size = 0;
  let scheduled = false;

  const write = (): void => {
    scheduled = false;
    if (records === 0) return;
    try {
      sink.flush();
      wrote();
    } catch (error) {
      counts.dropped += records;
      counts.pending -= size;
      onError(asError(error));
    }
    records = 0;
    size = 0;
  };

  return {
    counts,
    add(record) {
      const added = sink.add(record);
      records += 1;
      size += added;
      counts.appended += 1;
      counts.pending += added;
      if (durability === "span" || size > TICK_LIMIT) write();
      else if (!scheduled) {
        scheduled = true;
        setImmediate(write);
      }
    },
    write,
  };
}

/** What this process writes when it ends: one listener, however many journals there are. */
const atExit = new Set<() => void>();

function writeAtExit(write: () => void): () => void {
  if (atExit.size === 0) process.on("exit", writeAll);
  atExit.add(write);
  return () => {
    atExit.delete(write);
    if (atExit.size === 0) process.off("exit", writeAll);
  };
}

function writeAll(): void {
  for (const write of atExit) write();
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

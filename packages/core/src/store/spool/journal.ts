import type { Journal, JournalStats, MetricsWrite, SpanWrite } from "../store.ts";
import { metricsLine, spanLine } from "./record-line.ts";
import type { LineSink } from "./spool-writer.ts";

/** What {@link createJournal} works with. */
export interface JournalParts {
  readonly sink: LineSink;
  /** Characters that may wait for the store. */
  readonly limit: number;
  readonly durability: "tick" | "span";
  /** Called after lines went to the sink. */
  readonly wake: () => void;
  /** Resolves when the store has taken everything that went to the sink. */
  readonly drained: () => Promise<void>;
  readonly onError: (error: Error) => void;
}

/** A journal that also knows what the store has taken. */
export interface SinkJournal extends Journal {
  /** The store has taken this many characters. */
  taken(characters: number): void;
  /** Writes the current tick, and takes nothing more. */
  close(): void;
}

/** Lines of one tick are written at once when they are this long. */
const TICK_LIMIT = 256 * 1024;

/**
 * The hot path: one serialisation per record, one write per tick of the event loop. Never throws; what does
 * not fit the limit, or cannot be serialised or written, is dropped and counted.
 */
export function createJournal({
  sink,
  limit,
  durability,
  wake,
  drained,
  onError,
}: JournalParts): SinkJournal {
  let buffer = "";
  let scheduled = false;
  let closed = false;
  const counts = { appended: 0, dropped: 0, pending: 0, inTick: 0 };

  const writeTick = (): void => {
    scheduled = false;
    if (buffer === "") return;
    const lines = buffer;
    buffer = "";
    try {
      sink.write(lines);
      wake();
    } catch (error) {
      counts.dropped += counts.inTick;
      counts.pending -= lines.length;
      onError(error instanceof Error ? error : new Error(String(error)));
    }
    counts.inTick = 0;
  };

  const append = (line: string): boolean => {
    if (closed || counts.pending + line.length > limit) {
      counts.dropped += 1;
      return false;
    }
    buffer += line;
    counts.appended += 1;
    counts.inTick += 1;
    counts.pending += line.length;
    if (durability === "span" || buffer.length > TICK_LIMIT) writeTick();
    else if (!scheduled) {
      scheduled = true;
      setImmediate(writeTick);
    }
    return true;
  };

  const appendSafely = (encode: () => string): boolean => {
    try {
      return append(encode());
    } catch (error) {
      counts.dropped += 1;
      onError(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  };

  process.on("exit", writeTick);

  return {
    appendSpan: (write: SpanWrite) => appendSafely(() => spanLine(write)),
    appendMetrics: (write: MetricsWrite) => appendSafely(() => metricsLine(write)),
    async flush() {
      writeTick();
      if (!closed) await drained();
    },
    stats: (): JournalStats => ({
      appended: counts.appended,
      dropped: counts.dropped,
      pendingBytes: counts.pending,
      medium: sink.medium,
    }),
    taken(characters) {
      counts.pending = Math.max(0, counts.pending - characters);
    },
    close() {
      writeTick();
      closed = true;
      sink.close();
      process.off("exit", writeTick);
    },
  };
}

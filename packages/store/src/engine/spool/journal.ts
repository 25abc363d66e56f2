import { RivuletError } from "@rivulet/domain";
import type { Journal, JournalStats } from "../../port/store.ts";
import { atExit } from "./at-exit.ts";
import { createDropReport } from "./drop-report.ts";
import { createLedger, type Ledger, type Taken } from "./ledger.ts";
import { metricsLine, spanLine } from "./record-line.ts";
import type { RecordSink } from "./record-sink.ts";

/** Options of {@link createJournal}. */
export interface JournalParts extends Omit<TickParts, "ledger" | "onTrouble"> {
  /** Limit of pending bytes; those of the current tick are counted as characters. */
  readonly limit: number;
  /** Why nothing is accepted at all. @default the limit is reached */
  readonly refusal?: string;
  /** What the store has processed since the last call. */
  readonly taken: () => Taken;
  /** Resolves when the store has processed everything in the sink. */
  readonly drained: () => Promise<void>;
  /**
   * Whether the store's writer has died since the last call: it may have processed lines without saying so. @default
   * never
   */
  readonly hasDied?: () => boolean;
  readonly onError: (error: Error) => void;
}

/** Counters of the records of a journal. */
export type LineStats = Omit<JournalStats, "droppedAttachments">;

/** A journal of records that can be closed. */
export interface SinkJournal extends Omit<Journal, "appendAttachment" | "stats"> {
  /** Counters since the start. */
  stats(): LineStats;
  /** Writes the current tick and accepts nothing more. */
  close(): void;
  /** Releases the sink: the store has everything, or never will. */
  release(): void;
}

/**
 * The hot path: one serialisation per record, one write per tick of the event loop. Never throws; records that exceed
 * the limit, or cannot be serialised or written, are dropped and counted.
 */
export function createJournal(parts: JournalParts): SinkJournal {
  const { sink, limit, drained, hasDied = () => false } = parts;
  const ledger = createLedger();
  const report = quietly(parts.onError);
  const drops = createDropReport({ why: parts.refusal ?? whyFull(limit), report });
  const settle = (): void => ledger.take(parts.taken());
  let isClosed = false;

  /** Records that were written but are missing after everything was read are lost. */
  const flush = async (): Promise<void> => {
    tick.write();
    if (isClosed) return;
    const written = ledger.written();
    await drained();
    settle();
    if (hasDied()) return ledger.assumeTaken(written);
    const missing = ledger.writeOff(written);
    if (missing > 0) report(lossOf(missing));
  };
  const onTrouble = (error: Error): void => {
    report(error);
    // Finds out what is lost.
    flush().catch(() => undefined);
  };
  const tick = createTick({ ...parts, ledger, onTrouble });
  const hasRoom = (length: number): boolean =>
    tick.length() + length + ledger.pendingBytes() <= limit;
  const lines: Lines = {
    take(line) {
      if (!hasRoom(line.length)) settle();
      const isTaken = !isClosed && hasRoom(line.length);
      if (isTaken) tick.add(line);
      else if (!isClosed) drops.dropped();
      return isTaken;
    },
    drop: () => ledger.drop(1),
    report,
  };
  const forget = atExit(tick.end);

  return {
    appendSpan: appendTo(lines, spanLine),
    appendMetrics: appendTo(lines, metricsLine),
    flush,
    stats() {
      settle();
      return { ...amountsOf(tick, ledger), medium: sink.medium };
    },
    close() {
      tick.write();
      isClosed = true;
      drops.close();
    },
    release() {
      forget();
      sink.release();
    },
  };
}

function amountsOf(tick: Tick, ledger: Ledger): Omit<LineStats, "medium"> {
  return {
    appended: tick.records() + ledger.kept(),
    dropped: ledger.dropped(),
    pendingBytes: tick.bytes() + ledger.pendingBytes(),
  };
}

/** Where serialised records go. */
interface Lines {
  /** `false` when there is no room. */
  take(line: string): boolean;
  drop(): void;
  report(error: unknown): void;
}

function appendTo<T>({ take, drop, report }: Lines, lineOf: (record: T) => string) {
  return (record: T): boolean => {
    try {
      if (take(lineOf(record))) return true;
    } catch (error) {
      report(error);
    }
    drop();
    return false;
  };
}

/** A listener must not harm the app's call. */
function quietly(onError: (error: Error) => void): (error: unknown) => void {
  return (error) => {
    try {
      onError(error instanceof Error ? error : new Error(String(error)));
    } catch {
      // There is nobody left to report to.
    }
  };
}

function whyFull(limit: number): string {
  return `the store is lagging behind, and at most ${limit} bytes may wait for it (option journalBytes).`;
}

function lossOf(records: number): RivuletError {
  return new RivuletError(
    "store_unavailable",
    `${records} records are lost: they were written, but their files have disappeared.`,
    { details: { records } },
  );
}

/** Length, in characters, at which the records of a tick are written before it ends. */
const TICK_LENGTH = 64 * 1024;
/** Milliseconds after which records are written even if the event loop never turns. */
const TICK_AGE = 250;

/** The records of one turn of the event loop. */
interface Tick {
  add(line: string): void;
  /** Writes what was added. */
  write(): void;
  /** The process ends: writes what was added and how the process ended. There are no more turns after this. */
  end(exitCode: number): void;
  records(): number;
  /** Characters added, which cost nothing to count. */
  length(): number;
  bytes(): number;
}

/** Options of {@link createTick}. */
interface TickParts {
  readonly sink: RecordSink;
  /** `span`: each record is written at once. */
  readonly durability: "tick" | "span";
  /** Called after lines went to the sink. */
  readonly wrote: () => void;
  /** Monotonic clock in milliseconds. @default performance.now */
  readonly now?: () => number;
  readonly ledger: Ledger;
  /** Called when writing begins to fail; not again before it has worked. */
  readonly onTrouble: (error: Error) => void;
}

/** An empty tick. It is written when the turn ends, or earlier when it grows large or old. */
function createTick(parts: TickParts): Tick {
  const { sink, durability, wrote, ledger, onTrouble, now = () => performance.now() } = parts;
  let lines = "";
  let records = 0;
  let begun = 0;
  let isScheduled = false;
  let isInTrouble = false;
  let exitCode: number | undefined;

  const write = (): void => {
    isScheduled = false;
    if (records === 0) return;
    const bytes = Buffer.byteLength(lines);
    const trouble = sink.write(lines);
    const lost = { records: trouble?.lostRecords ?? 0, bytes: trouble?.lostBytes ?? 0 };
    ledger.drop(lost.records);
    ledger.write({ records: records - lost.records, bytes: bytes - lost.bytes });
    lines = "";
    records = 0;
    if (exitCode !== undefined) sink.end(exitCode);
    wrote();
    const isNews = trouble !== undefined && !isInTrouble;
    isInTrouble = trouble !== undefined;
    if (isNews) onTrouble(trouble.error);
  };
  const isDue = (time: number): boolean =>
    durability === "span" ||
    lines.length >= TICK_LENGTH ||
    time - begun > TICK_AGE ||
    exitCode !== undefined;

  return {
    add(line) {
      const time = now();
      if (records === 0) begun = time;
      lines += line;
      records += 1;
      if (isDue(time)) write();
      else if (!isScheduled) {
        isScheduled = true;
        setImmediate(write);
      }
    },
    write,
    end(code) {
      write();
      exitCode = code;
      sink.end(code);
    },
    records: () => records,
    length: () => lines.length,
    bytes: () => Buffer.byteLength(lines),
  };
}

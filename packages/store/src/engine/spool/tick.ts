import type { Ledger } from "./ledger.ts";
import type { RecordSink } from "./record-sink.ts";

/** Length, in characters, at which the records of a tick are written before it ends. */
const TICK_LENGTH = 64 * 1024;
/** Milliseconds after which records are written even if the event loop never turns. */
const TICK_AGE = 250;

/** The records of one turn of the event loop. */
export interface Tick {
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
export interface TickParts {
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
export function createTick(parts: TickParts): Tick {
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

import type { Ledger } from "./ledger.ts";
import type { RecordSink } from "./record-sink.ts";

/** Records of one tick are written before it ends when they are this long, in characters. */
const TICK_LENGTH = 64 * 1024;
/** Work that never yields must not keep records in memory for longer, in milliseconds. */
const TICK_AGE = 250;

/** The records of one turn of the event loop. */
export interface Tick {
  add(line: string): void;
  /** Writes what was added. */
  write(): void;
  /** The process ends: writes what was added and how it ended; from now on there are no turns. */
  end(exitCode: number): void;
  records(): number;
  /** Characters: what costs nothing to know. */
  length(): number;
  bytes(): number;
}

/** What {@link createTick} works with. */
export interface TickParts {
  readonly sink: RecordSink;
  /** `span`: each record is written at once. */
  readonly durability: "tick" | "span";
  /** Called after lines went to the sink. */
  readonly wrote: () => void;
  /** Milliseconds that only grow. @default performance.now */
  readonly now?: () => number;
  readonly ledger: Ledger;
  /** Called when writing begins to fail, not again until it has worked. */
  readonly onTrouble: (error: Error) => void;
}

/** A tick without records. Writes by itself when the turn ends, and before when it grows large or old. */
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

import type { Taken } from "./spool/ledger.ts";

// Shared memory through which the app's thread and the writer's signal each other; messages would cost the app more.
const WRITES = 0;
const ASLEEP = 1;
const CELLS = 2;
// Followed by totals since the start.
const RECORDS = 0;
const BYTES = 1;
const REFUSED = 2;
const LOST = 3;
const ATTACHMENT_BYTES = 4;
const REFUSED_ATTACHMENTS = 5;
const SUMS = 6;

/** The app's end. */
export interface HostSignals {
  /** Something was written to the journal: wakes the writer if it sleeps. */
  wrote(): void;
  /** What the writer has processed since the last call. */
  taken(): Taken;
  /** Records of others that could not be stored, since the start. */
  lost(): number;
  /** Bytes of files that the writer has taken out of the spool, since the start. */
  attachmentBytes(): number;
  /** Files that the store had no room for, since the start. */
  refusedAttachments(): number;
}

/** The writer's end. */
export interface WriterSignals {
  /** A counter that changes with each write to the journal. */
  writes(): number;
  /** Resolves when the counter differs from this value; possibly at once. */
  nextWrite(seen: number): Promise<void>;
  /** The journal was processed this much further; `lost` records of others could not be stored. */
  took(taken: Taken, lost: number): void;
  /** A file of so many bytes was taken out of the spool; `refused` when the store had no room for it. */
  tookAttachment(bytes: number, refused: number): void;
}

/** Allocates the shared memory. */
export function signalMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(SUMS_OFFSET + SUMS * BigInt64Array.BYTES_PER_ELEMENT);
}

const SUMS_OFFSET = CELLS * Int32Array.BYTES_PER_ELEMENT;

/** Opens the app's end. */
export function hostSignals(memory: SharedArrayBuffer): HostSignals {
  const cells = new Int32Array(memory, 0, CELLS);
  const sums = new BigInt64Array(memory, SUMS_OFFSET, SUMS);
  const sum = (index: number): number => Number(Atomics.load(sums, index));
  let seen: Taken = { records: 0, bytes: 0, refused: 0 };
  return {
    wrote() {
      Atomics.add(cells, WRITES, 1);
      if (Atomics.exchange(cells, ASLEEP, 0) === 1) Atomics.notify(cells, WRITES);
    },
    taken() {
      const before = seen;
      seen = { records: sum(RECORDS), bytes: sum(BYTES), refused: sum(REFUSED) };
      return {
        records: seen.records - before.records,
        bytes: seen.bytes - before.bytes,
        refused: seen.refused - before.refused,
      };
    },
    lost: () => sum(LOST),
    attachmentBytes: () => sum(ATTACHMENT_BYTES),
    refusedAttachments: () => sum(REFUSED_ATTACHMENTS),
  };
}

/** Opens the writer's end. */
export function writerSignals(memory: SharedArrayBuffer): WriterSignals {
  const cells = new Int32Array(memory, 0, CELLS);
  const sums = new BigInt64Array(memory, SUMS_OFFSET, SUMS);
  const add = (index: number, value: number): void => {
    Atomics.add(sums, index, BigInt(value));
  };
  return {
    writes: () => Atomics.load(cells, WRITES),
    async nextWrite(seen) {
      Atomics.store(cells, ASLEEP, 1);
      await Atomics.waitAsync(cells, WRITES, seen).value;
    },
    took({ records, bytes, refused }, lost) {
      add(RECORDS, records);
      add(BYTES, bytes);
      add(REFUSED, refused);
      add(LOST, lost);
    },
    tookAttachment(bytes, refused) {
      add(ATTACHMENT_BYTES, bytes);
      add(REFUSED_ATTACHMENTS, refused);
    },
  };
}

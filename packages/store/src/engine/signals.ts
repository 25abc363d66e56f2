// What the app's thread and the writer's tell each other without messages, which would cost the app more.
const WRITES = 0;
const ASLEEP = 1;
const TAKEN = 2;
const LOST = 3;
const WATCHED = 4;
const CELLS = 5;

/** The app's end. */
export interface HostSignals {
  /** Something was written to the journal: wakes the writer when it sleeps. */
  wrote(): void;
  /** How much the writer has taken since the last call. Ask before it takes 4 GiB. */
  taken(): number;
  /** Records that could not be stored, since the start. */
  lost(): number;
  /** Whether anybody wants to know what changes. */
  watch(isWanted: boolean): void;
}

/** The writer's end. */
export interface WriterSignals {
  /** A number that moves with each write to the journal. */
  writes(): number;
  /** Resolves when the number is another one; it may be already. */
  nextWrite(seen: number): Promise<void>;
  /** The journal was taken this much further. */
  took(size: number, lost: number): void;
  isWatched(): boolean;
}

/** Memory for both ends. */
export function signalMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT);
}

/** Opens the app's end. */
export function hostSignals(memory: SharedArrayBuffer): HostSignals {
  const cells = new Int32Array(memory);
  let seen = 0;
  return {
    wrote() {
      Atomics.add(cells, WRITES, 1);
      if (Atomics.exchange(cells, ASLEEP, 0) === 1) Atomics.notify(cells, WRITES);
    },
    taken() {
      const before = seen;
      seen = Atomics.load(cells, TAKEN);
      // The cell overflows; the difference is right nevertheless.
      return (seen - before) >>> 0;
    },
    lost: () => Atomics.load(cells, LOST),
    watch(isWanted) {
      Atomics.store(cells, WATCHED, isWanted ? 1 : 0);
    },
  };
}

/** Opens the writer's end. */
export function writerSignals(memory: SharedArrayBuffer): WriterSignals {
  const cells = new Int32Array(memory);
  return {
    writes: () => Atomics.load(cells, WRITES),
    async nextWrite(seen) {
      Atomics.store(cells, ASLEEP, 1);
      await Atomics.waitAsync(cells, WRITES, seen).value;
    },
    took(size, lost) {
      Atomics.add(cells, TAKEN, size);
      Atomics.add(cells, LOST, lost);
    },
    isWatched: () => Atomics.load(cells, WATCHED) === 1,
  };
}

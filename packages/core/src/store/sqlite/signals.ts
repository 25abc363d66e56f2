/** What the app's thread and the writer's tell each other without a message. */
export interface Signals {
  /** Something was written to the journal. Returns whether the writer sleeps; it counts as woken then. */
  wrote(): boolean;
  /** A number that moves with each write to the journal. */
  writes(): number;
  /** The writer wants a message when something is written. */
  sleep(): void;
}

const ASLEEP = 0;
const WRITES = 1;
const CELLS = 2;

/** Memory for {@link signalsIn}. */
export function signalMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT);
}

/** The {@link Signals} in memory that both threads have. */
export function signalsIn(memory: SharedArrayBuffer): Signals {
  const cells = new Int32Array(memory);
  return {
    wrote() {
      Atomics.add(cells, WRITES, 1);
      return Atomics.exchange(cells, ASLEEP, 0) === 1;
    },
    writes: () => Atomics.load(cells, WRITES),
    sleep() {
      Atomics.store(cells, ASLEEP, 1);
    },
  };
}

import type { WriterSignals } from "../signals.ts";
import type { SpoolStep } from "../spool/spool-reader.ts";

/** Processes the spool as it grows, at convenient times. */
export interface SpoolConsumer {
  /** Looks into the spool after this time at the latest. */
  soon(milliseconds: number): void;
  stop(): void;
}

/** Options of {@link createSpoolConsumer}. */
export interface SpoolConsumerParts {
  /** Processes about a megabyte. */
  readonly step: () => Promise<SpoolStep>;
  readonly signals: WriterSignals;
  /** Called when the database is unreachable; not again before it has been reached. */
  readonly onError: (error: unknown) => void;
}

/** Processing starts when the app has recorded nothing for this many milliseconds … */
const PAUSE_MS = 50;
/** … or after this time, if the app makes no pause. */
const LONGEST_WAIT_MS = 500;
/** While the app keeps recording, a chunk smaller than this, in bytes, is a reason to wait for more. */
const SMALL_CHUNK = 256 * 1024;
/** Pause before the next attempt while the database is unreachable. */
const RETRY_MS = 500;

/** Processes chunk by chunk, so that calls come in between; then sleeps until more is written. */
export function createSpoolConsumer({ step, signals, onError }: SpoolConsumerParts): SpoolConsumer {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isAsleep = false;
  let isFailing = false;

  /** Processes chunks until nothing is left, or little while more is coming. Returns the write counter it has seen. */
  const takeAll = async (): Promise<number> => {
    for (;;) {
      const writes = signals.writes();
      if (isStopped) return writes;
      const { idle, taken } = await step();
      const isLittle = taken.bytes > 0 && taken.bytes < SMALL_CHUNK;
      if (idle || (isLittle && signals.writes() !== writes)) return writes;
    }
  };
  const follow = async (): Promise<void> => {
    try {
      const seen = await takeAll();
      isFailing = false;
      void sleep(seen);
    } catch (error) {
      if (!isFailing) onError(error);
      isFailing = true;
      soon(RETRY_MS);
    }
  };
  const sleep = async (seen: number): Promise<void> => {
    if (isAsleep || isStopped) return;
    isAsleep = true;
    await signals.nextWrite(seen);
    isAsleep = false;
    afterBurst();
  };
  const wait = (milliseconds: number, then: () => void): void => {
    if (isStopped || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      then();
    }, milliseconds).unref();
  };
  const soon = (milliseconds: number): void => wait(milliseconds, () => void follow());
  /**
   * Waits for the app to pause. Processing beside a busy app would slow it down on cores that share caches, and small
   * batches cost a disk sync each.
   */
  const afterBurst = (waited = 0): void => {
    const seen = signals.writes();
    wait(PAUSE_MS, () => {
      if (signals.writes() === seen || waited >= LONGEST_WAIT_MS) void follow();
      else afterBurst(waited + PAUSE_MS);
    });
  };
  return {
    soon,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

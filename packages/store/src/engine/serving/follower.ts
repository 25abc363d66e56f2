import type { WriterSignals } from "../signals.ts";
import type { SpoolStep } from "../spool/spool-reader.ts";

/** Takes from the spool what is written to it, when it is a good time. */
export interface Follower {
  /** Looks into the spool after this time, or before. */
  soon(milliseconds: number): void;
  stop(): void;
}

/** What {@link createFollower} works with. */
export interface FollowerParts {
  /** Takes about a megabyte. */
  readonly step: () => Promise<SpoolStep>;
  readonly signals: WriterSignals;
  /** Told when the database is away, not again until it was there. */
  readonly onError: (error: unknown) => void;
}

/** The intake begins when the app has recorded nothing for this long … */
const PAUSE_MS = 50;
/** … or after this time, when the app makes no pause. */
const LONGEST_WAIT_MS = 500;
/** While the app goes on, a chunk below this, in bytes, is a sign to wait for more. */
const SMALL_CHUNK = 256 * 1024;
/** Pause before another try while the database is away. */
const RETRY_MS = 500;

/** Takes a chunk at a time, so that calls come in between; then sleeps until more is written. */
export function createFollower({ step, signals, onError }: FollowerParts): Follower {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isAsleep = false;
  let isFailing = false;

  /** Takes chunks until nothing is left, or little of what is still coming. Returns the writes that were seen. */
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
   * Looks into the spool when the app pauses. Beside an app at work it would slow it, on cores that share
   * their caches; and small batches cost a disk sync each.
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

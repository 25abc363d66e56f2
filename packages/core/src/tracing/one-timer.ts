/** A timer that is set to the nearest of several times, and holds no process. */
export interface OneTimer {
  /** Calls back once, after so many milliseconds or sooner. */
  within(milliseconds: number): void;
  stop(): void;
}

/** What a timer of Node bears. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** Makes a {@link OneTimer}. */
export function createOneTimer(callback: () => void): OneTimer {
  let timer: NodeJS.Timeout | undefined;
  let delay = 0;

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    within(milliseconds) {
      if (timer !== undefined && delay <= milliseconds) return;
      stop();
      delay = Math.min(milliseconds, LONGEST_DELAY);
      timer = setTimeout(() => {
        timer = undefined;
        callback();
      }, delay).unref();
    },
    stop,
  };
}

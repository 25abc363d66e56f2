/** Runs housekeeping when there was work and then none for a while. */
export interface IdleTidy {
  /** Something was written. */
  worked(): void;
  stop(): void;
}

/** Milliseconds without writes before housekeeping. */
const IDLE_MS = 1000;

/** @param tidy the housekeeping */
export function createIdleTidy(
  tidy: () => Promise<void>,
  onError: (error: unknown) => void,
): IdleTidy {
  let timer: NodeJS.Timeout | undefined;
  const tidyNow = (): void => {
    timer = undefined;
    tidy().catch(onError);
  };
  return {
    worked() {
      if (timer === undefined) timer = setTimeout(tidyNow, IDLE_MS).unref();
      else timer.refresh();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

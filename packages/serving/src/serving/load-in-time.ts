import { RivuletError } from "@rivulet/core";

/** How long a load may take. */
export interface LoadLimit<T> {
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Gets what is loaded too late. */
  readonly onLate: (loaded: T) => void;
}

/** Waits for a load. @throws RivuletError `deadline_exceeded` when it takes too long; what the load throws */
export async function loadInTime<T>(
  load: Promise<T>,
  { timeoutMs, onLate }: LoadLimit<T>,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const message = `Loading it took more than ${timeoutMs} ms (loadTimeoutMs).`;
    late.reject(new RivuletError("deadline_exceeded", message));
    // What it throws later was told already.
    load.then(onLate, () => undefined);
  }, timeoutMs);
  try {
    return await Promise.race([load, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

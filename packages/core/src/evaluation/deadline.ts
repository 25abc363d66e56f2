import { RivuletError } from "@rivulet/domain";

/** Limits of {@link withDeadline}. */
export interface Deadline {
  /** Subject of the error message: what took too long. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs work until it settles, its time is over, or the signal is aborted. Work that does not look at its
 * signal is left behind.
 *
 * @throws what the work throws; RivuletError `aborted` at the deadline or the abort
 */
export async function withDeadline<T>(
  work: (signal: AbortSignal) => T | Promise<T>,
  { what, timeoutMs, signal }: Deadline,
): Promise<T> {
  if (signal?.aborted === true) throw abortedError(what);
  const controller = new AbortController();
  let stop: (error: RivuletError) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = (error) => {
      reject(error);
      controller.abort(error);
    };
  });
  const timer = setTimeout(() => stop(timeoutError(what, timeoutMs)), timeoutMs);
  const onAbort = (): void => stop(abortedError(what));
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([start(work, controller.signal), stopped]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

/** Turns a synchronous throw into a rejection. */
async function start<T>(
  work: (signal: AbortSignal) => T | Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return work(signal);
}

function timeoutError(what: string, timeoutMs: number): RivuletError {
  return new RivuletError("aborted", `${what} took longer than ${timeoutMs} ms.`, {
    details: { timeoutMs },
  });
}

function abortedError(what: string): RivuletError {
  return new RivuletError("aborted", `${what} was aborted by its signal.`);
}

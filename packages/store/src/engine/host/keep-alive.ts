/** Longest delay of a timer, in milliseconds. */
const LONG_MS = 2 ** 31 - 1;

/** Keeps the process alive while somebody waits for a thread that does not keep it alive itself. */
export async function withKeepAlive<T>(work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => undefined, LONG_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

/** A timer's longest time, in milliseconds. */
const LONG_MS = 2 ** 31 - 1;

/** Keeps the process alive while somebody waits for work of a thread that does not. */
export async function keepingAlive<T>(work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => undefined, LONG_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

/** Serialises calls of a function: one runs at a time, in the order they were made. */
export function inTurn<T>(work: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

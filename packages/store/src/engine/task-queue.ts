/** Runs tasks one after the other, in the order they came. */
export type TaskQueue = <T>(task: () => Promise<T>) => Promise<T>;

/** A connection serves one caller at a time; this is the line they stand in. */
export function createTaskQueue(): TaskQueue {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}

/** Requests wait this long for others, so that rows which come into view together are asked for together. */
const GATHER_MS = 25;

/** Answers of many small questions, asked for together: `load` gets all keys that were asked for at about the same time. */
export function batched<T>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): (key: string) => Promise<T | undefined> {
  let next:
    | { readonly keys: Set<string>; readonly answers: Promise<ReadonlyMap<string, T>> }
    | undefined;
  const gather = (): NonNullable<typeof next> => {
    const keys = new Set<string>();
    const wait = new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    const answers = wait.then(() => {
      next = undefined;
      return load([...keys]);
    });
    return { keys, answers };
  };
  return async (key) => {
    next ??= gather();
    next.keys.add(key);
    return (await next.answers).get(key);
  };
}

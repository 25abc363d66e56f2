/** Most values of one statement's list: below every database's bound, and few statements for a batch. */
const CHUNK = 5_000;

/** The rows that a statement finds for each part of a long list. */
export async function inChunks<T, R>(
  list: readonly T[],
  find: (part: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const found: R[] = [];
  for (let start = 0; start < list.length; start += CHUNK) {
    found.push(...(await find(list.slice(start, start + CHUNK))));
  }
  return found;
}

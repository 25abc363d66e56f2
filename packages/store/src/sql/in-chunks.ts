/** Most values in a statement's list: below every database's limit, and still few statements per batch. */
const CHUNK = 5_000;

/** The rows found for each part of a long list. */
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

/** A map that forgets what was set long ago. */
export interface RecentMap<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
}

/**
 * Keeps at least the last `size` entries, at most twice as many. It has two generations: deleting the oldest
 * entry of one map at each insertion makes V8 skip all the deleted ones to find the next.
 */
export function createRecentMap<V>(size: number): RecentMap<V> {
  let young = new Map<string, V>();
  let old = new Map<string, V>();
  return {
    get: (key) => young.get(key) ?? old.get(key),
    set(key, value) {
      if (young.size >= size) {
        old = young;
        young = new Map();
      }
      young.set(key, value);
    },
    delete(key) {
      if (!young.delete(key)) old.delete(key);
    },
  };
}

/** A map that forgets what was used longest ago. */
export interface BoundedMap<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
  keys(): Iterable<string>;
}

/**
 * @param maxEntries most entries
 * @param maxCharacters most characters of all keys together
 */
export function createBoundedMap<V>(
  maxEntries: number,
  maxCharacters: number = Number.POSITIVE_INFINITY,
): BoundedMap<V> {
  const entries = new Map<string, V>();
  let characters = 0;

  const remove = (key: string): void => {
    if (entries.delete(key)) characters -= key.length;
  };

  return {
    keys: () => entries.keys(),
    delete: remove,
    get: (key) => {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set: (key, value) => {
      remove(key);
      entries.set(key, value);
      characters += key.length;
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries && characters <= maxCharacters) return;
        remove(oldest);
      }
    },
  };
}

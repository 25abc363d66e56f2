interface Place<K, V> {
  readonly key: K;
  readonly value: V;
  before: Place<K, V> | undefined;
  after: Place<K, V> | undefined;
}

/**
 * Values by their keys, in the order in which they came. The first is found at once: a `Map` looks at the places of all
 * that were deleted before it, thousands where the first is what goes each time.
 */
export class Queue<K, V> {
  readonly #places = new Map<K, Place<K, V>>();
  #first: Place<K, V> | undefined;
  #last: Place<K, V> | undefined;

  get size(): number {
    return this.#places.size;
  }

  /** The oldest. */
  get first(): { readonly key: K; readonly value: V } | undefined {
    return this.#first;
  }

  get(key: K): V | undefined {
    return this.#places.get(key)?.value;
  }

  has(key: K): boolean {
    return this.#places.has(key);
  }

  /** Adds it as the last; what is there stays as it is, and where it is. */
  add(key: K, value: V): void {
    if (this.has(key)) return;
    const place = { key, value, before: this.#last, after: undefined };
    this.#places.set(key, place);
    if (this.#last === undefined) this.#first = place;
    else this.#last.after = place;
    this.#last = place;
  }

  delete(key: K): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    const { before, after } = place;
    this.#places.delete(key);
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
  }

  /** The keys that are there now, the oldest first. */
  keys(): readonly K[] {
    return [...this.#places.keys()];
  }

  /** The values that are there now, the oldest first. */
  values(): readonly V[] {
    return Array.from(this.#places.values(), ({ value }) => value);
  }
}

import type { RecordedSpan } from "./recorded-span.ts";

/** A span's place in a {@link SpanList}. */
export interface SpanLinks {
  older: RecordedSpan | undefined;
  newer: RecordedSpan | undefined;
  listed: boolean;
}

/** Spans in the order in which they were added. */
export interface SpanList {
  add(span: RecordedSpan): void;
  remove(span: RecordedSpan): void;
  count(): number;
  oldest(): RecordedSpan | undefined;
  /** Oldest first. The span that was given last may be removed meanwhile. */
  each(): Iterable<RecordedSpan>;
}

/** A list that is linked through its spans: every span passes here, and a `Set` hashes and grows. */
export function createSpanList(): SpanList {
  let oldest: RecordedSpan | undefined;
  let newest: RecordedSpan | undefined;
  let count = 0;

  function* each(): Generator<RecordedSpan> {
    for (let span = oldest; span !== undefined; ) {
      const { newer } = span.links;
      yield span;
      span = newer;
    }
  }

  return {
    add(span) {
      span.links.older = newest;
      span.links.listed = true;
      if (newest === undefined) oldest = span;
      else newest.links.newer = span;
      newest = span;
      count++;
    },
    remove({ links }) {
      if (!links.listed) return;
      const { older, newer } = links;
      if (older === undefined) oldest = newer;
      else older.links.newer = newer;
      if (newer === undefined) newest = older;
      else newer.links.older = older;
      // An ended span must not hold others alive.
      links.older = undefined;
      links.newer = undefined;
      links.listed = false;
      count--;
    },
    count: () => count,
    oldest: () => oldest,
    each,
  };
}

import { LRUCache } from "lru-cache";

/** The traces that sampling left out, as far as they are remembered. */
export interface LeftOutTraces {
  /** Notes that a trace is not recorded. @returns `false` when that was known */
  note(traceId: string): boolean;
  has(traceId: string): boolean;
  /** The trace is recorded after all. */
  forget(traceId: string): void;
}

/** Feedback may come for these, and gets a better answer than that nothing is known. */
const MAX_REMEMBERED = 10_000;

/** Makes {@link LeftOutTraces}. */
export function createLeftOutTraces(): LeftOutTraces {
  const ids = new LRUCache<string, true>({ max: MAX_REMEMBERED });
  return {
    note(traceId) {
      if (ids.has(traceId)) return false;
      ids.set(traceId, true);
      return true;
    },
    has: (traceId) => ids.has(traceId),
    forget: (traceId) => void ids.delete(traceId),
  };
}

import { performance } from "node:perf_hooks";

// The global `performance` and its `timeOrigin` are getters, and every span reads them twice.
const ORIGIN = performance.timeOrigin;

/** The clock to the microsecond, as stores keep times: what a verb answers is what is read later. */
export function inMicroseconds(clock: () => number): () => number {
  return () => Math.round(clock() * 1000) / 1000;
}

/** Wall clock in milliseconds, with fractions. Adjustments of the system clock do not change the length of a span. */
export function systemClock(): number {
  return ORIGIN + performance.now();
}

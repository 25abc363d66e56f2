import { performance } from "node:perf_hooks";

// The global `performance` and its `timeOrigin` are getters, and every span reads them twice.
const ORIGIN = performance.timeOrigin;

/** Wall clock in milliseconds, with fractions. Adjustments of the system clock do not change the length of a span. */
export function systemClock(): number {
  return ORIGIN + performance.now();
}

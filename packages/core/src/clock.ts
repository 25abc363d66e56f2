import { performance } from "node:perf_hooks";

// The global `performance` and its `timeOrigin` are getters, and every span asks twice.
const ORIGIN = performance.timeOrigin;

/** The wall clock in milliseconds, with fractions: steps of the system clock do not bend a span's length. */
export function systemClock(): number {
  return ORIGIN + performance.now();
}

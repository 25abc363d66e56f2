/** The wall clock in milliseconds, with fractions: steps of the system clock do not bend a span's length. */
export function systemClock(): number {
  return performance.timeOrigin + performance.now();
}

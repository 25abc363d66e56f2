/** Digits of an id that are random, as W3C's Trace Context has them: 56 bits. */
const RANDOM_DIGITS = 14;
/** As many of these bits as a number holds. */
const RANGE = 2 ** 52;

/**
 * Whether an id in hex is among a share of all: that of the highest last digits. Every service that draws this way
 * keeps the same traces, and a higher rate keeps all that a lower one keeps; OpenTelemetry's consistent probability
 * sampling is the same.
 */
export function isDrawn(id: string, rate: number): boolean {
  if (rate >= 1) return true;
  if (rate <= 0) return false;
  return Number.parseInt(id.slice(-RANDOM_DIGITS, -1), 16) >= (1 - rate) * RANGE;
}

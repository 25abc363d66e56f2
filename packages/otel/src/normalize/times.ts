import { numberOf } from "./span-attributes.ts";

/** A time so many seconds after another one, in nanoseconds since the epoch. */
export function afterSeconds(start: bigint, seconds: number | undefined): bigint | undefined {
  return afterMilliseconds(start, seconds === undefined ? undefined : seconds * 1_000);
}

/** A time so many milliseconds after another one, in nanoseconds since the epoch. */
export function afterMilliseconds(
  start: bigint,
  milliseconds: number | undefined,
): bigint | undefined {
  if (milliseconds === undefined || milliseconds < 0 || milliseconds > Number.MAX_SAFE_INTEGER) {
    return undefined;
  }
  return start + BigInt(Math.round(milliseconds * 1_000)) * 1_000n;
}

/** A date as text, once or twice in quotation marks, in nanoseconds since the epoch. */
export function timeOf(value: unknown): bigint | undefined {
  const text = typeof value === "string" ? value.replace(/^"+|"+$/g, "") : value;
  const milliseconds = typeof text === "string" ? Date.parse(text) : numberOf(text);
  if (milliseconds === undefined || Number.isNaN(milliseconds) || milliseconds < 0)
    return undefined;
  return BigInt(Math.round(milliseconds)) * 1_000_000n;
}

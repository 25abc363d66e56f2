/** Times are kept to the microsecond: finer digits are noise of the floating point. */
export function roundToMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}

/** A time that was given, in milliseconds; undefined when it is none. A date has its own. */
export function timeOf(given: unknown): number | undefined {
  const time = given instanceof Date ? given.getTime() : given;
  return typeof time === "number" && Number.isFinite(time) ? roundToMicroseconds(time) : undefined;
}

import { LIMITS } from "@rivulet/domain";
import { createEncoder, cutText } from "@rivulet/store";

const encode = createEncoder({ maskSecrets: false, maxSize: LIMITS.spanBytes });

/** Text of what should be text: the ids of an app's own database are often numbers. Never throws. */
export function asText(value: unknown): string {
  if (typeof value === "string") return value;
  const parsed: unknown = encode(value, "")?.parse();
  return typeof parsed === "string" ? parsed : (JSON.stringify(parsed) ?? "");
}

/** Text of what should be a name, no longer than names are. Never throws. */
export function asName(value: unknown): string {
  return cutText(asText(value), LIMITS.name);
}

/** The same; undefined when there is nothing. */
export function asOptionalName(value: unknown): string | undefined {
  return isNothing(value) ? undefined : asName(value);
}

/** Whether a caller has left the value out. */
export function isNothing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Times are kept to the microsecond: finer digits are noise of the floating point. */
export function roundToMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}

/** Nanoseconds in a microsecond. */
const MICROSECOND = 1_000n;

/**
 * A time in milliseconds since the epoch; undefined when it is none. A date has its own, a big integer counts
 * nanoseconds, as OpenTelemetry does.
 */
export function timeOf(given: unknown): number | undefined {
  // Microseconds since the epoch are exact in a number, nanoseconds are not.
  if (typeof given === "bigint") return Number(given / MICROSECOND) / 1_000;
  const time = given instanceof Date ? given.getTime() : given;
  return typeof time === "number" && Number.isFinite(time) ? roundToMicroseconds(time) : undefined;
}

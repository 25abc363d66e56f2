import { serverNow } from "../api/server-clock.ts";
import { LOCALE } from "./locale.ts";
import { formatFixed } from "./numbers.ts";
import { intlTimeZone, timeZone } from "./time-zone.ts";

/** What is written instead of a time that nobody has recorded. */
export const NO_TIME = "–";

/** The page's words are English, and an age is words. */
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" });

const STEPS = [
  ["second", 1_000, 60_000],
  ["minute", 60_000, 3_600_000],
  ["hour", 3_600_000, 86_400_000],
  ["day", 86_400_000, 7 * 86_400_000],
] as const;

/** Making one takes long; there are two of each shape at most. */
const made = new Map<string, Intl.DateTimeFormat>();

function formatted(time: number, shape: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify([timeZone.get(), shape]);
  const format =
    made.get(key) ?? new Intl.DateTimeFormat(LOCALE, { ...shape, timeZone: intlTimeZone() });
  made.set(key, format);
  return format.format(time);
}

/** Whether somebody has recorded the time: the store has 0 where nobody has. */
export function isTime(time: number | undefined): time is number {
  return time !== undefined && time > 0 && Math.abs(time) <= 8.64e15;
}

/** Date and time of day; with the zone where it is not the reader's own. */
export function formatTime(time: number | undefined): string {
  if (!isTime(time)) return NO_TIME;
  const text = formatted(time, { dateStyle: "medium", timeStyle: "medium" });
  return timeZone.get() === "UTC" ? `${text} UTC` : text;
}

/** The day alone. */
function formatDate(time: number | undefined): string {
  return isTime(time)
    ? formatted(time, { year: "numeric", month: "short", day: "numeric" })
    : NO_TIME;
}

/** "3 min. ago"; older than a week: the date. */
export function formatAge(time: number | undefined, now: number = serverNow()): string {
  if (!isTime(time)) return NO_TIME;
  const age = Math.max(0, now - time);
  if (age < 5_000) return "just now";
  for (const [unit, size, limit] of STEPS) {
    if (age < limit) return RELATIVE.format(-Math.floor(age / size), unit);
  }
  return formatDate(time);
}

const TWO_DIGITS = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 2 });

/** A span of milliseconds: `0.4 ms`, `7.2 ms`, `320 ms`, `1.28 s`, `4 m 12 s`, `3 h 5 m`. */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${TWO_DIGITS.format(ms)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${formatFixed(ms / 1_000, 2)} s`;
  if (ms < 60_000) return `${formatFixed(ms / 1_000, 1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} m ${Math.floor((ms % 60_000) / 1_000)} s`;
  return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms % 3_600_000) / 60_000)} m`;
}

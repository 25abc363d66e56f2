const ABSOLUTE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" });

const STEPS = [
  ["second", 1_000, 60_000],
  ["minute", 60_000, 3_600_000],
  ["hour", 3_600_000, 86_400_000],
  ["day", 86_400_000, 7 * 86_400_000],
] as const;

/** Date and time of day. */
export function formatTime(time: number): string {
  return ABSOLUTE.format(time);
}

/** "3 min. ago"; older than a week: the date. */
export function formatAge(time: number, now: number = Date.now()): string {
  const age = Math.max(0, now - time);
  if (age < 5_000) return "just now";
  for (const [unit, size, limit] of STEPS) {
    if (age < limit) return RELATIVE.format(-Math.floor(age / size), unit);
  }
  return new Date(time).toLocaleDateString(undefined, {
    year: "numeric",
    month: "short",
    day: "numeric",
  });
}

/** A span of milliseconds: `0.4 ms`, `7.2 ms`, `320 ms`, `1.28 s`, `4 m 12 s`, `3 h 5 m`. */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${Number(ms.toPrecision(2))} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(2)} s`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} m ${Math.floor((ms % 60_000) / 1_000)} s`;
  return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms % 3_600_000) / 60_000)} m`;
}

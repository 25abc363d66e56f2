/** Ranges that end now, and how long they are in milliseconds; the shorter first. */
export const TIME_PRESETS = {
  "15m": { label: "Last 15 minutes", ms: 15 * 60_000 },
  "1h": { label: "Last hour", ms: 3_600_000 },
  "24h": { label: "Last 24 hours", ms: 86_400_000 },
  "7d": { label: "Last 7 days", ms: 7 * 86_400_000 },
  "30d": { label: "Last 30 days", ms: 30 * 86_400_000 },
  "90d": { label: "Last 90 days", ms: 90 * 86_400_000 },
} as const;

/** Name of a range that ends now. */
export type TimePreset = keyof typeof TIME_PRESETS;

/** Milliseconds since the epoch; the end is not part of it. A side that is absent is open. */
export interface TimeRange {
  readonly from?: number;
  readonly to?: number;
}

/** A range as the URL has it: empty for all time, `24h`, or `2026-11-01T00:00Z/2026-11-02T00:00Z` with either side empty. */
export function readTimeRange(text: string, now: number): TimeRange {
  if (isPreset(text)) return { from: now - TIME_PRESETS[text].ms };
  const [from, to] = text.split("/").map((side) => Date.parse(side));
  return {
    ...(from !== undefined && !Number.isNaN(from) && { from }),
    ...(to !== undefined && !Number.isNaN(to) && { to }),
  };
}

/** Whether it is the name of a range that ends now. */
export function isPreset(text: string): text is TimePreset {
  return Object.hasOwn(TIME_PRESETS, text);
}

/** A range for the URL. */
export function writeTimeRange({ from, to }: TimeRange): string {
  if (from === undefined && to === undefined) return "";
  return [from, to]
    .map((side) => (side === undefined ? "" : new Date(side).toISOString()))
    .join("/");
}

/** The next wider range: twice as long around the same middle, not beyond now; all time after the longest preset. */
export function widerRange(text: string, now: number): string {
  if (isPreset(text)) {
    const names = Object.keys(TIME_PRESETS);
    return names[names.indexOf(text) + 1] ?? "";
  }
  const { from, to } = readTimeRange(text, now);
  if (from === undefined) return "";
  const end = to ?? now;
  const half = Math.max(0, end - from) / 2;
  if (to === undefined) return writeTimeRange({ from: from - 2 * half });
  return writeTimeRange({ from: from - half, ...(to + half < now && { to: to + half }) });
}

/** A range in the filter language, over a field that holds times. */
export function rangeFilter(field: string, { from, to }: TimeRange): string {
  const sides = [
    from === undefined ? "" : `${field} >= ${Math.round(from)}`,
    to === undefined ? "" : `${field} < ${Math.round(to)}`,
  ];
  return sides.filter((side) => side !== "").join(" AND ");
}

import type { JSX } from "preact";
import { formatAge, formatDuration, formatTime } from "../format/times.ts";

/** When something was, as an age; the exact time on hover. */
export function Age({ time }: { time: number }): JSX.Element {
  return (
    <time dateTime={new Date(time).toISOString()} title={formatTime(time)}>
      {formatAge(time)}
    </time>
  );
}

/** How long something took, or has been taking. */
export function Duration({ start, end }: { start: number; end: number | undefined }): JSX.Element {
  const ms = Math.max(0, (end ?? Date.now()) - start);
  return (
    <span class="number">{end === undefined ? `${formatDuration(ms)}…` : formatDuration(ms)}</span>
  );
}

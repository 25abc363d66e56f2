import type { JSX } from "preact";
import { serverNow } from "../api/server-clock.ts";
import { formatAge, formatDuration, formatTime, isTime, NO_TIME } from "../format/times.ts";

/** When something was, as an age; the exact time on hover. A dash where nobody has recorded it. */
export function Age({ time }: { time: number | undefined }): JSX.Element {
  if (!isTime(time)) return <span class="muted">{NO_TIME}</span>;
  return (
    <time dateTime={new Date(time).toISOString()} title={formatTime(time)}>
      {formatAge(time)}
    </time>
  );
}

/** How long something took, or has been taking. */
export function Duration({ start, end }: { start: number; end: number | undefined }): JSX.Element {
  const ms = Math.max(0, (end ?? serverNow()) - start);
  return <span class="number">{formatDuration(ms)}</span>;
}

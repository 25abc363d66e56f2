import type { JSX } from "preact";
import { formatDuration } from "../../../format/times.ts";
import type { TimeScale } from "./time-scale.ts";
import type { Section, Zoom } from "./use-zoom.ts";

/** Where the axis says how late it is. */
const MARKS = [0, 0.25, 0.5, 0.75] as const;

/** Times above the tracks, and the part that is being chosen with the mouse. */
export function TimeAxis({
  scale,
  zoom: { section, chosen },
}: {
  scale: TimeScale;
  zoom: Zoom;
}): JSX.Element {
  return (
    <div class="time-axis" aria-hidden="true">
      {MARKS.map((mark) => {
        const time = scale.timeAt(section.start + mark * (section.end - section.start));
        return (
          <span key={mark} class="time-mark" style={{ left: `${mark * 100}%` }}>
            {formatDuration(Math.max(0, time - scale.start))}
          </span>
        );
      })}
      {scale.gaps.map((gap) => (
        <i
          key={gap.start}
          class="time-gap"
          title={`${formatDuration(gap.end - gap.start)} in which nothing ran`}
          style={across(scale.placeOf(gap.start), scale.placeOf(gap.end), section)}
        />
      ))}
      {chosen === undefined ? null : (
        <i class="time-chosen" style={across(chosen.start, chosen.end, section)} />
      )}
    </div>
  );
}

/** Left edge and width of what goes from one place to another, cut to the part that is drawn. */
export function across(
  from: number,
  to: number,
  { start, end }: Section,
): { readonly left: string; readonly width: string } {
  const cut = (place: number): number =>
    Math.min(100, Math.max(0, ((place - start) / (end - start)) * 100));
  return { left: `${cut(from)}%`, width: `${cut(to) - cut(from)}%` };
}

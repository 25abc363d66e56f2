import type { SpanSkeleton } from "@rivulet/core";
import type { JSX } from "preact";
import type { CriticalPath } from "./critical-path.ts";
import { across } from "./time-axis.tsx";
import type { TimeScale } from "./time-scale.ts";
import type { Section } from "./use-zoom.ts";

/** How the time of spans is drawn. */
export interface Drawing {
  readonly scale: TimeScale;
  readonly section: Section;
  /** What kept the trace from ending earlier, while it is marked. */
  readonly path: CriticalPath | undefined;
}

/** When a span ran. */
export function SpanBar({ span, drawing }: { span: SpanSkeleton; drawing: Drawing }): JSX.Element {
  const { scale, section, path } = drawing;
  const from = scale.placeOf(span.startTime);
  const to = scale.placeOf(span.endTime ?? scale.end);
  const waits = path?.get(span.id);
  const isDrawn = to >= section.start && from <= section.end;
  return (
    <div class="span-track">
      {isDrawn ? (
        <div
          class={barClass(span, path !== undefined && waits === undefined)}
          style={across(from, to, section)}
        />
      ) : null}
      {waits?.map(({ start, end }) => (
        <i
          key={start}
          class="span-waited"
          style={across(scale.placeOf(start), scale.placeOf(end), section)}
        />
      ))}
    </div>
  );
}

function barClass({ type, status, endTime }: SpanSkeleton, isBeside: boolean): string {
  return [
    `span-bar type-${type}`,
    status === "error" ? "is-error" : "",
    endTime === undefined ? "is-open" : "",
    isBeside ? "is-beside" : "",
  ].join(" ");
}

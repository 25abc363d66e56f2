import type { JSX } from "preact";
import { formatMetric } from "../format/numbers.ts";
import { shorten } from "../format/shorten.ts";
import { AXIS_WORDS, formatX } from "./axis-words.ts";
import type { Pointed } from "./curve-plot.tsx";
import type { Reading } from "./curve-reading.ts";
import { CurveSwatch } from "./curve-swatch.tsx";
import type { XAxis } from "./curves.ts";

/** Values shown; of more curves those around the nearest one. */
const MAX_VALUES = 20;
/** Characters of the names of lines that are not pointed at. */
const MOST_OF_A_NAME = 20;

/** The values of all curves at the cursor, highest first; the line that is nearest stands out. */
export function CurveTooltip({ pointed, axis }: { pointed: Pointed; axis: XAxis }): JSX.Element {
  const { reading, left, isRight } = pointed;
  const values = around(reading);
  const hiddenCount = reading.values.length - values.length;
  return (
    <div
      class={isRight ? "curve-tooltip is-right" : "curve-tooltip"}
      style={{ "--left": `${left}px` }}
    >
      <p class="muted">
        {AXIS_WORDS[axis]} {formatX(reading.x, axis)}
      </p>
      <ul>
        {values.map(({ curve, x, y }) => (
          <li key={curve.id} class={curve.id === reading.nearest ? "is-nearest" : ""}>
            <CurveSwatch color={curve.color} />
            <span class="legend-name">
              {curve.id === reading.nearest ? curve.label : shorten(curve.label, MOST_OF_A_NAME)}
            </span>
            {axis !== "step" || x === reading.x ? null : (
              <span class="muted">at {formatX(x, axis)}</span>
            )}
            <span class="number">{formatMetric(y)}</span>
          </li>
        ))}
      </ul>
      {hiddenCount === 0 ? null : <p class="muted">{hiddenCount} more</p>}
    </div>
  );
}

function around({ values, nearest }: Reading): Reading["values"] {
  const place = values.findIndex(({ curve }) => curve.id === nearest);
  const last = Math.max(0, values.length - MAX_VALUES);
  const first = Math.min(Math.max(0, place - MAX_VALUES / 2), last);
  return values.slice(first, first + MAX_VALUES);
}

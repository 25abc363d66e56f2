import type { JSX } from "preact";
import { TimeChart } from "../../charts/time-chart.tsx";
import type { TimeSeries } from "../../charts/time-series.ts";
import { formatShort } from "../../format/numbers.ts";
import { writeTimeRange } from "../../lists/filter/time-range.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { field } from "../../search/filter-text.ts";
import { type Buckets, valuesOf } from "./buckets.ts";
import { bucketRange, lengthWords } from "./period.ts";
import { tracesOf, type View } from "./view.ts";

/** The mean of one kind of feedback over time, against the time before; the URL says of which. */
export function FeedbackChart({
  view,
  names,
  now,
  before,
  onRange,
}: {
  view: View;
  /** Names of feedback that has means, the most frequent first. */
  names: readonly string[];
  now: Buckets;
  /** The time before, bucket for bucket; empty where there is none. */
  before: Buckets;
  onRange: (range: string) => void;
}): JSX.Element | null {
  const [chosen, setChosen] = useQueryState("score", names[0]);
  const name = names.includes(chosen) ? chosen : names[0];
  if (name === undefined) return null;
  const { period } = view;
  const course = (buckets: Buckets) => valuesOf(buckets, ({ feedback }) => feedback?.[name]?.mean);
  const earlier = course(before).slice(0, now.starts.length);
  const series: readonly TimeSeries[] = [
    { label: name, values: course(now), color: "--curve-0", kind: "line" },
    ...(earlier.every((value) => value === null)
      ? []
      : [
          {
            label: `${lengthWords(period)} before`,
            values: earlier,
            color: "--line-strong",
            kind: "dashes",
          } as const,
        ]),
  ];
  return (
    <div class="panel">
      <label class="feedback-choice">
        Mean over time of{" "}
        <select
          class="input"
          value={name}
          onChange={(event) => setChosen(event.currentTarget.value)}
        >
          {names.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <TimeChart
        data={{
          title: `Mean of ${name}`,
          starts: now.starts,
          bucketMs: period.bucketMs,
          series,
          format: formatShort,
        }}
        hrefOf={(start) =>
          tracesOf(view, {
            range: bucketRange(start, period),
            text: `${field("feedback", name)} IS NOT NULL`,
          })
        }
        onZoom={(from, to) => onRange(writeTimeRange({ from, to }))}
      />
    </div>
  );
}

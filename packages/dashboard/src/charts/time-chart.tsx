import type { FunctionComponent, JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../components/icon.tsx";
import { InView } from "../components/in-view.tsx";
import { lazyComponent } from "../components/lazy-component.tsx";
import { ScrollRegion } from "../components/scroll-region.tsx";
import { formatTime } from "../format/times.ts";
import type { TimePlotProps } from "./time-plot.tsx";
import type { TimeChartData } from "./time-series.ts";

const Plot: FunctionComponent<TimePlotProps> = lazyComponent(
  async () => (await import("./plots.ts")).TimePlot,
  () => <div class="time-plot" />,
);

/** A course over time with its values in words, or as a table. Drawn when it comes into view. */
export function TimeChart({
  data,
  hrefOf,
  onZoom,
}: {
  data: TimeChartData;
  /** Where a bucket leads to. */
  hrefOf: (start: number) => string;
  /** A range of time was dragged over. */
  onZoom: (from: number, to: number) => void;
}): JSX.Element {
  const [isTable, setTable] = useState(false);
  const [hovered, setHovered] = useState<number>();
  const { starts, bucketMs } = data;
  const open = (bucket: number): void => location.assign(hrefOf(starts[bucket] ?? 0));
  const zoom = (first: number, last: number): void =>
    onZoom(starts[first] ?? 0, (starts[last] ?? 0) + bucketMs);
  return (
    <figure class="time-chart">
      <figcaption>
        <Legend data={data} bucket={hovered} />
        <button
          type="button"
          class="icon-button"
          aria-pressed={isTable}
          title="View as table"
          onClick={() => setTable(!isTable)}
        >
          <Icon name={isTable ? "curve" : "table"} />
          <span class="hidden-text">View {data.title} as table</span>
        </button>
      </figcaption>
      {isTable ? (
        <ChartTable data={data} hrefOf={hrefOf} />
      ) : (
        <InView height={190}>
          {() => <Plot data={data} onHover={setHovered} onOpen={open} onZoom={zoom} />}
        </InView>
      )}
    </figure>
  );
}

function Legend({
  data: { series, starts, bucketMs, format },
  bucket,
}: {
  data: TimeChartData;
  bucket: number | undefined;
}): JSX.Element {
  const start = bucket === undefined ? undefined : starts[bucket];
  return (
    <ul class="time-legend">
      {series.map(({ label, color, kind, values }) => {
        const value = bucket === undefined ? undefined : (values[bucket] ?? undefined);
        return (
          <li key={label}>
            <span class={`swatch-${kind}`} style={{ color: `var(${color})` }} />
            {label}
            {value === undefined ? null : <strong class="number">{format(value)}</strong>}
          </li>
        );
      })}
      {start === undefined ? null : <li class="muted">{spanWords(start, bucketMs)}</li>}
    </ul>
  );
}

function spanWords(start: number, bucketMs: number): string {
  return `${formatTime(start)} – ${formatTime(start + bucketMs)}`;
}

function ChartTable({
  data: { title, starts, series, format },
  hrefOf,
}: {
  data: TimeChartData;
  hrefOf: (start: number) => string;
}): JSX.Element {
  return (
    <ScrollRegion label={title} class="time-table">
      <table class="plain-table">
        <thead>
          <tr>
            <th scope="col">From</th>
            {series.map(({ label }) => (
              <th key={label} scope="col" class="number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {starts.map((start, index) => (
            <tr key={start}>
              <th scope="row">
                <a href={hrefOf(start)}>{formatTime(start)}</a>
              </th>
              {series.map(({ label, values }) => {
                const value = values[index] ?? undefined;
                return (
                  <td key={label} class="number">
                    {value === undefined ? "–" : format(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

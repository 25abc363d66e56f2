import type { FunctionComponent, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../components/icon.tsx";
import { lazyComponent } from "../components/lazy-component.tsx";
import { formatMetric, formatShort } from "../format/numbers.ts";
import type { CurvePlotProps } from "./curve-plot.tsx";
import { CurveSwatch } from "./curve-swatch.tsx";
import { CurveTable } from "./curve-table.tsx";
import { type Curve, hasOneValueEach, summarise, type XAxis } from "./curves.ts";
import { ValueBars } from "./value-bars.tsx";

const Plot: FunctionComponent<CurvePlotProps> = lazyComponent(
  async () => (await import("./curve-plot.tsx")).CurvePlot,
);

export interface CurveChartProps {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly axis: XAxis;
  readonly isLog: boolean;
}

/** A metric as curves, with its values in words, and as a table. Drawn when it comes into view. */
export function CurveChart({ title, curves, axis, isLog }: CurveChartProps): JSX.Element {
  const [isTable, setTable] = useState(false);
  const [hovered, setHovered] = useState<readonly (number | null)[]>();
  const isSingle = hasOneValueEach(curves);
  const figure = useRef<HTMLElement>(null);
  const isSeen = useSeen(figure);
  return (
    <figure ref={figure} class="chart">
      <figcaption>
        <h3 title={title}>{title}</h3>
        <button
          type="button"
          class="icon-button"
          aria-pressed={isTable}
          title="View as table"
          onClick={() => setTable(!isTable)}
        >
          <Icon name={isTable ? "curve" : "table"} />
          <span class="hidden-text">View {title} as table</span>
        </button>
      </figcaption>
      {isTable ? (
        <CurveTable title={title} curves={curves} axis={axis} />
      ) : isSingle ? (
        <ValueBars curves={curves} />
      ) : (
        <div class="chart-body">
          {isSeen ? <Plot curves={curves} axis={axis} isLog={isLog} onHover={setHovered} /> : null}
        </div>
      )}
      {isSingle ? null : <Legend curves={curves} hovered={hovered} />}
    </figure>
  );
}

function Legend({
  curves,
  hovered,
}: {
  curves: readonly Curve[];
  hovered: readonly (number | null)[] | undefined;
}): JSX.Element {
  return (
    <ul class="legend">
      {curves.map((curve, index) => {
        const summary = summarise(curve);
        const value = hovered?.[index] ?? undefined;
        return (
          <li key={curve.id}>
            <CurveSwatch color={curve.color} />
            <span class="legend-name">{curve.label}</span>
            {summary === undefined ? null : (
              <span class="number">
                <span class="muted">{value === undefined ? "last" : "at cursor"}</span>{" "}
                <strong>{formatMetric(value ?? summary.last)}</strong>
                <span class="muted">
                  {" "}
                  of {formatShort(summary.min)} to {formatShort(summary.max)}
                </span>
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Whether the element has come into view: charts out of view cost nothing. */
function useSeen(element: { readonly current: HTMLElement | null }): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        setSeen(true);
        observer.disconnect();
      },
      { rootMargin: "200px" },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return isSeen;
}

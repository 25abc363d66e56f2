import type { FunctionComponent, JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "../components/icon.tsx";
import { lazyComponent } from "../components/lazy-component.tsx";
import { formatCount, formatMetric, formatShort } from "../format/numbers.ts";
import { ChartMenu } from "./chart-menu.tsx";
import type { ChartView } from "./chart-view.ts";
import type { CurvePlotProps } from "./curve-plot.tsx";
import { CurveTable } from "./curve-table.tsx";
import { type Curve, hasOneValueEach, summarise } from "./curves.ts";
import { useSeen } from "./use-seen.ts";
import { ValueBars } from "./value-bars.tsx";

const Plot: FunctionComponent<CurvePlotProps> = lazyComponent(
  async () => (await import("./plots.ts")).CurvePlot,
);

const HEIGHT = 220;

export interface CurveChartProps {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly view: ChartView;
  readonly isPinned: boolean;
  readonly onPin: () => void;
  readonly onEnlarge: () => void;
}

/** A metric as curves, and as a table. Drawn when it comes into view. */
export function CurveChart(props: CurveChartProps): JSX.Element {
  const { title, curves, view } = props;
  const [isTable, setTable] = useState(false);
  const figure = useRef<HTMLElement>(null);
  const isSeen = useSeen(figure);
  const isSingle = hasOneValueEach(curves);
  return (
    <figure ref={figure} class="chart">
      <figcaption>
        <h4 title={title}>{title}</h4>
        <div class="chart-actions">
          <ChartButton
            label={`View ${title} as table`}
            icon={isTable ? "curve" : "table"}
            isOn={isTable}
            onClick={() => setTable(!isTable)}
          />
          <ChartButton label={`Enlarge ${title}`} icon="enlarge" onClick={props.onEnlarge} />
          <ChartMenu {...props} />
        </div>
      </figcaption>
      {isTable ? (
        <CurveTable title={title} curves={curves} view={view} />
      ) : isSingle ? (
        <ValueBars curves={curves} />
      ) : (
        <div class="chart-body">
          {isSeen ? <Plot curves={curves} view={view} height={HEIGHT} /> : null}
        </div>
      )}
      {isSingle ? null : <Summary curves={curves} />}
      <Gaps curves={curves} isLog={view.isLog} />
    </figure>
  );
}

function ChartButton({
  label,
  icon,
  isOn,
  onClick,
}: {
  label: string;
  icon: IconName;
  isOn?: boolean;
  onClick: () => void;
}): JSX.Element {
  return (
    <button type="button" class="icon-button" aria-pressed={isOn} title={label} onClick={onClick}>
      <Icon name={icon} />
      <span class="hidden-text">{label}</span>
    </button>
  );
}

/** Says how many values have no place on the axis: marks and gaps of a chart are seen only. */
function Gaps({ curves, isLog }: { curves: readonly Curve[]; isLog: boolean }): JSX.Element | null {
  const values = curves.flatMap(({ y, raw = y }) => raw);
  const told = [
    ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(
      (kind) => [values.filter((one) => Object.is(one, kind)), formatMetric(kind)] as const,
    ),
    [
      values.filter((one) => isLog && one <= 0 && Number.isFinite(one)),
      "not above 0, where a log axis ends",
    ] as const,
  ].flatMap(([those, words]) =>
    those.length === 0 ? [] : [`${formatCount(those.length)} × ${words}`],
  );
  return told.length === 0 ? null : <p class="chart-summary muted">{told.join(", ")}</p>;
}

/** A single curve in words; those of several runs are in the tooltip, and in the enlarged chart. */
function Summary({ curves }: { curves: readonly Curve[] }): JSX.Element | null {
  const [curve] = curves;
  const summary = curve === undefined || curves.length > 1 ? undefined : summarise(curve);
  if (summary === undefined) return null;
  const { last, min, max } = summary;
  return (
    <p class="chart-summary number">
      <span class="muted">last</span> <strong>{formatMetric(last)}</strong>
      {min === undefined || max === undefined || min === max ? null : (
        <span class="muted">
          {" "}
          of {formatShort(min)} to {formatShort(max)}
        </span>
      )}
    </p>
  );
}

import type { Run } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useQuery } from "../../api/use-query.ts";
import { CurveChart } from "../../charts/curve-chart.tsx";
import {
  type Curve,
  type CurveIdentity,
  hasOneValueEach,
  toCurve,
  type XAxis,
} from "../../charts/curves.ts";
import { Answered } from "../../components/answered.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { askMetricSeries } from "../../questions/tracking.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { ChartControls } from "./chart-controls.tsx";

/** Charts drawn at once; the search box finds the rest. */
const MAX_CHARTS = 12;
const AXES: readonly XAxis[] = ["step", "time", "relative"];

/** One chart per metric, each with a curve per run. */
export function MetricCharts({ runs }: { runs: readonly Run[] }): JSX.Element {
  const [text] = useQueryState("metric");
  const [axisText] = useQueryState("x", "step");
  const [smoothing] = useQueryState("smoothing", "0");
  const [scale] = useQueryState("y");
  const axis = AXES.find((candidate) => candidate === axisText) ?? "step";
  const all = useMemo(() => metricKeys(runs), [runs]);
  const found = all.filter((key) => key.toLowerCase().includes(text.toLowerCase()));
  const keys = found.slice(0, MAX_CHARTS);
  const question = askMetricSeries({
    runIds: runs.map((run) => run.id),
    keys,
    smoothing: Math.min(0.99, Math.max(0, Number(smoothing) || 0)),
  });
  const answer = useQuery(keys.length === 0 ? undefined : keepSmoothing(question));
  const identities = useMemo(() => identify(runs), [runs]);
  if (all.length === 0) {
    return (
      <EmptyState title="No metrics yet." code={'run.logMetric("loss", 0.21, { step: epoch });'} />
    );
  }
  return (
    <>
      <ChartControls metricCount={all.length} shownCount={keys.length} />
      {keys.length === 0 ? <EmptyState title="No metric matches." /> : null}
      <Answered answer={answer}>
        {(series) => (
          <Charts
            charts={keys.map((title) => ({
              title,
              curves: series.flatMap((one) => {
                const identity = identities.get(one.runId);
                if (one.key !== title || identity === undefined) return [];
                return [toCurve(one, axis, identity)];
              }),
            }))}
            axis={axis}
            isLog={scale === "log"}
          />
        )}
      </Answered>
    </>
  );
}

/** Curves first; behind them the metrics that have one value only, which take less room. */
function Charts({
  charts,
  axis,
  isLog,
}: {
  charts: readonly { readonly title: string; readonly curves: readonly Curve[] }[];
  axis: XAxis;
  isLog: boolean;
}): JSX.Element {
  const rank = (chart: (typeof charts)[number]): number => (hasOneValueEach(chart.curves) ? 1 : 0);
  return (
    <div class="charts">
      {charts
        .toSorted((a, b) => rank(a) - rank(b))
        .map((chart) => (
          <CurveChart key={chart.title} {...chart} axis={axis} isLog={isLog} />
        ))}
    </div>
  );
}

/** Moving the slider keeps the old curves in view until the new ones are there. */
function keepSmoothing<T extends object>(question: T): T {
  return { ...question, placeholderData: <D,>(before: D): D => before };
}

function metricKeys(runs: readonly Run[]): readonly string[] {
  return [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].sort();
}

function identify(runs: readonly Run[]): ReadonlyMap<string, CurveIdentity> {
  return new Map(
    runs.map((run, color) => [run.id, { label: run.name, color, startTime: run.startTime }]),
  );
}

import type { MetricSeries } from "@rivulet/core";
import { useMemo } from "preact/hooks";
import { type Answer, useQuery } from "../../api/use-query.ts";
import type { Range } from "../../charts/chart-view.ts";
import { type Curve, toCurve, type XAxis } from "../../charts/curves.ts";
import { askMetricSeries } from "../../questions/tracking.ts";
import { useSmoothing } from "./chart-state.ts";
import type { ChartedRun, RunLines } from "./run-lines.ts";
import { stepsToAsk, withFinePart } from "./zoomed-series.ts";

/** Which curves are wanted. */
export interface WantedCurves {
  readonly runs: readonly ChartedRun[];
  readonly keys: readonly string[];
  readonly lines: RunLines;
  readonly axis: XAxis;
  /** The part of the axis that is looked at. */
  readonly zoom: Range | undefined;
  /** Most points per curve; many curves get fewer. */
  readonly maxPoints: number;
}

/** Points in one answer, all curves together, and the fewest of a curve. */
const MAX_POINTS = 40_000;
const MIN_POINTS = 40;

/**
 * Curves by metric, each run in its own colour. The old ones stay in view until those wanted are there. A part that is
 * zoomed into is asked for by itself: it has as many points as the whole.
 */
export function useCurves(wanted: WantedCurves): Answer<ReadonlyMap<string, readonly Curve[]>> {
  const { runs, keys, lines, axis, zoom } = wanted;
  const smoothing = useSmoothing();
  const share = Math.floor(MAX_POINTS / Math.max(1, runs.length * keys.length));
  const query = {
    runIds: runs.map((run) => run.id),
    keys,
    smoothing,
    maxPoints: Math.max(MIN_POINTS, Math.min(wanted.maxPoints, share)),
  };
  const answer = useQuery(keys.length === 0 ? undefined : keepOld(askMetricSeries(query)));
  const range = answer.data && stepsToAsk(answer.data, { runs, axis, zoom });
  const part = useQuery(range && askMetricSeries({ ...query, ...range }));
  const series = useMemo(
    () =>
      answer.data && range && part.data ? withFinePart(answer.data, part.data, range) : answer.data,
    [answer.data, part.data, range?.fromStep, range?.toStep],
  );
  const shown = runs.map(({ id }) => lines.isShown(id));
  const curves = useMemo(
    () => series && byMetric(series, { runs, shown, axis }),
    [series, runs, shown.join(), axis],
  );
  return { ...answer, data: curves };
}

function keepOld<T extends object>(question: T): T {
  return { ...question, placeholderData: <D>(before: D): D => before };
}

function byMetric(
  series: readonly MetricSeries[],
  { runs, shown, axis }: { runs: readonly ChartedRun[]; shown: readonly boolean[]; axis: XAxis },
): ReadonlyMap<string, readonly Curve[]> {
  const places = new Map(runs.map(({ id }, place) => [id, place]));
  const ordered = series.toSorted(
    (a, b) => (places.get(a.runId) ?? 0) - (places.get(b.runId) ?? 0),
  );
  const curves = new Map<string, Curve[]>();
  for (const one of ordered) {
    const color = places.get(one.runId) ?? -1;
    const run = runs[color];
    if (run === undefined || !shown[color]) continue;
    const identity = { label: run.name, color, startTime: run.startTime };
    const curve = toCurve(one, axis, identity);
    curves.set(one.key, [...(curves.get(one.key) ?? []), curve]);
  }
  return curves;
}

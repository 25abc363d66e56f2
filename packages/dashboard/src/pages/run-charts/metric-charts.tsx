import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { EmptyState } from "../../components/notices.tsx";
import { hasWords } from "../../format/has-words.ts";
import { formatCount } from "../../format/numbers.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { ChartControls } from "./chart-controls.tsx";
import { ChartSectionView } from "./chart-section-view.tsx";
import { sectionsOf } from "./chart-sections.ts";
import { useNameSet } from "./chart-state.ts";
import { EnlargedChart } from "./enlarged-chart.tsx";
import { RunLegend } from "./run-legend.tsx";
import { type ChartedRun, useRunLines } from "./run-lines.ts";

/** Runs drawn before somebody asks for more: nobody tells more lines apart. */
const FIRST_RUNS = 50;

/** One chart per metric, each with a line per run. */
export function MetricCharts({
  runs,
  keys,
}: {
  runs: readonly ChartedRun[];
  /** Metrics that any of the runs has. */
  keys: readonly string[];
}): JSX.Element {
  const [text] = useQueryState("metric");
  const [drawnText, setDrawn] = useQueryState("lines", String(FIRST_RUNS));
  const [enlarged, setEnlarged] = useQueryState("chart");
  const pins = useNameSet("pins");
  const lines = useRunLines();
  const count = Math.max(1, Number(drawnText) || FIRST_RUNS);
  const drawn = useMemo(() => runs.slice(0, count), [runs, count]);
  const found = keys.filter((key) => hasWords(key, text));
  const sections = sectionsOf(found, pins.names);
  if (keys.length === 0) {
    return (
      <EmptyState title="No metrics yet." code={'run.logMetric("loss", 0.21, { step: epoch });'} />
    );
  }
  return (
    <div class="metric-charts">
      <ChartControls metricCount={keys.length} foundCount={found.length} />
      {drawn.length > 1 ? <RunLegend runs={drawn} lines={lines} /> : null}
      {drawn.length < runs.length ? (
        <p class="muted">
          Lines of the first {drawn.length} of {formatCount(runs.length)} runs.{" "}
          <button
            type="button"
            class="link-button"
            onClick={() => setDrawn(String(Math.min(runs.length, count * 4)))}
          >
            Draw {Math.min(runs.length, count * 4)}
          </button>
        </p>
      ) : null}
      {found.length === 0 ? <EmptyState title="No metric matches." /> : null}
      {sections.map((section) => (
        <ChartSectionView
          key={section.name}
          section={section}
          isOnly={sections.length === 1}
          runs={drawn}
          lines={lines}
          pins={pins}
          onEnlarge={setEnlarged}
        />
      ))}
      {keys.includes(enlarged) ? (
        <EnlargedChart
          title={enlarged}
          runs={drawn}
          lines={lines}
          onClose={() => setEnlarged("")}
        />
      ) : null}
    </div>
  );
}

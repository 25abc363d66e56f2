import type { FunctionComponent, JSX } from "preact";
import type { CurvePlotProps } from "../../charts/curve-plot.tsx";
import { CurveSwatch } from "../../charts/curve-swatch.tsx";
import { type Curve, hasOneValueEach, summarise } from "../../charts/curves.ts";
import { ValueBars } from "../../charts/value-bars.tsx";
import { Answered } from "../../components/answered.tsx";
import { lazyComponent } from "../../components/lazy-component.tsx";
import { Modal } from "../../components/modal.tsx";
import { ScrollRegion } from "../../components/scroll-region.tsx";
import { formatMetric } from "../../format/numbers.ts";
import { useChartView } from "./chart-state.ts";
import type { ChartedRun, RunLines } from "./run-lines.ts";
import { useCurves } from "./use-curves.ts";

const Plot: FunctionComponent<CurvePlotProps> = lazyComponent(
  async () => (await import("../../charts/plots.ts")).CurvePlot,
);

const HEIGHT = 460;
const MAX_POINTS = 2_000;

/** One chart as large as the window allows, with the values of its lines beside it. */
export function EnlargedChart({
  title,
  runs,
  lines,
  onClose,
}: {
  title: string;
  runs: readonly ChartedRun[];
  lines: RunLines;
  onClose: () => void;
}): JSX.Element {
  const view = useChartView();
  const keys = [title];
  const answer = useCurves({
    runs,
    keys,
    lines,
    axis: view.axis,
    zoom: view.zoom,
    maxPoints: MAX_POINTS,
  });
  return (
    <Modal title={title} onClose={onClose}>
      <Answered answer={answer}>
        {(all) => {
          const curves = all.get(title) ?? [];
          return (
            <div class="large-chart">
              {hasOneValueEach(curves) ? (
                <ValueBars curves={curves} />
              ) : (
                <Plot curves={curves} view={view} height={HEIGHT} hasNames />
              )}
              <LineTable title={title} curves={curves} />
            </div>
          );
        }}
      </Answered>
      {view.zoom === undefined ? null : (
        <div class="modal-actions">
          <button type="button" class="button" onClick={() => view.onZoom(undefined)}>
            Reset zoom
          </button>
        </div>
      )}
    </Modal>
  );
}

function LineTable({ title, curves }: { title: string; curves: readonly Curve[] }): JSX.Element {
  return (
    <ScrollRegion label={`Values of ${title}`} class="wide-table">
      <table class="plain-table">
        <thead>
          <tr>
            <th scope="col">Run</th>
            {["Last", "Min", "Max"].map((word) => (
              <th key={word} scope="col" class="number">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {curves.map((curve) => {
            const summary = summarise(curve);
            return (
              <tr key={curve.id}>
                <th scope="row">
                  <CurveSwatch color={curve.color} /> {curve.label}
                </th>
                {[summary?.last, summary?.min, summary?.max].map((value, index) => (
                  <td key={index} class="number">
                    {value === undefined ? "–" : formatMetric(value)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

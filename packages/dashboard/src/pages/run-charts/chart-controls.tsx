import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { Segmented } from "../../components/segmented.tsx";
import { formatCount } from "../../format/numbers.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { setAxis, useChartView } from "./chart-state.ts";

const AXES = [
  { value: "step", label: "Step" },
  { value: "time", label: "Wall time" },
  { value: "relative", label: "Relative" },
] as const;
const SCALES = [
  { value: "", label: "Linear" },
  { value: "log", label: "Log" },
] as const;

/** How all charts of a page are drawn; kept in the URL. */
export function ChartControls({
  metricCount,
  foundCount,
}: {
  metricCount: number;
  foundCount: number;
}): JSX.Element {
  const [text, setText] = useQueryState("metric");
  const [, setScale] = useQueryState("y");
  const [, setOutliers] = useQueryState("outliers");
  const { axis, isLog, isClipped, zoom, onZoom } = useChartView();
  return (
    <div class="toolbar chart-controls">
      <input
        class="input"
        type="search"
        aria-label="Find a metric"
        placeholder="Find a metric"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <Segmented label="X axis" choices={AXES} value={axis} onChange={setAxis} />
      <Segmented label="Y scale" choices={SCALES} value={isLog ? "log" : ""} onChange={setScale} />
      <SmoothingSlider />
      <label class="tick">
        <input
          type="checkbox"
          checked={isClipped}
          onChange={() => setOutliers(isClipped ? "" : "cut")}
        />
        Cut outliers
      </label>
      {zoom === undefined ? null : (
        <button type="button" class="button" onClick={() => onZoom(undefined)}>
          Reset zoom
        </button>
      )}
      <span class="muted">
        {foundCount === metricCount ? "" : `${foundCount} of `}
        {formatCount(metricCount)} {metricCount === 1 ? "metric" : "metrics"}
      </span>
    </div>
  );
}

function SmoothingSlider(): JSX.Element {
  const [smoothing, setSmoothing] = useQueryState("smoothing", "0");
  const id = useId();
  return (
    <span class="slider">
      <label for={id}>Smoothing</label>
      <input
        id={id}
        type="range"
        min="0"
        max="0.99"
        step="0.01"
        value={smoothing}
        onInput={(event) => setSmoothing(event.currentTarget.value)}
      />
      <output for={id} class="number">
        {Number(smoothing).toFixed(2)}
      </output>
    </span>
  );
}

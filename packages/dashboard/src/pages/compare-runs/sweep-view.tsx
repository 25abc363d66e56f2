import type { RunComparison } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Menu } from "../../components/menu.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { useQueryState } from "../../routing/query-state.ts";
import { useNameSet } from "../run-charts/chart-state.ts";
import { AxisRanges } from "./axis-ranges.tsx";
import { brushed, useBrushes } from "./brushes.ts";
import { CompareLink } from "./compare-link.tsx";
import { type ComparedField, fieldsOf, mainMetric } from "./compared-fields.ts";
import { FieldSelect } from "./field-select.tsx";
import { ParallelCoordinates } from "./parallel-coordinates.tsx";
import { RankingTable } from "./ranking-table.tsx";

/** Axes before somebody chooses. */
const FIRST_AXES = 6;

/** Which params lead to which metric: runs as lines over axes, and ranked by the metric. */
export function SweepView({ comparison }: { comparison: RunComparison }): JSX.Element {
  const { runs } = comparison;
  const fields = useMemo(() => fieldsOf(comparison), [comparison]);
  const [metricId, setMetric] = useQueryState("by");
  const chosen = useNameSet("axes");
  const [brushes, setBrush] = useBrushes();
  const metric = fields.find(({ id }) => id === metricId) ?? mainMetric(fields);
  const axes = useMemo(
    () => axesOf(fields, { chosen: chosen.names, metric }),
    [fields, chosen.names.join(), metric],
  );
  const kept = useMemo(() => brushed(axes, brushes, runs.length), [axes, brushes, runs.length]);
  if (metric === undefined) return <EmptyState title="These runs have no metrics to rank by." />;
  const some = runs.filter((_, index) => kept.has(index));
  return (
    <div class="sweep">
      <div class="toolbar">
        <FieldSelect
          label="By"
          fields={fields.filter(({ isMetric }) => isMetric)}
          value={metric.id}
          onChange={setMetric}
        />
        <AxisMenu fields={fields} axes={axes} onToggle={(id) => toggleAxis(chosen, axes, id)} />
        <span class="muted">
          {kept.size} of {runs.length} runs
        </span>
        {kept.size < runs.length && kept.size > 1 ? (
          <CompareLink ids={some.map(({ id }) => id)}>Compare {kept.size} runs</CompareLink>
        ) : null}
      </div>
      <ParallelCoordinates
        runs={runs}
        axes={axes}
        color={metric}
        brushes={brushes}
        onBrush={setBrush}
        kept={kept}
      />
      <AxisRanges axes={axes} brushes={brushes} onBrush={setBrush} />
      <RankingTable
        runs={runs}
        kept={kept}
        metric={metric}
        params={axes.filter(({ isMetric }) => !isMetric)}
      />
    </div>
  );
}

/** The params that differ, then the metric: the question reads from left to right. */
function axesOf(
  fields: readonly ComparedField[],
  { chosen, metric }: { chosen: readonly string[]; metric: ComparedField | undefined },
): readonly ComparedField[] {
  const wanted = fields.filter(({ id }) => chosen.includes(id));
  const params = fields.filter(({ isMetric, differs }) => !isMetric && differs);
  const others = (chosen.length > 0 ? wanted : params.slice(0, FIRST_AXES)).filter(
    (field) => field !== metric,
  );
  return metric === undefined ? others : [...others, metric];
}

function toggleAxis(
  chosen: ReturnType<typeof useNameSet>,
  axes: readonly ComparedField[],
  id: string,
): void {
  const now = chosen.names.length > 0 ? chosen.names : axes.map((axis) => axis.id);
  chosen.set(now.includes(id) ? now.filter((one) => one !== id) : [...now, id]);
}

function AxisMenu({
  fields,
  axes,
  onToggle,
}: {
  fields: readonly ComparedField[];
  axes: readonly ComparedField[];
  onToggle: (id: string) => void;
}): JSX.Element {
  return (
    <Menu label="Axes" icon="columns">
      <fieldset class="tick-list">
        <legend>Axes</legend>
        {fields.map((field) => (
          <label key={field.id} class="tick">
            <input
              type="checkbox"
              checked={axes.includes(field)}
              onChange={() => onToggle(field.id)}
            />
            {field.label}
          </label>
        ))}
      </fieldset>
    </Menu>
  );
}

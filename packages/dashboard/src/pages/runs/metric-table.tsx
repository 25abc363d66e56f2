import type { Run } from "@rivulet/core";
import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { FirstOfMany } from "../../components/first-of-many.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { ScrollRegion } from "../../components/scroll-region.tsx";
import { byName } from "../../format/by-name.ts";
import { formatMetric } from "../../format/numbers.ts";
import { askMetricSeries } from "../../questions/tracking.ts";

/** Every metric of a run: its first and last value, its extremes, and how far it has come. */
export function MetricTable({ run }: { run: Run }): JSX.Element {
  const keys = Object.keys(run.metrics).sort(byName);
  if (keys.length === 0) return <EmptyState title="No metrics yet." />;
  return (
    <FirstOfMany label="Find among the metrics" items={keys} textOf={(key) => key}>
      {(drawn) => <DrawnMetrics run={run} keys={drawn} />}
    </FirstOfMany>
  );
}

function DrawnMetrics({ run, keys }: { run: Run; keys: readonly string[] }): JSX.Element | null {
  // Four points keep the first, the last and both extremes.
  const question = askMetricSeries({ runIds: [run.id], keys, smoothing: 0, maxPoints: 4 });
  const answer = useQuery(keys.length === 0 ? undefined : question);
  if (keys.length === 0) return null;
  return (
    <Answered answer={answer}>
      {(series) => {
        const byKey = new Map(series.map((one) => [one.key, one]));
        return (
          <ScrollRegion label="Metrics of the run" class="wide-table">
            <table class="plain-table">
              <thead>
                <tr>
                  <th scope="col">Metric</th>
                  {["First", "Last", "Min", "Max", "Step", "Points"].map((word) => (
                    <th key={word} scope="col" class="number">
                      {word}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {keys.map((key) => {
                  const { values = [], steps = [], total } = byKey.get(key) ?? {};
                  const last = run.metrics[key];
                  const { min, max } = extremesOf(values);
                  const told = [values[0], last, min, max, steps.at(-1), total];
                  return (
                    <tr key={key}>
                      <th scope="row">{key}</th>
                      {told.map((value, index) => (
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
      }}
    </Answered>
  );
}

function extremesOf(values: readonly number[]): { min?: number; max?: number } {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return numbers.length === 0 ? {} : { min: Math.min(...numbers), max: Math.max(...numbers) };
}

import type { MetricSummary, Run } from "@rivulet/core";
import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { FirstOfMany } from "../../components/first-of-many.tsx";
import { Key } from "../../components/key-value-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { ScrollRegion } from "../../components/scroll-region.tsx";
import { byName } from "../../format/by-name.ts";
import { formatCount, formatMetric } from "../../format/numbers.ts";
import { askMetricSummaries } from "../../questions/tracking.ts";
import { SYSTEM } from "../run-charts/chart-sections.ts";

/** Every metric of a run: its first, last, least, greatest and best value, and how far it has come. */
export function MetricTable({ run }: { run: Run }): JSX.Element {
  const keys = Object.keys(run.metrics).sort((a, b) => rank(a) - rank(b) || byName(a, b));
  if (keys.length === 0) return <EmptyState title="No metrics yet." />;
  return (
    <FirstOfMany label="Find among the metrics" items={keys} textOf={(key) => key}>
      {(drawn) => <DrawnMetrics run={run} keys={drawn} />}
    </FirstOfMany>
  );
}

const VALUES = [
  ["First", ({ first }) => first],
  ["Last", ({ last }) => last],
  ["Min", ({ min }) => min],
  ["Max", ({ max }) => max],
  ["Best", ({ best }) => best],
] as const satisfies readonly (readonly [
  word: string,
  of: (summary: MetricSummary) => number | undefined,
])[];

/** How busy the machine was comes after the results. */
function rank(key: string): number {
  return key.startsWith(`${SYSTEM}/`) ? 1 : 0;
}

function DrawnMetrics({ run, keys }: { run: Run; keys: readonly string[] }): JSX.Element | null {
  const answer = useQuery(keys.length === 0 ? undefined : askMetricSummaries(run.id, keys));
  if (keys.length === 0) return null;
  return (
    <Answered answer={answer}>
      {(summaries) => (
        <ScrollRegion label="Metrics of the run" class="wide-table">
          <table class="plain-table">
            <thead>
              <tr>
                <th scope="col">Metric</th>
                {[...VALUES.map(([word]) => word), "Step", "Points"].map((word) => (
                  <th key={word} scope="col" class="number">
                    {word}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {keys.flatMap((key) => {
                const summary = summaries.find((one) => one.key === key);
                return summary === undefined ? [] : [<MetricRow key={key} summary={summary} />];
              })}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Answered>
  );
}

function MetricRow({ summary }: { summary: MetricSummary }): JSX.Element {
  const { key, best, lastStep, count } = summary;
  return (
    <tr>
      <th scope="row">
        <Key text={key} />
      </th>
      {VALUES.map(([word, of]) => {
        const value = of(summary);
        return (
          <td key={word} class="number">
            {value === undefined ? "–" : <Value value={value} isBest={value === best} />}
          </td>
        );
      })}
      <td class="number">{formatMetric(lastStep)}</td>
      <td class="number">{formatCount(count)}</td>
    </tr>
  );
}

function Value({ value, isBest }: { value: number; isBest: boolean }): JSX.Element {
  if (!isBest) return <>{formatMetric(value)}</>;
  return (
    <strong class="best" title="The best value, as the experiment declares the metric">
      {formatMetric(value)}
    </strong>
  );
}

import type { ComparedRun } from "@rivulet/core";
import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { Icon } from "../../components/icon.tsx";
import { Section } from "../../components/page.tsx";
import { ScrollRegion } from "../../components/scroll-region.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { formatMetric } from "../../format/numbers.ts";
import { askMetricSeries } from "../../questions/tracking.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import type { ComparedField } from "./compared-fields.ts";
import { type Ranked, rankRuns, type Statistic, statisticsOf } from "./ranking.ts";

const STATISTICS = [
  { value: "last", label: "Last" },
  { value: "min", label: "Min" },
  { value: "max", label: "Max" },
] as const;
const ORDERS = [
  { value: "highest", label: "Highest first" },
  { value: "lowest", label: "Lowest first" },
] as const;
/** Runs listed before "more" is asked for. */
const FIRST_RUNS = 100;

/** Runs by a metric, the best first, with the params that differ. */
export function RankingTable({
  runs,
  kept,
  metric,
  params,
}: {
  runs: readonly ComparedRun[];
  /** Places of the runs to list. */
  kept: ReadonlySet<number>;
  metric: ComparedField;
  params: readonly ComparedField[];
}): JSX.Element {
  const [statistic, setStatistic] = useQueryState("of", "last");
  const natural = metric.better === "lower" ? "lowest" : "highest";
  const [order, setOrder] = useQueryState("order", natural);
  const [isAll, setAll] = useQueryState("ranked");
  const values = useStatistic({ runs, metric, statistic: statistic as Statistic });
  const ranked = rankRuns({ runs, values, kept, isLowestFirst: order === "lowest" });
  const shown = isAll === "" ? ranked.slice(0, FIRST_RUNS) : ranked;
  const isBestFirst = metric.better !== undefined && order === natural && metric.differs;
  return (
    <Section
      title={`Ranked by ${metric.label}`}
      actions={
        <>
          <Segmented
            label="Value"
            choices={STATISTICS}
            value={statistic as "last"}
            onChange={setStatistic}
          />
          <Segmented
            label="Order"
            choices={ORDERS}
            value={order as "highest"}
            onChange={setOrder}
          />
        </>
      }
    >
      <ScrollRegion label={`Runs by ${metric.label}`} class="wide-table">
        <table class="plain-table ranking">
          <thead>
            <tr>
              <th scope="col" class="number">
                #
              </th>
              <th scope="col">Run</th>
              <th scope="col">{metric.label}</th>
              {params.map(({ id, label }) => (
                <th key={id} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((one, index) => (
              <RankedRow
                key={one.run.id}
                ranked={one}
                rank={index + 1}
                isBest={isBestFirst && one.value === ranked[0]?.value}
                params={params}
              />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {shown.length < ranked.length ? (
        <button type="button" class="button" onClick={() => setAll("all")}>
          {ranked.length - shown.length} more
        </button>
      ) : null}
    </Section>
  );
}

function RankedRow({
  ranked: { run, place, value, share },
  rank,
  isBest,
  params,
}: {
  ranked: Ranked;
  rank: number;
  isBest: boolean;
  params: readonly ComparedField[];
}): JSX.Element {
  return (
    <tr class={isBest ? "is-best" : ""}>
      <td class="number muted">{rank}</td>
      <th scope="row">
        <a href={paths.run(run)}>{run.name}</a>
      </th>
      <td>
        <span class="ranked-value">
          <span class="number">{value === null ? "–" : formatMetric(value)}</span>
          {isBest ? <BestMark /> : null}
          <span class="ranked-bar" style={{ "--share": share }} />
        </span>
      </td>
      {params.map(({ id, values }) => (
        <td key={id}>{words(values[place])}</td>
      ))}
    </tr>
  );
}

function words(value: string | number | null | undefined): string {
  return typeof value === "number" ? formatMetric(value) : (value ?? "–");
}

/** Says that a value is the best of all. */
export function BestMark(): JSX.Element {
  return (
    <span class="best-mark" title="Best">
      <Icon name="star" />
      <span class="hidden-text">best</span>
    </span>
  );
}

/** The extremes are asked for when somebody wants them; the last values are known. */
function useStatistic({
  runs,
  metric,
  statistic,
}: {
  runs: readonly ComparedRun[];
  metric: ComparedField;
  statistic: Statistic;
}): readonly (number | null)[] {
  const runIds = runs.map(({ id }) => id);
  const wanted = { runIds, keys: [metric.label], smoothing: 0, maxPoints: 4 };
  const series = useQuery(statistic === "last" ? undefined : askMetricSeries(wanted)).data;
  if (statistic === "last") return metric.values.map((value) => value as number | null);
  const byRun = statisticsOf(series ?? [], statistic);
  return runs.map(({ id }) => byRun.get(id) ?? null);
}

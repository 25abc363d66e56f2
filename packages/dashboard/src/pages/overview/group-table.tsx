import type { TraceAggregate } from "@rivulet/core";
import type { JSX } from "preact";
import { Sparkline } from "../../charts/sparkline.tsx";
import { Icon } from "../../components/icon.tsx";
import { ScrollRegion } from "../../components/scroll-region.tsx";
import { formatCost, formatCount, formatShare } from "../../format/numbers.ts";
import { formatDuration } from "../../format/times.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { totalTokens } from "../traces/token-usage.ts";
import type { Grouping } from "./groupings.ts";
import { is, tracesOf, type View } from "./view.ts";

interface Measure {
  readonly key: string;
  readonly label: string;
  readonly of: (sum: TraceAggregate) => number | undefined;
  readonly words: (value: number) => string;
}

const MEASURES: readonly Measure[] = [
  { key: "errors", label: "Error rate", of: ({ errorRate }) => errorRate, words: formatShare },
  { key: "p50", label: "p50", of: ({ durationMs }) => durationMs?.p50, words: formatDuration },
  { key: "p95", label: "p95", of: ({ durationMs }) => durationMs?.p95, words: formatDuration },
  { key: "tokens", label: "Tokens", of: ({ usage }) => totalTokens(usage), words: formatCount },
  { key: "cost", label: "Cost", of: ({ cost }) => cost, words: formatCost },
];

/** Groups of traces with their sums, the largest first; what it is sorted by has bars. */
export function GroupTable({
  view,
  grouping,
  sums,
  most,
  courseOf,
}: {
  view: View;
  grouping: Grouping;
  sums: readonly TraceAggregate[];
  most: number;
  /** Counts over time, for a small chart in each row. */
  courseOf?: (value: string) => readonly (number | null)[];
}): JSX.Element {
  const count = { key: "count", label: grouping.counted, of: countOf, words: formatCount };
  const measures = [count, ...MEASURES].filter(({ of }) =>
    sums.some((sum) => of(sum) !== undefined),
  );
  const [name, setName] = useQueryState("sort", "count");
  const sorted = measures.find(({ key }) => key === name) ?? count;
  const size = (sum: TraceAggregate): number => sorted.of(sum) ?? -1;
  const rows = [...sums].sort((a, b) => size(b) - size(a)).slice(0, most);
  const top = Math.max(...rows.map(size), Number.MIN_VALUE);
  return (
    <ScrollRegion label={`By ${grouping.label.toLowerCase()}`} class="group-scroll">
      <table class="plain-table group-table">
        <thead>
          <tr>
            <th scope="col">{grouping.label}</th>
            {measures.map((measure) => (
              <Head key={measure.key} measure={measure} sorted={sorted} onSort={setName} />
            ))}
            {courseOf === undefined ? null : (
              <th scope="col" class="course">
                Over time
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((sum) => {
            const value = sum.group[grouping.by] ?? "";
            return (
              <tr key={value}>
                <th scope="row">
                  <a href={tracesOf(view, { clauses: is(grouping.field, value) })}>{value}</a>
                </th>
                {measures.map((measure) => (
                  <Cell
                    key={measure.key}
                    measure={measure}
                    sum={sum}
                    share={measure === sorted ? Math.max(0, size(sum)) / top : undefined}
                    href={tracesOf(view, { clauses: clausesFor(measure, grouping, value) })}
                  />
                ))}
                {courseOf === undefined ? null : (
                  <td class="course">
                    <Sparkline values={courseOf(value)} />
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function countOf({ count }: TraceAggregate): number {
  return count;
}

/** The traces that a number is of: of a rate of errors those in which such a call failed, whatever else did. */
function clausesFor({ key }: Measure, { field, failedField }: Grouping, value: string) {
  if (key !== "errors") return is(field, value);
  return failedField === undefined
    ? [...is(field, value), ...is("status", "error")]
    : is(failedField, value);
}

function Head({
  measure: { key, label },
  sorted,
  onSort,
}: {
  measure: Measure;
  sorted: Measure;
  onSort: (key: string) => void;
}): JSX.Element {
  const isSorted = key === sorted.key;
  return (
    <th scope="col" class="number" aria-sort={isSorted ? "descending" : "none"}>
      <button
        type="button"
        class={`sort sort-${isSorted ? "descending" : "none"}`}
        title={`Sort by ${label}`}
        onClick={() => onSort(key)}
      >
        <span>{label}</span>
        <Icon name="sort" />
      </button>
    </th>
  );
}

function Cell({
  measure,
  sum,
  share,
  href,
}: {
  measure: Measure;
  sum: TraceAggregate;
  share: number | undefined;
  href: string;
}): JSX.Element {
  const value = measure.of(sum);
  return (
    <td class="number">
      {value === undefined ? "–" : <a href={href}>{measure.words(value)}</a>}
      {share === undefined ? null : (
        <span class="group-bar" style={{ width: `${100 * share}%` }} aria-hidden="true" />
      )}
    </td>
  );
}

import type { Better, ComparedRun, RunComparison } from "@rivulet/core";
import { byName } from "../../format/by-name.ts";

/** One value of all runs. */
export interface ComparedRow {
  /** Unique, such as `metrics.loss`. */
  readonly id: string;
  readonly key: string;
  readonly values: readonly (string | number | null)[];
  readonly differs: boolean;
  readonly better?: Better;
  /** Places of the runs with the best value. */
  readonly best: ReadonlySet<number>;
}

/** Rows under one heading. */
export interface RowGroup {
  readonly title: string;
  readonly rows: readonly ComparedRow[];
}

const NONE: ReadonlySet<number> = new Set();

/** The rows of the table: metrics first. */
export function groupsOf({ runs, metrics, params, tags }: RunComparison): readonly RowGroup[] {
  const places = new Map(runs.map(({ id }, place) => [id, place]));
  const groups = [
    {
      title: "Metrics",
      rows: metrics.map(({ best, ...row }) => ({
        ...row,
        id: `metrics.${row.key}`,
        best: new Set(best.map((id) => places.get(id) ?? -1)),
      })),
    },
    {
      title: "Parameters",
      rows: params.map((row) => ({ ...row, id: `params.${row.key}`, best: NONE })),
    },
    { title: "Tags", rows: tags.map((row) => ({ ...row, id: `tags.${row.key}`, best: NONE })) },
  ];
  return groups
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, rows }) => ({
      title,
      rows: rows.toSorted((a, b) => byName(a.key, b.key)),
    }));
}

/** Places of the runs as columns: the baseline first, the others as they were chosen or by the values of a row. */
export function orderRuns(
  groups: readonly RowGroup[],
  {
    sort,
    baseline,
    runs,
  }: { readonly sort: string; readonly baseline: number; readonly runs: readonly ComparedRun[] },
): readonly number[] {
  const others = [...runs.keys()].filter((place) => place !== baseline);
  const row = groups
    .flatMap(({ rows }) => rows)
    .find(({ id }) => sort === `${id} ASC` || sort === `${id} DESC`);
  if (row === undefined) return [baseline, ...others];
  const sign = sort.endsWith(" DESC") ? -1 : 1;
  const sorted = others.toSorted((a, b) => compare(row.values[a], row.values[b], sign));
  return [baseline, ...sorted];
}

type Value = string | number | null | undefined;

/** What is missing comes last, either way. */
function compare(a: Value, b: Value, sign: number): number {
  if (a === b) return 0;
  if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * byName(String(a), String(b));
}

function isMissing(value: Value): boolean {
  return value === null || value === undefined || Number.isNaN(value);
}

import type { MetricDeclarations, Run, RunKeys } from "@rivulet/core";
import type { JSX } from "preact";
import type { Column } from "../../components/column.ts";
import { StatusBadge } from "../../components/status.tsx";
import { Age, Duration } from "../../components/time.tsx";
import { formatMetric } from "../../format/numbers.ts";
import { paths } from "../../routing/paths.ts";
import { field } from "../../search/filter-text.ts";
import { bestOf } from "./best-of.ts";
import { MetricSum } from "./metric-sum.tsx";
import { NestedCount } from "./nested-count.tsx";
import { Sparkline } from "./sparkline.tsx";

/** Kinds of keys a run has, as they stand in a filter. */
export type KeyKind = "metrics" | "params" | "tags";

/** A metric, param or tag that is shown as a column. */
export interface KeyColumn {
  readonly kind: KeyKind;
  readonly key: string;
}

/** What all points of a metric come to, beside the latest. */
const SUMS: Readonly<Record<"min" | "max" | "first" | "best", string>> = {
  min: "least",
  max: "greatest",
  first: "first",
  best: "best",
};

type Sum = keyof typeof SUMS;

const GROUPS: Readonly<Record<KeyKind, string>> = {
  metrics: "Metrics",
  params: "Parameters",
  tags: "Tags",
};

/** How many columns of a kind are shown before the user chooses. */
const DEFAULT_COUNTS: Readonly<Record<KeyKind, number>> = { metrics: 4, params: 3, tags: 0 };

/** What evaluations log beside the mean of a score. */
const DETAILS_OF_SCORES = /\/(?:low|high|coverage|scored|skipped|errors)$/;
const MEAN_OF_SCORE = /\/mean$/;

/** Every column of a list of runs: what all have, then the keys in use, the likeliest few of them shown, then curves. */
export function allRunColumns(
  keys: RunKeys | undefined,
  declared: MetricDeclarations,
): readonly Column<Run>[] {
  const kinds = ["metrics", "params", "tags"] as const;
  const columns = kinds.flatMap((kind) => {
    const used = keys?.[kind] ?? [];
    const shown = likeliest(used, kind === "metrics" ? declared : {}).slice(
      0,
      DEFAULT_COUNTS[kind],
    );
    return [...shown, ...used.filter((key) => !shown.includes(key))].map((key, place) => ({
      ...keyColumn({ kind, key }, declared),
      isHidden: place >= shown.length,
    }));
  });
  const metrics = keys?.metrics ?? [];
  const sums = metrics.flatMap((key) => sumsOf(key, declared).map((sum) => sumColumn(sum, key)));
  return [...BASE, ...columns, ...sums, ...metrics.map(curveColumn)];
}

/** Only of a metric that is declared it is known which value is best. */
function sumsOf(key: string, declared: MetricDeclarations): readonly Sum[] {
  return Object.hasOwn(declared, key) ? ["best", "min", "max", "first"] : ["min", "max", "first"];
}

/** What people look at first: metrics that are said to be better one way, then others, then what evaluations log. */
function likeliest(keys: readonly string[], declared: MetricDeclarations): readonly string[] {
  const rank = (key: string): number =>
    Object.hasOwn(declared, key) ? 0 : MEAN_OF_SCORE.test(key) ? 2 : 1;
  return keys
    .filter((key) => !DETAILS_OF_SCORES.test(key))
    .sort((one, other) => rank(one) - rank(other));
}

/** The column of a metric, param, tag or curve by its key, such as `metrics.loss`. */
export function runColumnOf(key: string, declared: MetricDeclarations): Column<Run> | undefined {
  const [kind, name] = readKey(key);
  if (kind === "curves") return curveColumn(name);
  if (isSum(kind)) return name === "" ? undefined : sumColumn(kind, name);
  return isKind(kind) && name !== "" ? keyColumn({ kind, key: name }, declared) : undefined;
}

/** Kind and key of a column: `metrics` and `val loss` for ``metrics.`val loss` ``. */
export function readKey(column: string): readonly [kind: string, key: string] {
  const [, kind = "", quoted, plain] = /^(\w+)\.(?:`(.+)`|(.+))$/s.exec(column) ?? [];
  return [kind, quoted?.replaceAll("``", "`") ?? plain ?? ""];
}

function isKind(kind: string): kind is KeyKind {
  return Object.hasOwn(GROUPS, kind);
}

function isSum(kind: string): kind is Sum {
  return Object.hasOwn(SUMS, kind);
}

/** The columns of a table of runs: what every run has, then the chosen keys. */
export function runColumns(chosen: readonly KeyColumn[]): readonly Column<Run>[] {
  return [
    ...BASE.filter(({ isHidden }) => isHidden !== true),
    ...chosen.map((one) => keyColumn(one, {})),
  ];
}

const BASE: readonly Column<Run>[] = [
  {
    key: "name",
    label: "Run",
    width: 190,
    grow: true,
    canSort: true,
    cell: (run) => <RunLink run={run} />,
  },
  {
    key: "status",
    label: "Status",
    width: 104,
    canSort: true,
    cell: ({ status }) => <StatusBadge status={status} />,
  },
  {
    key: "startTime",
    label: "Started",
    width: 104,
    canSort: true,
    cell: ({ startTime }) => <Age time={startTime} />,
  },
  {
    key: "duration",
    label: "Duration",
    width: 100,
    isNumber: true,
    cell: (run) => <Duration start={run.startTime} end={run.endTime} />,
    value: ({ startTime, endTime }) => (endTime === undefined ? undefined : endTime - startTime),
  },
  {
    key: "userId",
    label: "User",
    width: 110,
    canSort: true,
    isHidden: true,
    cell: ({ userId }) => userId,
  },
  {
    key: "endTime",
    label: "Ended",
    width: 104,
    canSort: true,
    isHidden: true,
    cell: ({ endTime }) => (endTime === undefined ? null : <Age time={endTime} />),
  },
  {
    key: "nested",
    label: "Nested runs",
    width: 100,
    isNumber: true,
    isHidden: true,
    cell: ({ id }) => <NestedCount runId={id} />,
    value: () => undefined,
  },
  { key: "id", label: "Id", width: 150, isHidden: true, cell: ({ id }) => <code>{id}</code> },
];

function RunLink({ run }: { run: Run }): JSX.Element {
  return (
    <>
      {run.parentRunId === undefined ? null : (
        <span class="muted" title="Nested in another run">
          ↳{" "}
        </span>
      )}
      <a class="row-link" href={paths.run(run)}>
        {run.name}
      </a>
    </>
  );
}

function keyColumn({ kind, key }: KeyColumn, declared: MetricDeclarations): Column<Run> {
  const better =
    kind === "metrics" && Object.hasOwn(declared, key) ? declared[key]?.better : undefined;
  return {
    key: field(kind, key),
    label: key,
    group: GROUPS[kind],
    width: Math.min(200, Math.max(kind === "metrics" ? 112 : 120, key.length * 7 + 28)),
    canSort: true,
    isNumber: kind === "metrics",
    cell: (run, runs) => {
      const value = loggedValue(run, { kind, key });
      if (typeof value !== "number") return value;
      const isBest = better !== undefined && runs.length > 1 && value === bestOf(runs, key, better);
      return isBest ? <Best value={value} /> : formatMetric(value);
    },
    value: (run) => loggedValue(run, { kind, key }),
  };
}

function Best({ value }: { value: number }): JSX.Element {
  return (
    <strong class="best" title="The best of the runs listed">
      <span aria-hidden="true">★ </span>
      {formatMetric(value)}
      <span class="hidden-text"> (best)</span>
    </strong>
  );
}

function sumColumn(sum: Sum, key: string): Column<Run> {
  const label = `${key}, ${SUMS[sum]}`;
  return {
    key: field(sum, key),
    label,
    group: "Extremes",
    width: Math.min(200, Math.max(96, label.length * 7 + 28)),
    canSort: true,
    isNumber: true,
    isHidden: true,
    cell: ({ id }) => <MetricSum runId={id} metric={key} sum={sum} />,
    value: () => undefined,
  };
}

function curveColumn(key: string): Column<Run> {
  return {
    key: field("curves", key),
    label: `${key} curve`,
    group: "Curves",
    width: 116,
    isHidden: true,
    cell: ({ id }) => <Sparkline runId={id} metric={key} />,
    value: (run) => loggedValue(run, { kind: "metrics", key }),
  };
}

function loggedValue(run: Run, { kind, key }: KeyColumn): string | number | undefined {
  const values: Readonly<Record<string, string | number>> = run[kind];
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

import type { Run, RunKeys } from "@rivulet/core";
import type { JSX } from "preact";
import type { Column } from "../../components/data-table.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Age, Duration } from "../../components/time.tsx";
import { formatMetric } from "../../format/numbers.ts";
import { paths } from "../../routing/paths.ts";
import { field } from "../../search/filter-text.ts";

/** Kinds of keys a run has, as they stand in a filter. */
export type KeyKind = "metrics" | "params" | "tags";

/** A metric, param or tag that is shown as a column. */
export interface KeyColumn {
  readonly kind: KeyKind;
  readonly key: string;
}

/** How many columns of a kind are shown before the user chooses. */
const DEFAULT_COUNTS: Readonly<Record<KeyKind, number>> = { metrics: 4, params: 3, tags: 0 };

/** What evaluations log beside the mean of a score. */
const DETAILS_OF_SCORES = /\/(?:low|high|scored|skipped|errors)$/;

/** The columns in the URL, or the first few of what there is. */
export function readColumns(text: string, keys: RunKeys | undefined): readonly KeyColumn[] {
  if (text === "") {
    const kinds = ["metrics", "params", "tags"] as const;
    return kinds.flatMap((kind) =>
      (keys?.[kind] ?? [])
        .filter((key) => !DETAILS_OF_SCORES.test(key))
        .slice(0, DEFAULT_COUNTS[kind])
        .map((key) => ({ kind, key })),
    );
  }
  return text.split(",").flatMap((part) => {
    const [kind = "", key = ""] = part.split(".", 2);
    return isKind(kind) ? [{ kind, key: decodeURIComponent(key) }] : [];
  });
}

function isKind(kind: string): kind is KeyKind {
  return Object.hasOwn(DEFAULT_COUNTS, kind);
}

/** The columns as text for the URL. */
export function writeColumns(columns: readonly KeyColumn[]): string {
  if (columns.length === 0) return "none";
  return columns
    .map(({ kind, key }) => `${kind}.${encodeURIComponent(key).replaceAll(".", "%2E")}`)
    .join(",");
}

/** The columns of a table of runs: what every run has, then the chosen keys. */
export function runColumns(chosen: readonly KeyColumn[]): readonly Column<Run>[] {
  return [...BASE, ...chosen.map(keyColumn)];
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
  },
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

function keyColumn({ kind, key }: KeyColumn): Column<Run> {
  return {
    key: field(kind, key),
    label: key,
    width: Math.min(200, Math.max(kind === "metrics" ? 96 : 120, key.length * 7 + 28)),
    canSort: true,
    isNumber: kind === "metrics",
    cell: (run) => keyValue(run, { kind, key }),
  };
}

function keyValue(run: Run, { kind, key }: KeyColumn): string {
  const values: Readonly<Record<string, string | number>> = run[kind];
  const value = Object.hasOwn(values, key) ? values[key] : undefined;
  if (value === undefined) return "";
  return typeof value === "number" ? formatMetric(value) : value;
}

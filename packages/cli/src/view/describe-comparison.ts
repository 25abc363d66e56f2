import type { ComparedMetric, ComparedTexts, RunComparison } from "@rivulet/core";
import { formatValue } from "./format-value.ts";
import { printable } from "./printable.ts";
import { layOut } from "./table.ts";

/** Most params, metrics and tags that get a column; `--json` has all. */
const MOST_COLUMNS = 20;

/** What gets a column: one text per run. */
interface Column {
  readonly name: string;
  readonly texts: readonly string[];
}

/** Runs side by side: a line for each, with what differs between them, and below what is the same in all. */
export function describeComparison(comparison: RunComparison): string {
  const { runs } = comparison;
  const columns = [
    { name: "id", texts: runs.map(({ id }) => id) },
    { name: "name", texts: runs.map(({ name }) => name) },
    { name: "status", texts: runs.map(({ status }) => status) },
    ...differing(comparison).slice(0, MOST_COLUMNS),
  ];
  const table = layOut(
    {
      columns: columns.map(({ name }) => printable(name)),
      rows: runs.map((_, at) => columns.map(({ texts }) => printable(texts[at] ?? ""))),
    },
    process.stdout.isTTY ? process.stdout.columns : undefined,
  );
  return [table, ...remarks(comparison)].join("\n");
}

function differing({ runs, params, metrics, tags }: RunComparison): readonly Column[] {
  const ids = runs.map(({ id }) => id);
  return [
    ...params.filter(({ differs }) => differs).map(textColumn),
    ...metrics.filter(({ differs }) => differs).map((metric) => metricColumn(metric, ids)),
    ...tags.filter(({ differs, key }) => differs && !key.startsWith("mlflow.")).map(textColumn),
  ];
}

function textColumn({ key, values }: ComparedTexts): Column {
  return { name: key, texts: values.map((value) => value ?? "") };
}

function metricColumn({ key, values, best }: ComparedMetric, ids: readonly string[]): Column {
  const mark = (at: number): string => (best.includes(ids[at] ?? "") ? " (best)" : "");
  return { name: key, texts: values.map((value, at) => `${formatValue(key, value)}${mark(at)}`) };
}

function remarks(comparison: RunComparison): readonly string[] {
  const { params, metrics } = comparison;
  const same = [...params, ...metrics]
    .filter(({ differs }) => !differs)
    .map(({ key, values }) => `${key}=${formatValue(key, values[0])}`);
  const left = differing(comparison).length - MOST_COLUMNS;
  return [
    ...(same.length === 0 ? [] : [printable(`The same in all: ${same.join(" ")}`)]),
    ...(left > 0 ? [`${left} more that differ: --json has all.`] : []),
  ];
}

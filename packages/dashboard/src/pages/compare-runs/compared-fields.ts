import type { Better, ComparedMetric, ComparedTexts, RunComparison } from "@rivulet/core";
import { formatMetric } from "../../format/numbers.ts";

/** What runs are compared by: a param or a metric, with its value of each run. */
export interface ComparedField {
  /** Unique, such as `params.lr`. */
  readonly id: string;
  readonly label: string;
  readonly isMetric: boolean;
  /** One per run, in the order of the runs. Params that are all numbers are numbers. */
  readonly values: readonly (string | number | null)[];
  readonly differs: boolean;
  /** Which way it improves, where the experiment says so. */
  readonly better: Better | undefined;
}

/** Params and metrics of a comparison; those that are the same in all runs last. */
export function fieldsOf({ params, metrics }: RunComparison): readonly ComparedField[] {
  const fields = [...params.map(paramField), ...metrics.map(metricField)];
  return [...fields.filter(({ differs }) => differs), ...fields.filter(({ differs }) => !differs)];
}

function paramField({ key, values, differs }: ComparedTexts): ComparedField {
  const isNumeric = values.every(
    (value) => value === null || (value.trim() !== "" && Number.isFinite(Number(value))),
  );
  return {
    id: `params.${key}`,
    label: key,
    isMetric: false,
    values: isNumeric ? values.map((value) => (value === null ? null : Number(value))) : values,
    differs,
    better: undefined,
  };
}

function metricField({ key, values, differs, better }: ComparedMetric): ComparedField {
  return { id: `metrics.${key}`, label: key, isMetric: true, values, differs, better };
}

/** The metric that runs are most likely to be ranked by: one whose direction is known, or else the first that differs. */
export function mainMetric(fields: readonly ComparedField[]): ComparedField | undefined {
  const metrics = fields.filter(({ isMetric, label }) => isMetric && !label.startsWith("system/"));
  return (
    metrics.find(({ better, differs }) => better !== undefined && differs) ??
    metrics[0] ??
    fields.find(({ isMetric }) => isMetric)
  );
}

/** The values of a run, such as "lr 0.1 · loss 0.32". */
export function valuesOf(fields: readonly ComparedField[], run: number): string {
  const words = fields.map(({ label, values }) => {
    const value = values[run] ?? "–";
    return `${label} ${typeof value === "number" ? formatMetric(value) : value}`;
  });
  return words.join(" · ");
}

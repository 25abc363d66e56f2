import type { Run } from "@rivulet/core";
import type { CellFilter, FilterSpec } from "../../lists/filter/filter-spec.ts";
import { askRunFields, askRunValues } from "../../questions/suggestions.ts";
import { field } from "../../search/filter-text.ts";

/** What runs are found by. */
export const RUN_FILTER: FilterSpec = {
  fields: [
    { name: "name", label: "Name", type: "text", isListed: true },
    {
      name: "status",
      label: "Status",
      type: "text",
      choices: ["running", "scheduled", "finished", "failed", "killed"],
      isListed: true,
    },
    { name: "userId", label: "User", type: "text", isListed: true },
    { name: "parentRunId", label: "Parent run", type: "text", isListed: true },
    { name: "experiment.name", label: "Experiment", type: "text" },
    { name: "durationMs", label: "Duration in ms", type: "number" },
    { name: "note", label: "Note", type: "text" },
    { name: "dataset.name", label: "Dataset", type: "text", isListed: true },
    { name: "dataset.digest", label: "Digest of a dataset", type: "text", isListed: true },
    { name: "dataset.context", label: "Use of a dataset", type: "text", isListed: true },
  ],
  keyedFields: askRunFields,
  values: askRunValues,
  quick: [
    { label: "Running", clause: { field: "status", operator: "is", value: "running" } },
    { label: "Failed", clause: { field: "status", operator: "is", value: "failed" } },
    {
      label: "Without nested runs",
      clause: { field: "parentRunId", operator: "missing", value: "" },
    },
  ],
  wordsHint: "Words in name, note, params or tags, or a field such as metrics.accuracy",
  example: "metrics.accuracy > 0.9 AND params.depth = '3'",
  time: "startTime",
};

/** What the cells of a run can be filtered by: params and tags by their columns' names. */
export function runCell(run: Run, column: string): CellFilter | undefined {
  if (column === "name" || column === "status") return { field: column, value: run[column] };
  for (const kind of ["params", "tags"] as const) {
    const found = Object.entries(run[kind]).find(([key]) => field(kind, key) === column);
    if (found !== undefined) return { field: column, value: found[1] };
  }
  return undefined;
}

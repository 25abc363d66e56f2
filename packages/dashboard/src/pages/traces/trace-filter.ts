import type { Trace } from "@rivulet/core";
import type { CellFilter, FilterField, FilterSpec } from "../../lists/filter/filter-spec.ts";
import { WITHOUT_EVALUATIONS } from "../../lists/filter/without-evaluations.ts";
import { askTraceFields, askTraceValues } from "../../questions/suggestions.ts";
import { withWords } from "../../search/filter-text.ts";

const STATUSES = ["ok", "error", "in_progress"] as const;

/** Fields of traces whose values are in use somewhere. */
const FIELDS: readonly FilterField[] = [
  { name: "name", label: "Name", type: "text", isListed: true },
  { name: "status", label: "Status", type: "text", choices: STATUSES, isListed: true },
  { name: "error", label: "Error", type: "text", isListed: true },
  { name: "durationMs", label: "Latency (ms)", type: "number" },
  { name: "cost", label: "Cost ($)", type: "number" },
  { name: "totalTokens", label: "Tokens", type: "number" },
  { name: "span.model", label: "Model", type: "text", isListed: true },
  { name: "span.tool", label: "Tool", type: "text", isListed: true },
  { name: "prompt", label: "Prompt", type: "text", isListed: true },
  { name: "sessionId", label: "Session", type: "text", isListed: true },
  { name: "userId", label: "User", type: "text", isListed: true },
  { name: "span.failed.model", label: "Failed model", type: "text", isListed: true },
  { name: "span.failed.tool", label: "Failed tool", type: "text", isListed: true },
  { name: "span.failed.prompt", label: "Failed prompt", type: "text", isListed: true },
  { name: "span.failed.provider", label: "Failed provider", type: "text", isListed: true },
  { name: "span.name", label: "Name of a span", type: "text", isListed: true },
  { name: "span.provider", label: "Provider", type: "text", isListed: true },
  { name: "experiment", label: "Experiment", type: "text", isListed: true },
  { name: "runId", label: "Run", type: "text", isListed: true },
  { name: "pinned", label: "Pinned", type: "text", choices: ["true"] },
  { name: "spanCount", label: "Spans", type: "number" },
  { name: "errorCount", label: "Failed spans", type: "number" },
  { name: "metadata.evaluationRow", label: "Row of an evaluation", type: "text" },
];

/** What traces are found by. */
export const TRACE_FILTER: FilterSpec = {
  fields: FIELDS,
  keyedFields: askTraceFields,
  values: askTraceValues,
  quick: [
    { label: "Failed", clause: { field: "status", operator: "is", value: "error" } },
    { label: "Pinned", clause: { field: "pinned", operator: "is", value: "true" } },
  ],
  initial: WITHOUT_EVALUATIONS,
  words: withWords,
  wordsHint: "Words in any input or output, or a field such as status",
  example: "durationMs > 2000 AND tags.env = 'prod'",
  time: "startTime",
};

/** What the cells of a trace can be filtered by. */
export function traceCell(trace: Trace, column: string): CellFilter | undefined {
  if (column !== "name" && column !== "status" && column !== "sessionId" && column !== "userId")
    return undefined;
  const value = trace[column];
  return value === undefined ? undefined : { field: column, value };
}

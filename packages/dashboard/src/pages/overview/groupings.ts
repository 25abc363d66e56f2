import type { TraceGroup } from "@rivulet/core";

/** What the traces of an overview can be told apart by. */
export interface Grouping {
  readonly value: string;
  readonly label: string;
  readonly by: TraceGroup;
  /** The field that narrows a list to one of the groups. */
  readonly field: string;
  /** The field that narrows it to those that failed in that group; with none, the failed traces of the group. */
  readonly failedField?: string;
  /** What is counted: calls are spans. */
  readonly counted: "Traces" | "Calls";
  /** There may be more of them than anybody looks at: only the most frequent are summed up. */
  readonly isMany?: boolean;
}

export const GROUPINGS: readonly Grouping[] = [
  {
    value: "model",
    label: "Model",
    by: "model",
    field: "span.model",
    failedField: "span.failed.model",
    counted: "Calls",
  },
  {
    value: "provider",
    label: "Provider",
    by: "provider",
    field: "span.provider",
    failedField: "span.failed.provider",
    counted: "Calls",
  },
  {
    value: "prompt",
    label: "Prompt",
    by: "prompt",
    field: "prompt",
    failedField: "span.failed.prompt",
    counted: "Calls",
  },
  {
    value: "tool",
    label: "Tool",
    by: "tool",
    field: "span.tool",
    failedField: "span.failed.tool",
    counted: "Calls",
  },
  { value: "name", label: "Name", by: "name", field: "name", counted: "Traces", isMany: true },
  { value: "user", label: "User", by: "userId", field: "userId", counted: "Traces", isMany: true },
  {
    value: "session",
    label: "Session",
    by: "sessionId",
    field: "sessionId",
    counted: "Traces",
    isMany: true,
  },
];

/** Groups that are shown until more are asked for. */
export const TOP = 8;
/** The most groups of which there may be many. */
export const MOST = 50;

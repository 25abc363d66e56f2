import type { FilterSpec } from "../../lists/filter/filter-spec.ts";
import { WITHOUT_EVALUATIONS } from "../../lists/filter/without-evaluations.ts";
import { withWords } from "../../search/filter-text.ts";

/** Sessions and users are found by their traces. */
export const TRACE_OWNER_FILTER: FilterSpec = {
  fields: [
    { name: "sessionId", label: "Session", type: "text" },
    { name: "userId", label: "User", type: "text" },
    { name: "status", label: "Status", type: "text", choices: ["ok", "error", "in_progress"] },
    { name: "name", label: "Name of a trace", type: "text" },
    { name: "durationMs", label: "Latency (ms)", type: "number" },
  ],
  initial: WITHOUT_EVALUATIONS,
  words: withWords,
  wordsHint: "Words in any input or output",
  example: "userId = 'anna' AND status = 'error'",
  time: "startTime",
};

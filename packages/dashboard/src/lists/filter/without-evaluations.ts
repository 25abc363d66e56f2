import type { Clause } from "./clause.ts";
import type { InitialClause } from "./filter-spec.ts";

/** Evaluations ask an app what nobody asked it: their traces are out of the way until somebody wants them. */
export const WITHOUT_EVALUATIONS: InitialClause = {
  label: "Without evaluations",
  // Each of their traces names the row that it is of.
  clause: { field: "metadata.evaluationRow", operator: "missing", value: "" },
  leftOut: "evaluations",
};

const LISTS: readonly string[] = ["traces", "sessions", "users"];

/** What a list is narrowed by until somebody narrows it otherwise. */
export function initialClauses(list: string): readonly Clause[] {
  return LISTS.includes(list) ? [WITHOUT_EVALUATIONS.clause] : [];
}

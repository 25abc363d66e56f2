import { type Clause, clauseFilter } from "../../lists/filter/clause.ts";
import { rangeFilter } from "../../lists/filter/time-range.ts";
import { WITHOUT_EVALUATIONS } from "../../lists/filter/without-evaluations.ts";
import type { Selected } from "../../questions/overview.ts";
import { paths } from "../../routing/paths.ts";
import type { Scope } from "../../routing/scope.ts";
import { allOf } from "../../search/filter-text.ts";
import type { Period } from "./period.ts";

/** What the overview looks at. */
export interface View {
  readonly scope: Scope;
  /** As the URL and the lists have it; empty for all time. */
  readonly range: string;
  readonly period: Period;
  /** Whether the traces that evaluations recorded are left out. */
  readonly isWithoutEvaluations: boolean;
  /** What all traces of it have in common, such as their user. */
  readonly common?: readonly Clause[];
}

/** Experiments of a scope, as the API takes them. */
export function experimentsOf({ experimentId }: Scope): {
  readonly experimentIds?: readonly string[];
} {
  return experimentId === undefined ? {} : { experimentIds: [experimentId] };
}

/** The traces of a view, or of another period. */
export function selected(view: View, period: Period = view.period, more = ""): Selected {
  const { from, to } = period;
  // A range that ends now has no end: its traces may still come.
  const isOpen = to === view.period.to && !view.range.includes("/");
  const time = isAllTime(view) ? "" : rangeFilter("startTime", isOpen ? { from } : { from, to });
  const common = commonOf(view).map((clause) => clauseFilter(clause, "text"));
  const filter = allOf(time, ...common, more);
  return { filter, ...experimentsOf(view.scope) };
}

/** What holds for all traces of a view. */
function commonOf({ common = [], isWithoutEvaluations }: View): readonly Clause[] {
  return isWithoutEvaluations ? [...common, WITHOUT_EVALUATIONS.clause] : common;
}

function isAllTime({ range }: View): boolean {
  return range === "";
}

/** What narrows a list of traces further. */
export interface Narrowing {
  readonly clauses?: readonly Clause[];
  readonly text?: string;
  readonly range?: string;
}

/** The list of the traces that a number is of. */
export function tracesOf(view: View, { clauses = [], text = "", range }: Narrowing = {}): string {
  return paths.scoped("traces", view.scope, {
    range: range ?? view.range,
    clauses: [...commonOf(view), ...clauses],
    text,
  });
}

/** A chip that says what a field is. */
export function is(field: string, value: string): readonly Clause[] {
  return [{ field, operator: "is", value }];
}

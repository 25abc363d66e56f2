import { useSearch } from "wouter-preact";
import { serverAheadMs } from "../../api/server-clock.ts";
import { setQueryState } from "../../routing/query-state.ts";
import { allOf } from "../../search/filter-text.ts";
import { type Clause, clauseFilter, isSameClause, readClause, writeClause } from "./clause.ts";
import { typeOfField } from "./field-of.ts";
import type { FilterSpec } from "./filter-spec.ts";
import { rangeFilter, readTimeRange } from "./time-range.ts";

/** What the filter bar holds. All of it must hold for a row. */
export interface FilterState {
  /** Words to look for, exactly as they were typed. */
  readonly words: string;
  /** The chips. */
  readonly clauses: readonly Clause[];
  /** A filter in the filter language, for what chips cannot say. */
  readonly text: string;
  /** `24h`, or two times; see `readTimeRange`. */
  readonly range: string;
}

/** Stands in the URL for no chips, where a list would have one by itself. */
const NO_CHIPS = "any";

/** The filter bar's state, kept in the URL: `q`, `where` for each chip, `filter`, `range`. */
export function useFilterState({
  initial,
}: Pick<FilterSpec, "initial">): readonly [FilterState, (change: Partial<FilterState>) => void] {
  const initially = initial === undefined ? [] : [initial.clause];
  const state = readFilterState(new URLSearchParams(useSearch()), initially);
  return [state, (change) => setQueryState(filterParams(change, initially))];
}

/** A filter's state from the parameters of a URL; a list may have chips where it names none. */
export function readFilterState(
  params: URLSearchParams,
  initially: readonly Clause[] = [],
): FilterState {
  return {
    words: params.get("q") ?? "",
    clauses: params.has("where")
      ? params.getAll("where").flatMap((text) => readClause(text) ?? [])
      : initially,
    text: params.get("filter") ?? "",
    range: params.get("range") ?? "",
  };
}

/** A filter's state as parameters of the URL; only those that are given. */
export function filterParams(
  change: Partial<FilterState>,
  initially: readonly Clause[] = [],
): Readonly<Record<string, string | readonly string[]>> {
  return {
    ...(change.words !== undefined && { q: change.words }),
    ...(change.clauses !== undefined && { where: writeClauses(change.clauses, initially) }),
    ...(change.text !== undefined && { filter: change.text }),
    ...(change.range !== undefined && { range: change.range }),
  };
}

function writeClauses(clauses: readonly Clause[], initially: readonly Clause[]): readonly string[] {
  const isUnlike = clauses.length === 0 && initially.length > 0;
  return isUnlike ? [NO_CHIPS] : clauses.map(writeClause);
}

/** The state in the filter language; `now` by the browser's clock. */
export function filterOf(state: FilterState, spec: FilterSpec, now: number): string {
  const times = readTimeRange(state.range, now + serverAheadMs());
  const range = spec.time === undefined ? "" : rangeFilter(spec.time, times);
  return allOf(...conditionsOf(state, spec), range, state.text);
}

/** Words and chips in the filter language, one by one. */
export function conditionsOf(
  { words, clauses }: Pick<FilterState, "words" | "clauses">,
  spec: FilterSpec,
): readonly string[] {
  return [
    ...(words === "" || spec.words === undefined ? [] : [spec.words(words)]),
    ...clauses.map((clause) => clauseFilter(clause, typeOfField(clause.field, spec))),
  ];
}

/** Words that the API is to look for itself. */
export function textOf({ words }: Pick<FilterState, "words">, spec: FilterSpec): string {
  return spec.words === undefined ? words : "";
}

/** Whether more is left out of the list than it leaves out by itself. */
export function isNarrowed(
  { words, clauses, text, range }: FilterState,
  { initial }: Pick<FilterSpec, "initial">,
): boolean {
  const chosen = clauses.filter(
    (one) => initial === undefined || !isSameClause(one, initial.clause),
  );
  return words !== "" || chosen.length > 0 || text !== "" || range !== "";
}

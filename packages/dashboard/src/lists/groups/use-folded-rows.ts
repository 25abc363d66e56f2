import type { Page } from "@rivulet/core";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { PagedQuestion, Question } from "../../api/query-client.ts";
import { type Answer, useQuery } from "../../api/use-query.ts";
import type { ListQuery } from "../../questions/list-query.ts";
import { forEntry } from "../../routing/history-entry.ts";
import { allOf } from "../../search/filter-text.ts";
import { clauseFilter } from "../filter/clause.ts";
import { typeOfField } from "../filter/field-of.ts";
import type { ListSpec } from "../list-spec.ts";
import type { ShownGroup } from "./grouping.ts";

/** Rows of a group that are shown under it; the list narrowed to the group has all of them. */
const UNFOLDED = 100;

/** A line of a table that is folded into groups. */
export type FoldedRow<Row> =
  | { readonly kind: "group"; readonly group: ShownGroup; readonly isOpen: boolean }
  | { readonly kind: "row"; readonly row: Row }
  /** What follows the rows of a group: how many more there are, or that they are being asked for. */
  | { readonly kind: "rest"; readonly group: ShownGroup; readonly count: number | undefined };

/** What unfolded groups hold, by their keys. */
export type Unfolded<Row> = ReadonlyMap<string, readonly Row[]>;

/** The lines of the table, from the groups and what those that are unfolded hold. */
export function foldedRows<Row>(
  groups: readonly ShownGroup[],
  open: ReadonlySet<string>,
  unfolded: Unfolded<Row>,
): readonly FoldedRow<Row>[] {
  return groups.flatMap((group): readonly FoldedRow<Row>[] => {
    const isOpen = open.has(group.key);
    const head = { kind: "group", group, isOpen } as const;
    if (!isOpen) return [head];
    const rows = unfolded.get(group.key);
    const lines = (rows ?? []).map((row) => ({ kind: "row", row }) as const);
    const rest = rows === undefined ? undefined : group.count - rows.length;
    const isWhole = rest !== undefined && (rest <= 0 || (rows?.length ?? 0) < UNFOLDED);
    return isWhole ? [head, ...lines] : [head, ...lines, { kind: "rest", group, count: rest }];
  });
}

/** Which groups are unfolded; kept for Back. */
export function useOpenGroups(
  field: string,
): readonly [open: ReadonlySet<string>, toggle: (key: string) => void] {
  const [state, setState] = useState(readOpen);
  const open = useMemo(() => new Set(state.field === field ? state.keys : []), [state, field]);
  const toggle = (key: string): void => {
    const keys = open.has(key) ? [...open].filter((one) => one !== key) : [...open, key];
    setState({ field, keys });
    forEntry.write("unfolded", { field, keys });
  };
  return [open, toggle];
}

interface OpenGroups {
  readonly field: string;
  readonly keys: readonly string[];
}

function readOpen(): OpenGroups {
  return (forEntry.read("unfolded") as OpenGroups | undefined) ?? { field: "", keys: [] };
}

/** Asks for the rows of a group while it is unfolded, and hands them on. Draws nothing. */
export function GroupRows<Row extends object>({
  spec,
  query,
  group,
  onAnswer,
}: {
  spec: ListSpec<Row>;
  query: ListQuery;
  group: ShownGroup;
  onAnswer: (key: string, answer: Pick<Answer<readonly Row[]>, "data" | "error">) => void;
}): null {
  const filter = clauseFilter(group.clause, typeOfField(group.clause.field, spec.filter));
  const question = spec.ask({
    ...query,
    filter: allOf(query.filter ?? "", filter),
    limit: UNFOLDED,
  });
  const { data, error } = useQuery(firstPage(question));
  useEffect(() => onAnswer(group.key, { data: data?.items, error }), [data, error]);
  return null;
}

function firstPage<Row>(question: PagedQuestion<Row>): Question<Page<Row>> {
  const readPage = question.queryFn as never as (context: {
    readonly signal: AbortSignal;
    readonly pageParam: string;
  }) => Promise<Page<Row>>;
  return {
    queryKey: [...question.queryKey, "first"],
    queryFn: ({ signal }) => readPage({ signal, pageParam: "" }),
  };
}

import { useMemo, useState } from "preact/hooks";
import { useSearch } from "wouter-preact";
import type { LiveAnswer } from "../api/use-live-pages.ts";
import type { Column, ColumnLayout } from "../components/column.ts";
import type { ListQuery } from "../questions/list-query.ts";
import { useQueryState } from "../routing/query-state.ts";
import { allOf } from "../search/filter-text.ts";
import { useColumnLayout } from "./columns/use-column-layout.ts";
import { useColumns } from "./columns/use-columns.ts";
import { useFilterState } from "./filter/filter-state.ts";
import { readListQuery } from "./list-query.ts";
import type { ListSpec, SelectedRows } from "./list-spec.ts";
import { TREE } from "./tree/tree.ts";
import { useListRows } from "./use-list-rows.ts";
import { type RowSelection, useSelection } from "./use-selection.ts";

/** What a list shows, by its URL: rows, columns, and which rows are ticked. */
export interface ListState<Row> {
  readonly query: ListQuery;
  /** The same without what a tree adds: that rows stand under no other. */
  readonly sought: ListQuery;
  readonly answer: LiveAnswer<Row>;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly chooseColumns: (columns: readonly Column<Row>[]) => void;
  /** The columns as a URL has them. */
  readonly columnText: string;
  readonly layout: ColumnLayout;
  readonly selection: RowSelection;
  readonly selected: SelectedRows<Row>;
  /** The field that the rows are grouped by; empty where they are not. */
  readonly group: string;
  /** Says which rows are shown, where they are grouped. */
  readonly show: (rows: readonly Row[]) => void;
}

/** Of a tree only the roots are listed: what stands under them is asked for when they are opened. */
function withoutNested(query: ListQuery, tree: { readonly roots: string } | undefined): ListQuery {
  return tree === undefined ? query : { ...query, filter: allOf(query.filter ?? "", tree.roots) };
}

/** Asks for a list, of one experiment or all, as its URL has it. */
export function useList<Row extends object>(
  spec: ListSpec<Row>,
  experimentId: string | undefined,
): ListState<Row> {
  const [given] = useQueryState("group");
  const group = spec.grouping === undefined ? "" : given;
  const sought = readListQuery(spec, new URLSearchParams(useSearch()), experimentId);
  const query = withoutNested(sought, group === TREE ? spec.tree : undefined);
  const answer = useListRows(spec, query);
  const [shown, show] = useState<readonly Row[]>([]);
  const listed = useMemo(() => answer.data ?? [], [answer.data]);
  const rows = group === "" ? listed : shown;
  const [columns, chooseColumns, columnText] = useColumns(
    spec,
    `${spec.list}.${experimentId ?? ""}`,
  );
  const layout = useColumnLayout(columns, chooseColumns);
  const selection = useSelection(
    useMemo(() => rows.map(spec.keyOf), [rows]),
    JSON.stringify([useFilterState(spec.filter)[0], query.lifecycle, experimentId]),
  );
  const selected = {
    rows: useMemo(
      () => rows.filter((row) => selection.keys.has(spec.keyOf(row))),
      [rows, selection.keys],
    ),
    keys: selection.keys,
    clear: selection.clear,
  };
  const arranged = { group, show, columns, chooseColumns, columnText, layout };
  return { query, sought, answer, rows, ...arranged, selection, selected };
}

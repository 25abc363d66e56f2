import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useQuery } from "../../api/use-query.ts";
import { DataTable, type DataTableProps } from "../../components/data-table.tsx";
import { ErrorNotice } from "../../components/notices.tsx";
import type { Opening } from "../../components/table-row.tsx";
import { formatCount } from "../../format/numbers.ts";
import { forEntry } from "../../routing/history-entry.ts";
import { setQueryState } from "../../routing/query-state.ts";
import { CellActions } from "../filter/cell-actions.tsx";
import type { Clause } from "../filter/clause.ts";
import { filterParams, useFilterState } from "../filter/filter-state.ts";
import type { ListSpec } from "../list-spec.ts";
import type { ListState } from "../use-list.ts";
import { groupedColumns } from "./grouped-columns.tsx";
import { type Grouping, MOST_GROUPS, type ShownGroup, shownGroups } from "./grouping.ts";
import {
  type FoldedRow,
  foldedRows,
  GroupRows,
  type Unfolded,
  useOpenGroups,
} from "./use-folded-rows.ts";

/** What a {@link GroupedTable} takes. */
export interface GroupedTableProps<Row extends object> {
  readonly spec: ListSpec<Row>;
  readonly grouping: Grouping;
  readonly list: ListState<Row>;
  /** The field that the rows are grouped by. */
  readonly field: string;
  /** The table as it is without groups. */
  readonly table: Omit<DataTableProps<Row>, "answer">;
}

/** The table of a list that is folded into groups: a line for each, with its rows under it once it is unfolded. */
export function GroupedTable<Row extends object>(props: GroupedTableProps<Row>): JSX.Element {
  const { spec, list, field, table } = props;
  const [state, change] = useFilterState(spec.filter);
  const [open, toggle] = useOpenGroups(field);
  const { answer, groups } = useGroups(props);
  const [unfolded, setUnfolded] = useState<Unfolded<Row>>(new Map());
  const [problem, setProblem] = useState<Error | null>(null);
  const lines = useMemo(() => foldedRows(groups, open, unfolded), [groups, open, unfolded]);
  const rows = useMemo(
    () => lines.flatMap((line) => (line.kind === "row" ? [line.row] : [])),
    [lines],
  );
  useEffect(() => list.show(rows), [rows]);
  const narrow = (clause: Clause): void => {
    setQueryState({ ...filterParams({ clauses: [...state.clauses, clause] }), group: "" });
    // The list of the group begins at its top.
    forEntry.write("scroll", 0);
  };
  const columns = groupedColumns({ ...props, rows, groups, toggle, narrow });
  const { cellFilter } = spec;
  return (
    <>
      {problem === null ? null : <ErrorNotice error={problem} />}
      {groups
        .filter(({ key }) => open.has(key))
        .map((group) => (
          <GroupRows
            key={group.key}
            spec={spec}
            query={list.query}
            group={group}
            onAnswer={(key, { data, error }) => {
              setProblem(error);
              if (data !== undefined) setUnfolded((known) => new Map(known).set(key, data));
            }}
          />
        ))}
      <CellActions
        spec={{
          filter: spec.filter,
          cellFilter: (line: FoldedRow<Row>, column) =>
            line.kind === "row" ? cellFilter?.(line.row, column) : undefined,
        }}
        columns={columns}
        rows={lines}
        onFilter={(clause) => change({ clauses: [...state.clauses, clause] })}
      >
        <DataTable<FoldedRow<Row>>
          {...tableOfLines(table)}
          columns={columns}
          answer={{ ...answer, data: answer.data === undefined ? undefined : lines, ...WHOLE }}
        />
      </CellActions>
      {groups.length < MOST_GROUPS ? null : (
        <p class="muted">The {formatCount(MOST_GROUPS)} largest groups are shown.</p>
      )}
    </>
  );
}

/** All groups come at once. */
const WHOLE = { hasMore: false, isLoadingMore: false, loadMore: () => undefined } as const;

function useGroups<Row extends object>({
  spec,
  grouping,
  list,
  field,
  table,
}: GroupedTableProps<Row>) {
  const { query, columns } = list;
  const numbers = columns.filter(({ isNumber }) => isNumber).map(({ key }) => key);
  const answer = useQuery(grouping.ask(query, field, numbers));
  const total = useQuery(spec.count?.(query)).data ?? 0;
  const order = table.order ?? "";
  const groups: readonly ShownGroup[] = useMemo(
    () => shownGroups(answer.data ?? [], { field, order, total }),
    [answer.data, field, order, total],
  );
  return { answer, groups };
}

/** What is done to rows, for lines only some of which are rows. */
function tableOfLines<Row extends object>(
  table: Omit<DataTableProps<Row>, "answer">,
): Omit<DataTableProps<FoldedRow<Row>>, "answer" | "columns"> {
  const { keyOf, nameOf = keyOf, onOpen, columns: _, canTick: __, ...rest } = table;
  return {
    ...rest,
    keyOf: (line) => (line.kind === "row" ? keyOf(line.row) : `${line.kind} ${line.group.key}`),
    nameOf: (line) => (line.kind === "row" ? nameOf(line.row) : ""),
    canTick: (line) => line.kind === "row",
    ...(onOpen !== undefined && {
      onOpen: (key: string, how: Opening) => (isOfGroup(key) ? undefined : onOpen(key, how)),
    }),
  };
}

function isOfGroup(key: string): boolean {
  return /^(?:group|rest) /.test(key);
}

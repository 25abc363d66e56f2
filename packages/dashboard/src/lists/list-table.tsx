import type { FunctionComponent, JSX, RefObject } from "preact";
import { DataTable, type DataTableProps } from "../components/data-table.tsx";
import { lazyComponent } from "../components/lazy-component.tsx";
import type { Opening } from "../components/table-row.tsx";
import { useQueryState } from "../routing/query-state.ts";
import { CellActions } from "./filter/cell-actions.tsx";
import { useFilterState } from "./filter/filter-state.ts";
import { fromList } from "./from-list.ts";
import type { GroupedTableProps } from "./groups/grouped-table.tsx";
import type { ListSpec } from "./list-spec.ts";
import { NothingListed } from "./nothing-listed.tsx";
import { RowPanel } from "./row-panel.tsx";
import { TREE } from "./tree/tree.ts";
import type { TreeTableProps } from "./tree/tree-table.tsx";
import type { ListState } from "./use-list.ts";

const GroupedTable: FunctionComponent<GroupedTableProps<object>> = lazyComponent(
  async () => (await import("./groups/grouped-table.tsx")).GroupedTable,
);

const TreeTable: FunctionComponent<TreeTableProps<object>> = lazyComponent(
  async () => (await import("./tree/tree-table.tsx")).TreeTable,
);

/** The table of a list, with the row that is open beside it. */
export function ListTable<Row extends object>({
  spec,
  list,
  container,
}: {
  spec: ListSpec<Row>;
  list: ListState<Row>;
  /** Will hold the element around the table. */
  container: RefObject<HTMLDivElement>;
}): JSX.Element {
  const [order, setOrder] = useQueryState("order", spec.order);
  const [open, setOpen] = useQueryState("open");
  const { rows, query, selection } = list;
  const openRow = (key: string, how: Opening): void => {
    const row = rows.find((one) => spec.keyOf(one) === key);
    const isAgain = how === "enter" && key === open;
    // Enter on the row that is open already goes on to its page.
    if (isAgain && row !== undefined) location.hash = fromList(spec.hrefOf(row));
    else setOpen(key);
  };
  const canSelect = spec.actions !== undefined || spec.bulk !== undefined;
  const table = {
    label: spec.title,
    columns: list.columns,
    layout: list.layout,
    keyOf: spec.keyOf,
    nameOf: spec.nameOf,
    ...(canSelect && { selection }),
    ...(spec.panel !== undefined && { open, onOpen: openRow }),
    order,
    onOrder: setOrder,
    empty: <NothingListed spec={spec} query={query} />,
  };
  return (
    <div ref={container} class={open === "" ? "list" : "list has-panel"}>
      <Lines spec={spec} list={list} table={table} />
      {open === "" || spec.panel === undefined ? null : (
        <RowPanel
          spec={spec}
          rows={rows}
          open={open}
          onOpen={setOpen}
          onClose={() => setOpen("")}
        />
      )}
    </div>
  );
}

/** The rows as they are, in groups, or under one another. */
function Lines<Row extends object>({
  spec,
  list,
  table,
}: {
  spec: ListSpec<Row>;
  list: ListState<Row>;
  table: Omit<DataTableProps<Row>, "answer">;
}): JSX.Element {
  const [state, change] = useFilterState(spec.filter);
  const { tree, grouping } = spec;
  const isTree = list.group === TREE && tree !== undefined;
  if (list.group !== "" && grouping !== undefined && !isTree) {
    const given = { spec, grouping, list, field: list.group, table };
    return <GroupedTable {...(given as never as GroupedTableProps<object>)} />;
  }
  return (
    <CellActions
      spec={spec}
      columns={list.columns}
      rows={list.rows}
      onFilter={(clause) => change({ clauses: [...state.clauses, clause] })}
    >
      {isTree ? (
        <TreeTable {...({ spec, tree, list, table } as never as TreeTableProps<object>)} />
      ) : (
        <DataTable {...table} answer={list.answer} />
      )}
    </CellActions>
  );
}

import type { FunctionComponent, JSX, RefObject } from "preact";
import { DataTable } from "../components/data-table.tsx";
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
import type { ListState } from "./use-list.ts";

const GroupedTable: FunctionComponent<GroupedTableProps<object>> = lazyComponent(
  async () => (await import("./groups/grouped-table.tsx")).GroupedTable,
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
  const [state, change] = useFilterState(spec.filter);
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
      {list.group !== "" && spec.grouping !== undefined ? (
        <GroupedTable
          spec={spec as never}
          grouping={spec.grouping}
          list={list as never}
          field={list.group}
          table={table as never}
        />
      ) : (
        <CellActions
          spec={spec}
          columns={list.columns}
          rows={rows}
          onFilter={(clause) => change({ clauses: [...state.clauses, clause] })}
        >
          <DataTable {...table} answer={list.answer} />
        </CellActions>
      )}
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

import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { untyped } from "../api/query-client.ts";
import { Icon } from "../components/icon.tsx";
import { PageFrame } from "../components/page.tsx";
import { useQueryState } from "../routing/query-state.ts";
import { SelectionBar } from "./bulk/selection-bar.tsx";
import { ColumnMenu } from "./columns/column-menu.tsx";
import { ExportMenu } from "./export/export-menu.tsx";
import { FilterBar } from "./filter/filter-bar.tsx";
import { useFilterState } from "./filter/filter-state.ts";
import { GroupSelect } from "./groups/group-select.tsx";
import type { ListSpec } from "./list-spec.ts";
import { ListTable } from "./list-table.tsx";
import { LiveControls } from "./live-controls.tsx";
import { type ListState, useList } from "./use-list.ts";
import { ViewMenu } from "./views/view-menu.tsx";

/** What a {@link ListPage} takes. */
export interface ListPageProps<Row extends object> {
  readonly spec: ListSpec<Row>;
  /** Only rows of this experiment. */
  readonly experimentId?: string | undefined;
  /** Stands between the title and the filter bar. */
  readonly facts?: ComponentChildren;
}

/** A page that lists everything of one kind: filter bar, table, side panel, and what can be done to ticked rows. */
export function ListPage<Row extends object>(props: ListPageProps<Row>): JSX.Element {
  const { spec, facts } = props;
  return (
    <PageFrame title={spec.title} fill facts={facts}>
      <List {...props} />
    </PageFrame>
  );
}

function List<Row extends object>({ spec, experimentId }: ListPageProps<Row>): JSX.Element {
  const [state, change] = useFilterState(spec.filter);
  const list = useList(spec, experimentId);
  const { selection } = list;
  const table = useRef<HTMLDivElement>(null);
  return (
    <>
      <FilterBar
        label={`Find ${spec.title.toLowerCase()}`}
        spec={spec.filter}
        state={state}
        onChange={change}
        experimentId={experimentId}
        ask={(wanted) => untyped(spec.ask(wanted))}
      >
        <Tools spec={spec} list={list} experimentId={experimentId} />
        <LiveControls spec={spec} answer={list.answer} query={list.query} list={table} />
      </FilterBar>
      <ListTable spec={spec} list={list} container={table} />
      {selection.keys.size === 0 ? null : (
        <SelectionBar spec={spec} list={list}>
          {spec.actions?.(list.selected)}
        </SelectionBar>
      )}
    </>
  );
}

/** What stands beside the filter bar. */
function Tools<Row extends object>({
  spec,
  list,
  experimentId,
}: {
  spec: ListSpec<Row>;
  list: ListState<Row>;
  experimentId: string | undefined;
}): JSX.Element {
  const { columns, query, selected } = list;
  return (
    <>
      {spec.tools}
      {spec.grouping === undefined ? null : (
        <GroupSelect grouping={spec.grouping} treeLabel={spec.tree?.label} />
      )}
      <ViewMenu place={{ page: spec.list, experimentId }} columns={list.columnText} />
      <ColumnMenu all={spec.columns} shown={columns} onChange={list.chooseColumns} />
      {spec.canRestore === true ? <DeletedSwitch /> : null}
      <ExportMenu spec={spec} columns={columns} query={query} selected={selected} />
    </>
  );
}

/** Lists what was deleted, instead of what was not. */
function DeletedSwitch(): JSX.Element {
  const [deleted, setDeleted] = useQueryState("deleted");
  return (
    <button
      type="button"
      class="button"
      aria-pressed={deleted !== ""}
      title="What was deleted"
      onClick={() => setDeleted(deleted === "" ? "1" : "")}
    >
      <Icon name="trash" />
      <span class="can-shrink">Deleted</span>
    </button>
  );
}

import type { JSX } from "preact";
import type { Column, ColumnLayout, Selection } from "./column.ts";
import { ColumnEdge } from "./column-edge.tsx";
import { Icon } from "./icon.tsx";

interface TableHeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly selection: Selection | undefined;
  readonly order: string;
  readonly onOrder: ((order: string) => void) | undefined;
  readonly layout: ColumnLayout | undefined;
}

/** The head of a table: what each column holds, which it is sorted by, and over that the groups of columns. */
export function TableHead<Row>(props: TableHeadProps<Row>): JSX.Element {
  const { columns, selection, layout } = props;
  return (
    <thead ref={layout?.head ?? null} onPointerEnter={layout?.onPointerEnter}>
      {hasGroups(columns) ? (
        <GroupRow columns={columns} isIndented={selection !== undefined} />
      ) : null}
      <tr aria-rowindex={1}>
        {selection === undefined ? null : (
          <th scope="col" class="select-cell">
            <TickAll selection={selection} />
          </th>
        )}
        {columns.map((column) => (
          <HeadCell key={column.key} {...props} column={column} />
        ))}
      </tr>
    </thead>
  );
}

/** Whether columns stand in groups, and the head has a line more. */
export function hasGroups<Row>(columns: readonly Column<Row>[]): boolean {
  return columns.some(({ group }) => group !== undefined);
}

function GroupRow<Row>({
  columns,
  isIndented,
}: {
  columns: readonly Column<Row>[];
  isIndented: boolean;
}): JSX.Element {
  const groups: { readonly title: string; readonly key: string; span: number }[] = [];
  for (const { group = "", key } of columns) {
    const last = groups.at(-1);
    if (last?.title === group) last.span += 1;
    else groups.push({ title: group, key, span: 1 });
  }
  return (
    <tr class="column-groups">
      {isIndented ? <td /> : null}
      {groups.map(({ title, key, span }) =>
        title === "" ? (
          <td key={key} colSpan={span} />
        ) : (
          <th key={key} scope="colgroup" colSpan={span}>
            {title}
          </th>
        ),
      )}
    </tr>
  );
}

function TickAll({ selection }: { selection: Selection }): JSX.Element {
  const { keys, hasAll, toggleAll } = selection;
  return (
    <label class="tick">
      <input
        type="checkbox"
        checked={hasAll}
        indeterminate={keys.size > 0 && !hasAll}
        onClick={toggleAll}
        aria-label="Select all rows that are loaded"
      />
    </label>
  );
}

function HeadCell<Row>({
  column,
  order,
  onOrder,
  layout,
}: TableHeadProps<Row> & { column: Column<Row> }): JSX.Element {
  const { key, label, isNumber, canSort } = column;
  const direction = canSort === true && onOrder !== undefined ? directionOf(order, key) : undefined;
  return (
    <th
      scope="col"
      class={isNumber ? "number" : ""}
      title={direction === undefined ? label : undefined}
      aria-sort={direction}
      data-column={layout === undefined ? undefined : key}
    >
      {direction === undefined ? (
        label
      ) : (
        <button
          type="button"
          class={`sort sort-${direction}`}
          title={`Sort by ${label}`}
          onClick={() => onOrder?.(`${key} ${direction === "descending" ? "ASC" : "DESC"}`)}
        >
          <span>{label}</span>
          <Icon name="sort" />
        </button>
      )}
      {layout === undefined ? null : (
        <ColumnEdge onResize={(width) => layout.onResize(key, width)} />
      )}
    </th>
  );
}

function directionOf(order: string, key: string): "ascending" | "descending" | "none" {
  if (order === `${key} DESC`) return "descending";
  return order === `${key} ASC` ? "ascending" : "none";
}

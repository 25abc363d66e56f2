import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { PagedAnswer } from "../api/use-query.ts";
import { Answered } from "./answered.tsx";
import { Icon } from "./icon.tsx";
import { ScrollRegion } from "./scroll-region.tsx";
import { useVirtual } from "./use-virtual.ts";

/** A column of a {@link DataTable}. */
export interface Column<Row> {
  /** Unique; the API's name of the field where the column can be sorted by. */
  readonly key: string;
  readonly label: string;
  /** Pixels. The column with `grow` also takes what is left. */
  readonly width: number;
  readonly grow?: boolean;
  readonly isNumber?: boolean;
  readonly canSort?: boolean;
  readonly cell: (row: Row) => ComponentChildren;
}

/** Rows that can be ticked. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  readonly toggle: (key: string) => void;
}

export interface DataTableProps<Row> {
  /** What the table holds, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly answer: PagedAnswer<Row>;
  readonly keyOf: (row: Row) => string;
  /** What a row is called when it is ticked. */
  readonly nameOf?: (row: Row) => string;
  readonly selection?: Selection;
  /** `field ASC` or `field DESC`. */
  readonly order?: string;
  readonly onOrder?: (order: string) => void;
  readonly empty: ComponentChildren;
}

const ROW_HEIGHT = 37;
const HEAD_HEIGHT = 34;

/** A table over a paged list: only rows in view are drawn, more are asked for near the end. */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  return (
    <Answered answer={props.answer}>
      {(rows) =>
        // A search that was cut off by its time may have found nothing so far.
        rows.length === 0 && !props.answer.hasMore ? (
          props.empty
        ) : (
          <FilledTable {...props} rows={rows} />
        )
      }
    </Answered>
  );
}

function FilledTable<Row>(props: DataTableProps<Row> & { rows: readonly Row[] }): JSX.Element {
  const { label, columns, answer, rows, selection } = props;
  const scroller = useRef<HTMLElement>(null);
  const view = useVirtual({
    scroller,
    count: rows.length,
    rowHeight: ROW_HEIGHT,
    headHeight: HEAD_HEIGHT,
  });
  useEffect(() => {
    if (answer.hasMore && !answer.isLoadingMore && view.end > rows.length - 20) answer.loadMore();
  }, [answer.hasMore, answer.isLoadingMore, view.end, rows.length]);
  const width = columns.reduce((sum, column) => sum + column.width, selection ? 36 : 0);
  return (
    <ScrollRegion label={label} class="table-scroll" scroller={scroller}>
      <table
        class={answer.isLoading ? "data-table is-stale" : "data-table"}
        style={{ minWidth: `${width}px` }}
        aria-rowcount={answer.hasMore ? -1 : rows.length + 1}
      >
        <Widths columns={columns} hasSelection={selection !== undefined} />
        <Head {...props} />
        <tbody>
          <Gap height={view.before} />
          {rows.slice(view.first, view.end).map((row, index) => (
            <Line key={props.keyOf(row)} row={row} index={view.first + index} table={props} />
          ))}
          <Gap height={view.after} />
        </tbody>
      </table>
      {answer.isLoadingMore ? <p class="muted table-more">Loading more…</p> : null}
    </ScrollRegion>
  );
}

function Widths<Row>({
  columns,
  hasSelection,
}: {
  columns: readonly Column<Row>[];
  hasSelection: boolean;
}): JSX.Element {
  return (
    <colgroup>
      {hasSelection ? <col style={{ width: "36px" }} /> : null}
      {columns.map(({ key, width, grow }) => (
        <col key={key} style={grow ? {} : { width: `${width}px` }} />
      ))}
    </colgroup>
  );
}

function Head<Row>({ columns, selection, order = "", onOrder }: DataTableProps<Row>): JSX.Element {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {selection === undefined ? null : (
          <th scope="col">
            <span class="hidden-text">Selected</span>
          </th>
        )}
        {columns.map((column) => (
          <HeadCell key={column.key} column={column} order={order} onOrder={onOrder} />
        ))}
      </tr>
    </thead>
  );
}

function HeadCell<Row>({
  column,
  order,
  onOrder,
}: {
  column: Column<Row>;
  order: string;
  onOrder: ((order: string) => void) | undefined;
}): JSX.Element {
  const kind = column.isNumber ? "number" : "";
  if (column.canSort !== true || onOrder === undefined) {
    return (
      <th scope="col" class={kind} title={column.label}>
        {column.label}
      </th>
    );
  }
  const direction = directionOf(order, column.key);
  const next = direction === "descending" ? "ASC" : "DESC";
  return (
    <th scope="col" class={kind} aria-sort={direction}>
      <button
        type="button"
        class={`sort sort-${direction}`}
        title={`Sort by ${column.label}`}
        onClick={() => onOrder(`${column.key} ${next}`)}
      >
        <span>{column.label}</span>
        <Icon name="sort" />
      </button>
    </th>
  );
}

function directionOf(order: string, key: string): "ascending" | "descending" | "none" {
  if (order === `${key} DESC`) return "descending";
  return order === `${key} ASC` ? "ascending" : "none";
}

function Line<Row>({
  row,
  index,
  table,
}: {
  row: Row;
  index: number;
  table: DataTableProps<Row>;
}): JSX.Element {
  const { columns, selection, keyOf, nameOf = keyOf } = table;
  const key = keyOf(row);
  const isSelected = selection?.keys.has(key) === true;
  return (
    <tr aria-rowindex={index + 2} class={isSelected ? "is-selected" : ""}>
      {selection === undefined ? null : (
        <td class="select-cell">
          <label class="tick">
            <input
              type="checkbox"
              checked={isSelected}
              onChange={() => selection.toggle(key)}
              aria-label={`Select ${nameOf(row)}`}
            />
          </label>
        </td>
      )}
      {columns.map((column) => (
        <td key={column.key} class={column.isNumber ? "number" : ""}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** Stands for the rows out of view. */
function Gap({ height }: { height: number }): JSX.Element | null {
  if (height === 0) return null;
  return <tr class="gap" style={{ height: `${height}px` }} />;
}

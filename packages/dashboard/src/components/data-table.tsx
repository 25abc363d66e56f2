import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { PagedAnswer } from "../api/use-query.ts";
import { useRowHeight } from "../settings/density.ts";
import { Answered } from "./answered.tsx";
import type { Column, ColumnLayout } from "./column.ts";
import { ScrollRegion } from "./scroll-region.tsx";
import { hasGroups, TableHead } from "./table-head.tsx";
import { type RowOptions, TableRow } from "./table-row.tsx";
import { useRowKeys } from "./use-row-keys.ts";
import { useScrollMemory } from "./use-scroll-memory.ts";
import { useVirtual } from "./use-virtual.ts";

export type { Column } from "./column.ts";

/** What a {@link DataTable} takes. */
export interface DataTableProps<Row> extends RowOptions<Row> {
  /** What the table holds, for screen readers. */
  readonly label: string;
  readonly answer: PagedAnswer<Row>;
  /** `field ASC` or `field DESC`. */
  readonly order?: string;
  readonly onOrder?: (order: string) => void;
  /** Lets the columns be dragged and drawn wider. */
  readonly layout?: ColumnLayout;
  readonly empty: ComponentChildren;
}

const HEAD_HEIGHT = 34;
const GROUPS_HEIGHT = 24;

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
    rowHeight: useRowHeight(),
    headHeight: HEAD_HEIGHT + (hasGroups(columns) ? GROUPS_HEIGHT : 0),
  });
  useScrollMemory(scroller);
  const onKeyDown = useRowKeys({ ...props, scroller, scrollTo: view.scrollTo });
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
        <TableHead
          columns={columns}
          selection={selection}
          order={props.order ?? ""}
          onOrder={props.onOrder}
          layout={props.layout}
        />
        <tbody onKeyDown={onKeyDown}>
          <Gap height={view.before} />
          {rows.slice(view.first, view.end).map((row, index) => (
            <TableRow
              key={props.keyOf(row)}
              row={row}
              index={view.first + index}
              rows={rows}
              table={props}
            />
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

/** Stands for the rows out of view. */
function Gap({ height }: { height: number }): JSX.Element | null {
  if (height === 0) return null;
  return <tr class="gap" style={{ height: `${height}px` }} />;
}

import type { JSX } from "preact";
import type { Column, Selection } from "./column.ts";

/** How a row was opened: Enter on its link, or a click on it. */
export type Opening = "click" | "enter";

/** What a row needs to know of its table. */
export interface RowOptions<Row> {
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** What a row is called when it is ticked. */
  readonly nameOf?: (row: Row) => string;
  readonly selection?: Selection;
  /** Which rows can be ticked. @default all */
  readonly canTick?: (row: Row) => boolean;
  /** Key of the row that is open in the side panel; empty while none is. */
  readonly open?: string;
  /** Opens a row in the side panel: a plain click on its link does. */
  readonly onOpen?: (key: string, how: Opening) => void;
}

/** One row of a table. */
export function TableRow<Row>({
  row,
  index,
  rows,
  table,
}: {
  row: Row;
  /** Place in the list, from 0. */
  index: number;
  /** All rows that are loaded. */
  rows: readonly Row[];
  table: RowOptions<Row>;
}): JSX.Element {
  const { columns, selection, keyOf, nameOf = keyOf } = table;
  const key = keyOf(row);
  const isTicked = selection?.keys.has(key) === true;
  const isOpen = table.open === key;
  const openHere = (event: MouseEvent): void => {
    if (table.onOpen === undefined || !isPlainClick(event)) return;
    event.preventDefault();
    // A click without a pointer is the Enter key.
    table.onOpen(key, event.detail === 0 ? "enter" : "click");
  };
  return (
    <tr
      aria-rowindex={index + 2}
      aria-current={isOpen ? "true" : undefined}
      class={isTicked || isOpen ? "is-selected" : ""}
      onClick={openHere}
    >
      {selection === undefined ? null : (
        <td class="select-cell">
          {table.canTick?.(row) === false ? null : (
            <label class="tick">
              <input
                type="checkbox"
                checked={isTicked}
                onClick={(event) => selection.toggle(key, event.shiftKey)}
                aria-label={`Select ${nameOf(row)}`}
              />
            </label>
          )}
        </td>
      )}
      {columns.map((column) => (
        <td key={column.key} class={column.isNumber ? "number" : ""}>
          {column.cell(row, rows)}
        </td>
      ))}
    </tr>
  );
}

/** Whether a click on the row's own link should stay on the page: with a key held it opens a tab, as links do. */
function isPlainClick(event: MouseEvent): boolean {
  const isLink = event.target instanceof Element && event.target.closest(".row-link") !== null;
  return isLink && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey);
}

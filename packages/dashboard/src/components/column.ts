import type { ComponentChildren, RefObject } from "preact";

/** A column of a table. */
export interface Column<Row> {
  /** Unique; the API's name of the field where the column can be sorted by. */
  readonly key: string;
  readonly label: string;
  /** Pixels. The column with `grow` also takes what is left. */
  readonly width: number;
  readonly grow?: boolean;
  readonly isNumber?: boolean;
  readonly canSort?: boolean;
  /** Title over this column and its neighbours of the same group. */
  readonly group?: string;
  /** Not shown before it is chosen. */
  readonly isHidden?: boolean;
  /** What a cell shows; `rows` are all that are loaded. */
  readonly cell: (row: Row, rows: readonly Row[]) => ComponentChildren;
  /** What an export has of it. @default the row's field of this key */
  readonly value?: (row: Row) => unknown;
}

/** Lets the head of a table change the columns. */
export interface ColumnLayout {
  readonly head: RefObject<HTMLTableSectionElement>;
  readonly onPointerEnter: () => void;
  readonly onResize: (key: string, width: number) => void;
}

/** Rows that can be ticked. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  /** Ticks a row, or takes the tick away; with `isRange` all rows from the one before, too. */
  readonly toggle: (key: string, isRange?: boolean) => void;
  /** Every row that is loaded is ticked. */
  readonly hasAll: boolean;
  /** Ticks every row that is loaded, beside those that are ticked already; where they all are, none. */
  readonly toggleAll: () => void;
}

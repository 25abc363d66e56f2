import { useRef } from "preact/hooks";
import type { Column, ColumnLayout } from "../../components/column.ts";
import { moveColumn, withWidth } from "./column-choice.ts";
import { useColumnDrag } from "./use-column-drag.ts";

/** Lets the head of a list's table move its columns and draw them wider. */
export function useColumnLayout<Row>(
  columns: readonly Column<Row>[],
  choose: (columns: readonly Column<Row>[]) => void,
): ColumnLayout {
  const head = useRef<HTMLTableSectionElement>(null);
  const { onPointerEnter } = useColumnDrag(
    head,
    columns.map(({ key }) => key).join(),
    (key, toPlaceOf) => {
      const place = columns.findIndex((column) => column.key === toPlaceOf);
      choose(moveColumn(columns, key, place));
    },
  );
  const onResize = (key: string, width: number): void =>
    choose(columns.map((column) => (column.key === key ? withWidth(column, width) : column)));
  return { head, onPointerEnter, onResize };
}

import type { JSX } from "preact";

/** The edge of a column's head, which the pointer draws the column wider by. */
export function ColumnEdge({ onResize }: { onResize: (width: number) => void }): JSX.Element {
  const start = (event: JSX.TargetedPointerEvent<HTMLSpanElement>): void => {
    const edge = event.currentTarget;
    const head = edge.closest("th");
    if (head === null || event.button !== 0) return;
    event.preventDefault();
    edge.setPointerCapture(event.pointerId);
    const { width } = head.getBoundingClientRect();
    const widthAt = (x: number): number => Math.max(48, width + x - event.clientX);
    const column = head.closest("table")?.querySelectorAll("col")[head.cellIndex];
    const move = (moved: PointerEvent): void => {
      if (column !== undefined) column.style.width = `${widthAt(moved.clientX)}px`;
    };
    const end = (ended: PointerEvent): void => {
      edge.removeEventListener("pointermove", move);
      onResize(widthAt(ended.clientX));
    };
    edge.addEventListener("pointermove", move);
    edge.addEventListener("pointerup", end, { once: true });
  };
  // The keyboard does the same in the menu of columns.
  return <span class="column-edge" aria-hidden="true" onPointerDown={start} />;
}

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { RowOptions } from "./table-row.tsx";

const STEPS: Readonly<Record<string, 1 | -1>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

/**
 * The keys of a table whose rows are links: arrows, J and K go from row to row, X ticks one (with Shift a range), Escape closes the side
 * panel. While a row is open in the panel, the panel follows. Gives the handler of key presses in the rows.
 */
export function useRowKeys<Row>({
  rows,
  keyOf,
  open = "",
  onOpen,
  selection,
  canTick = () => true,
  scroller,
  scrollTo,
}: Pick<RowOptions<Row>, "keyOf" | "open" | "onOpen" | "selection" | "canTick"> & {
  readonly rows: readonly Row[];
  readonly scroller: RefObject<HTMLElement>;
  readonly scrollTo: (index: number) => void;
}): (event: KeyboardEvent) => void {
  const last = useRef(open);
  const focusRow = (index: number): void =>
    scroller.current
      ?.querySelector<HTMLElement>(`tr[aria-rowindex="${index + 2}"] .row-link`)
      ?.focus();
  useEffect(() => {
    const shown = open === "" ? last.current : open;
    const index = shown === "" ? -1 : rows.findIndex((row) => keyOf(row) === shown);
    last.current = open;
    if (index === -1) return;
    if (open !== "") scrollTo(index);
    // The panel has closed, and the focus went with it.
    else if (document.activeElement === document.body) focusRow(index);
  }, [open]);
  const step = (index: number): void => {
    const row = rows[index];
    if (row === undefined) return;
    focusRow(index);
    if (open !== "") onOpen?.(keyOf(row), "click");
  };
  const tick = (index: number, isRange: boolean): void => {
    const row = rows[index];
    if (row !== undefined && canTick(row)) selection?.toggle(keyOf(row), isRange);
  };
  return (event) => {
    const index = rowOf(event);
    if (index === undefined) return;
    const by = STEPS[event.key];
    if (by !== undefined) step(index + by);
    else if (event.key.toLowerCase() === "x") tick(index, event.shiftKey);
    else if (event.key === "Escape" && open !== "") onOpen?.("", "click");
    else return;
    event.preventDefault();
  };
}

/** Place of the row whose link a key was pressed on; nothing where the key is meant for something else. */
function rowOf(event: KeyboardEvent): number | undefined {
  const link = event.target instanceof Element ? event.target.closest(".row-link") : null;
  if (link === null || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  return Number(link.closest("tr")?.getAttribute("aria-rowindex")) - 2;
}

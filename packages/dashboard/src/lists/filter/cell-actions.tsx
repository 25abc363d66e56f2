import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { Column } from "../../components/column.ts";
import { lazyComponent } from "../../components/lazy-component.tsx";
import type { ListSpec } from "../list-spec.ts";
import type { CellMenuProps } from "./cell-menu.tsx";
import type { Clause } from "./clause.ts";
import { fieldOf } from "./field-of.ts";
import type { CellFilter } from "./filter-spec.ts";

const CellMenu = lazyComponent<CellMenuProps>(async () => (await import("./more.ts")).CellMenu);

/**
 * Filters by a cell: two small buttons at the cell under the pointer, and a menu where a menu is asked for, with every
 * cell of the row when that is done by the keyboard. Drawn once for the whole table, so that rows stay light.
 */
export function CellActions<Row extends object>(props: {
  readonly spec: Pick<ListSpec<Row>, "filter" | "cellFilter">;
  /** As they are drawn. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly onFilter: (clause: Clause) => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { spec, onFilter, children } = props;
  const [hovered, setHovered] = useState<FoundCell>();
  const [menu, setMenu] = useState<readonly FoundCell[]>([]);
  if (spec.cellFilter === undefined) return <>{children}</>;
  const clear = (): void => setHovered(undefined);
  const openMenu = (event: MouseEvent): void => {
    const byMouse = event.button === 2;
    // The browser's own menu opens a link in a new tab.
    if (byMouse && event.target instanceof Element && event.target.closest("a") !== null) return;
    const cells = byMouse ? found(cellAt(event.target), props) : cellsOfRow(event.target, props);
    if (cells.length === 0) return;
    event.preventDefault();
    setMenu(cells);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens to what bubbles up from the table
    <div
      class="cell-host"
      onPointerOver={(event) => {
        if (event.pointerType === "touch" || isOwn(event.target)) return;
        setHovered(found(cellAt(event.target), props)[0]);
      }}
      onPointerLeave={clear}
      onScrollCapture={clear}
      onContextMenu={openMenu}
    >
      {children}
      {hovered === undefined ? null : (
        <Buttons
          cell={hovered}
          label={fieldOf(hovered.filter.field, spec.filter).label}
          onFilter={onFilter}
        />
      )}
      {menu.length === 0 ? null : (
        <CellMenu cells={menu} spec={spec.filter} onFilter={onFilter} onClose={() => setMenu([])} />
      )}
    </div>
  );
}

type Cells<Row extends object> = Pick<
  Parameters<typeof CellActions<Row>>[0],
  "spec" | "columns" | "rows"
>;

/** A cell that can be filtered by. */
export interface FoundCell {
  readonly cell: HTMLTableCellElement;
  readonly filter: CellFilter;
}

function isOwn(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".cell-actions, .cell-menu") !== null;
}

function cellAt(target: EventTarget | null): HTMLTableCellElement | null {
  return target instanceof Element ? target.closest<HTMLTableCellElement>("tbody td") : null;
}

function cellsOfRow<Row extends object>(
  target: EventTarget | null,
  table: Cells<Row>,
): readonly FoundCell[] {
  const row = cellAt(target)?.closest("tr");
  return [...(row?.cells ?? [])].flatMap((cell) => found(cell, table));
}

function found<Row extends object>(
  cell: HTMLTableCellElement | null,
  { spec, columns, rows }: Cells<Row>,
): readonly FoundCell[] {
  const line = cell?.closest("tr");
  const row = rows[Number(line?.getAttribute("aria-rowindex")) - 2];
  if (cell === null || row === undefined || line === null || line === undefined) return [];
  const ticks = line.querySelectorAll(".select-cell").length;
  const column = columns[cell.cellIndex - ticks];
  const filter = column === undefined ? undefined : spec.cellFilter?.(row, column.key);
  return filter === undefined ? [] : [{ cell, filter }];
}

function Buttons({
  cell: { cell, filter },
  label,
  onFilter,
}: {
  cell: FoundCell;
  label: string;
  onFilter: (clause: Clause) => void;
}): JSX.Element {
  const { right, top, height } = cell.getBoundingClientRect();
  const signs = [
    ["is", "=", "Only"],
    ["is-not", "≠", "Without"],
  ] as const;
  return (
    <div class="cell-actions" style={{ left: `${right}px`, top: `${top + height / 2}px` }}>
      {signs.map(([operator, sign, word]) => (
        <button
          key={operator}
          type="button"
          tabIndex={-1}
          title={`${word} ${label} = ${filter.value}`}
          onClick={() => onFilter({ ...filter, operator })}
        >
          <span aria-hidden="true">{sign}</span>
          <span class="hidden-text">
            {word} {label} = {filter.value}
          </span>
        </button>
      ))}
    </div>
  );
}

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { placeUnder } from "../../components/menu.tsx";
import type { FoundCell } from "./cell-actions.tsx";
import type { Clause } from "./clause.ts";
import { fieldOf } from "./field-of.ts";
import type { FilterSpec } from "./filter-spec.ts";

/** What a {@link CellMenu} takes. */
export interface CellMenuProps {
  /** One, or all of a row. */
  readonly cells: readonly FoundCell[];
  readonly spec: FilterSpec;
  readonly onFilter: (clause: Clause) => void;
  readonly onClose: () => void;
}

/** What can be done with the value of a cell. */
export function CellMenu({ cells, spec, onFilter, onClose }: CellMenuProps): JSX.Element {
  const panel = useRef<HTMLDivElement>(null);
  const [first] = cells;
  useEffect(() => {
    if (panel.current === null || first === undefined) return;
    panel.current.showPopover();
    placeUnder(panel.current, first.cell);
    panel.current.querySelector("button")?.focus();
  }, [first]);
  const choose = (clause: Clause): void => {
    panel.current?.hidePopover();
    onFilter(clause);
  };
  return (
    <div
      ref={panel}
      popover="auto"
      class="menu-panel cell-menu"
      onToggle={(event) => {
        if (event.newState === "closed") onClose();
      }}
    >
      <div class="menu-list">
        {cells.flatMap(({ filter }) => {
          const words = `${fieldOf(filter.field, spec).label} = ${filter.value}`;
          return [
            <button
              key={`only ${words}`}
              type="button"
              onClick={() => choose({ ...filter, operator: "is" })}
            >
              Only {words}
            </button>,
            <button
              key={`without ${words}`}
              type="button"
              onClick={() => choose({ ...filter, operator: "is-not" })}
            >
              Without {words}
            </button>,
          ];
        })}
      </div>
    </div>
  );
}

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Column } from "../../components/column.ts";
import { Menu } from "../../components/menu.tsx";
import { moveColumn, withWidth } from "./column-choice.ts";
import { useColumnDrag } from "./use-column-drag.ts";

/** Columns listed per group; the search box finds the rest. */
const LISTED = 50;
/** Pixels that a column grows by with each press of a key. */
const STEP = 16;

interface ColumnMenuProps<Row> {
  /** Every column there is. */
  readonly all: readonly Column<Row>[];
  readonly shown: readonly Column<Row>[];
  readonly onChange: (columns: readonly Column<Row>[]) => void;
}

/** Chooses which columns are shown, in which order and how wide: by pointer and by keyboard. */
export function ColumnMenu<Row>(props: ColumnMenuProps<Row>): JSX.Element {
  return (
    <Menu label="Columns" icon="columns" canShrink>
      <ColumnLists {...props} />
    </Menu>
  );
}

function ColumnLists<Row>({ all, shown, onChange }: ColumnMenuProps<Row>): JSX.Element {
  const [text, setText] = useState("");
  const hidden = all.filter(({ key }) => !shown.some((column) => column.key === key));
  const groups = [...new Set(hidden.map(({ group = "More columns" }) => group))];
  const isFound = ({ label }: Column<Row>): boolean =>
    label.toLowerCase().includes(text.toLowerCase());
  return (
    <>
      <input
        class="input"
        type="search"
        aria-label="Find a column"
        placeholder="Find a column"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <ShownColumns columns={shown} isFound={isFound} onChange={onChange} />
      {groups.map((group) => (
        <HiddenColumns
          key={group}
          title={group}
          columns={hidden.filter((one) => (one.group ?? "More columns") === group && isFound(one))}
          onChoose={(column) => onChange([...shown, column])}
        />
      ))}
    </>
  );
}

function ShownColumns<Row>({
  columns,
  isFound,
  onChange,
}: {
  columns: readonly Column<Row>[];
  isFound: (column: Column<Row>) => boolean;
  onChange: (columns: readonly Column<Row>[]) => void;
}): JSX.Element {
  const list = useRef<HTMLFieldSetElement>(null);
  const drag = useColumnDrag(list, columns.map(({ key }) => key).join(), (key, toPlaceOf) =>
    onChange(moveColumn(columns, key, placeOf(columns, toPlaceOf))),
  );
  const onKey = (event: KeyboardEvent, column: Column<Row>): void => {
    const place = placeOf(columns, column.key);
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
    const wider = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key] ?? 0;
    if (event.altKey && by !== 0) onChange(moveColumn(columns, column.key, place + by));
    else if (wider !== 0) onChange(columns.with(place, withWidth(column, column.width + wider)));
    else return;
    event.preventDefault();
  };
  return (
    <fieldset ref={list} class="tick-list shown-columns" {...drag}>
      <legend>Shown. Drag, or Alt ↑ ↓, moves a column; ← → changes its width.</legend>
      {columns.filter(isFound).map((column) => (
        <label key={column.key} class="tick" data-column={column.key}>
          <input
            type="checkbox"
            checked
            disabled={column === columns[0]}
            onKeyDown={(event) => onKey(event, column)}
            onChange={() => onChange(columns.filter((other) => other !== column))}
          />
          {column.label}
        </label>
      ))}
    </fieldset>
  );
}

function HiddenColumns<Row>({
  title,
  columns,
  onChoose,
}: {
  title: string;
  columns: readonly Column<Row>[];
  onChoose: (column: Column<Row>) => void;
}): JSX.Element | null {
  if (columns.length === 0) return null;
  return (
    <fieldset class="tick-list">
      <legend>{title}</legend>
      {columns.slice(0, LISTED).map((column) => (
        <label key={column.key} class="tick">
          <input type="checkbox" checked={false} onChange={() => onChoose(column)} />
          {column.label}
        </label>
      ))}
      {columns.length > LISTED ? <p class="muted">{columns.length - LISTED} more</p> : null}
    </fieldset>
  );
}

function placeOf<Row>(columns: readonly Column<Row>[], key: string): number {
  return columns.findIndex((column) => column.key === key);
}

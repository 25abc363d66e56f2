import type { RunKeys } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Menu } from "../../components/menu.tsx";
import type { KeyColumn, KeyKind } from "./run-columns.tsx";

const KINDS: readonly (readonly [kind: KeyKind, title: string])[] = [
  ["metrics", "Metrics"],
  ["params", "Parameters"],
  ["tags", "Tags"],
];

/** Keys listed per kind; the search box finds the rest. */
const LISTED = 50;

/** Chooses which metrics, params and tags are columns. */
export function ColumnMenu({
  keys,
  chosen,
  onChange,
}: {
  keys: RunKeys;
  chosen: readonly KeyColumn[];
  onChange: (columns: readonly KeyColumn[]) => void;
}): JSX.Element {
  const [text, setText] = useState("");
  const isChosen = (column: KeyColumn): boolean =>
    chosen.some(({ kind, key }) => kind === column.kind && key === column.key);
  const toggle = (column: KeyColumn): void =>
    onChange(
      isChosen(column)
        ? chosen.filter(({ kind, key }) => kind !== column.kind || key !== column.key)
        : [...chosen, column],
    );
  return (
    <Menu label="Columns" icon="columns">
      <input
        class="input"
        type="search"
        aria-label="Find a column"
        placeholder="Find a column"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {KINDS.map(([kind, title]) => {
        const found = keys[kind].filter((key) => key.toLowerCase().includes(text.toLowerCase()));
        return found.length === 0 ? null : (
          <fieldset key={kind} class="tick-list">
            <legend>{title}</legend>
            {found.slice(0, LISTED).map((key) => (
              <label key={key} class="tick">
                <input
                  type="checkbox"
                  checked={isChosen({ kind, key })}
                  onChange={() => toggle({ kind, key })}
                />
                {key}
              </label>
            ))}
            {found.length > LISTED ? <p class="muted">{found.length - LISTED} more</p> : null}
          </fieldset>
        );
      })}
    </Menu>
  );
}

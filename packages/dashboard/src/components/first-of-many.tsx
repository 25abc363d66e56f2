import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { formatCount } from "../format/numbers.ts";

/** As many are drawn; a text finds the others. */
const DRAWN = 100;

/** Draws the first of many things; where there are more, a box finds the others by a text in them. */
export function FirstOfMany<T>({
  label,
  items,
  textOf,
  children,
}: {
  /** What is looked for, such as `Find among the tags`. */
  label: string;
  items: readonly T[];
  textOf: (item: T) => string;
  children: (drawn: readonly T[]) => ComponentChildren;
}): JSX.Element {
  const [text, setText] = useState("");
  if (items.length <= DRAWN) return <>{children(items)}</>;
  const sought = text.toLowerCase();
  const found = items.filter((item) => textOf(item).toLowerCase().includes(sought));
  const more = found.length - DRAWN;
  return (
    <>
      <input
        class="input"
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {children(found.slice(0, DRAWN))}
      {more > 0 ? <p class="muted">and {formatCount(more)} more</p> : null}
      {found.length === 0 ? (
        <p class="muted">None of {formatCount(items.length)} matches.</p>
      ) : null}
    </>
  );
}

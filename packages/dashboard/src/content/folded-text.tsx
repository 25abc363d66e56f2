import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { formatCount } from "../format/numbers.ts";

/** Longer texts are folded until somebody wants all of it. */
const FOLDED = 6_000;

/** A text of which the beginning is shown where it is long. */
export function FoldedText({
  text,
  children,
}: {
  text: string;
  /** Draws what is shown of it. */
  children: (text: string) => ComponentChildren;
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  if (text.length <= FOLDED) return <>{children(text)}</>;
  return (
    <div class="folded">
      {children(isOpen ? text : text.slice(0, FOLDED))}
      <button type="button" class="link-button" onClick={() => setOpen(!isOpen)}>
        {isOpen ? "Show less" : `Show all ${formatCount(text.length)} characters`}
      </button>
    </div>
  );
}

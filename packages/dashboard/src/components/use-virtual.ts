import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { usePrinting } from "./use-printing.ts";
import { LIKELY_VIEW, useScrolling } from "./use-scrolling.ts";

/** The part of a long list that is in view. */
export interface VirtualRows {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  /** Pixels above the first and below the last drawn row. */
  readonly before: number;
  readonly after: number;
  readonly scrollTo: (index: number) => void;
}

/** Rows that are drawn above and below those in view. */
const OVERSCAN = 12;

/** Draws only the rows in view of a scrolling element. All rows are `rowHeight` pixels high. */
export function useVirtual(options: {
  readonly scroller: RefObject<HTMLElement>;
  readonly count: number;
  readonly rowHeight: number;
  /** Height of what stays on top of the rows, such as a sticky head. */
  readonly headHeight?: number;
}): VirtualRows {
  const { scroller, count, rowHeight, headHeight = 0 } = options;
  // Counted in rows, so that a scroll within one draws nothing anew.
  const [above, setAbove] = useState(0);
  const [inView, setInView] = useState(Math.ceil(LIKELY_VIEW / rowHeight));
  const look = ({ scrollTop, clientHeight }: HTMLElement): void => {
    setAbove(Math.floor(scrollTop / rowHeight));
    setInView(Math.ceil(clientHeight / rowHeight));
  };
  useScrolling(scroller, look, rowHeight);
  const isPrinted = usePrinting();
  if (isPrinted) return onPaper(count, rowHeight);
  // A list that has become shorter is drawn before the browser tells that it is scrolled less.
  const first = Math.max(0, Math.min(above, count - inView) - OVERSCAN);
  const end = Math.min(count, above + inView + 1 + OVERSCAN);
  return {
    first,
    end,
    before: first * rowHeight,
    after: (count - end) * rowHeight,
    scrollTo: (index) => {
      const element = scroller.current;
      if (element === null) return;
      const atTop = index * rowHeight;
      const atBottom = atTop + rowHeight + headHeight - element.clientHeight;
      element.scrollTop = Math.min(Math.max(element.scrollTop, atBottom), atTop);
    },
  };
}

/** So many rows are printed; more would keep the browser busy for long, and fill a hundred pages. */
const MOST_ON_PAPER = 2_000;

/** Paper does not scroll: every row is on it. */
function onPaper(count: number, rowHeight: number): VirtualRows {
  const end = Math.min(count, MOST_ON_PAPER);
  return { first: 0, end, before: 0, after: (count - end) * rowHeight, scrollTo: () => undefined };
}

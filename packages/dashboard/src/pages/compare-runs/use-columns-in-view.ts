import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { useScrolling } from "../../components/use-scrolling.ts";

/** Width of a run's column in pixels, as the style sheet has it. */
const WIDTH = 184;
/** Columns drawn beyond those in view on either side. */
const MARGIN = 4;

/** The columns in view, and the room that stands for the others. */
export interface ColumnsInView {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  /** Pixels. */
  readonly before: number;
  readonly after: number;
}

/** Which of many equally wide columns are in view of what scrolls them. */
export function useColumnsInView(scroller: RefObject<HTMLElement>, count: number): ColumnsInView {
  const [[left, width], setSeen] = useState<readonly [number, number]>([0, 1_600]);
  useScrolling(scroller, ({ scrollLeft, clientWidth }) => {
    // Half a margin is scrolled before anything is drawn anew.
    const step = (WIDTH * MARGIN) / 2;
    const start = Math.floor(scrollLeft / step) * step;
    setSeen((seen) => (seen[0] === start && seen[1] === clientWidth ? seen : [start, clientWidth]));
  });
  const first = Math.max(0, Math.floor(left / WIDTH) - MARGIN);
  const end = Math.min(count, Math.ceil((left + width) / WIDTH) + MARGIN);
  return { first, end, before: first * WIDTH, after: (count - end) * WIDTH };
}

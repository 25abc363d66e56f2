import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useReducer, useState } from "preact/hooks";

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

/** Draws only the rows in view of a scrolling element. All rows are `rowHeight` pixels high. */
export function useVirtual(options: {
  readonly scroller: RefObject<HTMLElement>;
  readonly count: number;
  readonly rowHeight: number;
  /** Height of what stays on top of the rows, such as a sticky head. */
  readonly headHeight?: number;
}): VirtualRows {
  const { scroller, count, rowHeight, headHeight = 0 } = options;
  const [, draw] = useReducer((drawn: number) => drawn + 1, 0);
  const settings = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: headHeight,
    initialRect: { width: 0, height: 800 },
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => draw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(settings));
  virtualizer.setOptions(settings);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const end = (items.at(-1)?.index ?? -1) + 1;
  return {
    first,
    end,
    before: first * rowHeight,
    after: Math.max(0, count - end) * rowHeight,
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: "auto" }),
  };
}

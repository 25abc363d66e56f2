import type { RefObject } from "preact";
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { LIKELY_VIEW, useScrolling } from "./use-scrolling.ts";
import type { VirtualRows } from "./use-virtual.ts";

/** Rows of different heights: each is given `measure` as its ref, and its place as `data-index`. */
export interface MeasuredRows extends VirtualRows {
  readonly measure: (row: HTMLElement | null) => void;
}

interface MeasuredRowsOptions {
  readonly scroller: RefObject<HTMLElement>;
  readonly count: number;
  /** What a row is taken to be high until it has been drawn. */
  readonly likelyHeight: number;
  readonly keyOf: (index: number) => string;
}

/** Rows that are drawn above and below those in view. */
const OVERSCAN = 3;

/** Draws only the rows in view of a scrolling element, as high as they turn out to be. */
export function useMeasuredRows(options: MeasuredRowsOptions): MeasuredRows {
  const { scroller, count, keyOf } = options;
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(LIKELY_VIEW);
  useScrolling(scroller, ({ scrollTop, clientHeight }) => {
    setTop(scrollTop);
    setHeight(clientHeight);
  });
  const { heights, wanted, measure } = useHeights(options);
  const starts = startsOf(options, heights);
  const first = Math.max(0, rowAt(starts, top) - OVERSCAN);
  const end = Math.min(count, rowAt(starts, top + height) + 1 + OVERSCAN);
  return {
    first,
    end,
    before: starts[first] ?? 0,
    after: (starts[count] ?? 0) - (starts[end] ?? 0),
    measure,
    scrollTo: (index) => {
      if (!heights.has(keyOf(index))) wanted.current = index;
      scroller.current?.scrollTo({ top: starts[index] ?? 0 });
    },
  };
}

/** Pixels above each row, and last above the end of the list. */
function startsOf(
  { count, keyOf, likelyHeight }: MeasuredRowsOptions,
  heights: ReadonlyMap<string, number>,
): readonly number[] {
  const starts = [0];
  for (let index = 0; index < count; index += 1) {
    starts.push((starts[index] ?? 0) + (heights.get(keyOf(index)) ?? likelyHeight));
  }
  return starts;
}

/** The row at so many pixels of the list. */
function rowAt(starts: readonly number[], top: number): number {
  const below = starts.findIndex((start) => start > top);
  return Math.max(0, (below === -1 ? starts.length - 1 : below) - 1);
}

interface Heights extends Pick<MeasuredRows, "measure"> {
  /** What each row that has been drawn was high, by its key. */
  readonly heights: ReadonlyMap<string, number>;
  /** Row that is to be on top as soon as it has been drawn. */
  readonly wanted: { current: number | undefined };
}

/** Measures rows. What turns out higher or lower above the row on top does not move that row. */
function useHeights(options: MeasuredRowsOptions): Heights {
  const [, draw] = useReducer((drawn: number) => drawn + 1, 0);
  const [heights] = useState(() => new Map<string, number>());
  const wanted = useRef<number>();
  const measure = useSizes((rows) => {
    const scroller = options.scroller.current;
    if (scroller === null) return;
    const before = startsOf(options, heights);
    const onTop = wanted.current ?? rowAt(before, scroller.scrollTop);
    const top = wanted.current === undefined ? scroller.scrollTop : (before[onTop] ?? 0);
    wanted.current = undefined;
    for (const row of rows) {
      heights.set(options.keyOf(Number(row.dataset["index"])), row.offsetHeight);
    }
    scroller.scrollTop = top + (startsOf(options, heights)[onTop] ?? 0) - (before[onTop] ?? 0);
    draw(undefined);
  });
  return { heights, wanted, measure };
}

/** Gives the ref of elements, of which is told when they are there and when their size has changed. */
function useSizes(onSizes: (elements: readonly HTMLElement[]) => void): MeasuredRows["measure"] {
  const latest = useRef(onSizes);
  latest.current = onSizes;
  const [sizes] = useState(
    () =>
      new ResizeObserver((entries) => {
        const elements = entries.map(({ target }) => target as HTMLElement);
        for (const element of elements) if (!element.isConnected) sizes.unobserve(element);
        latest.current(elements.filter((element) => element.isConnected));
      }),
  );
  useEffect(() => () => sizes.disconnect(), [sizes]);
  const [observe] = useState(() => (element: HTMLElement | null): void => {
    if (element !== null) sizes.observe(element);
  });
  return observe;
}

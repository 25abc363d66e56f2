import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Looks at an element that scrolls: at first, whenever it is scrolled or its size changes, and when `anew` changes. */
export function useScrolling(
  scroller: RefObject<HTMLElement>,
  look: (element: HTMLElement) => void,
  anew?: number,
): void {
  const latest = useRef(look);
  latest.current = look;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onChange = (): void => latest.current(element);
    onChange();
    element.addEventListener("scroll", onChange, { passive: true });
    const sizes = new ResizeObserver(onChange);
    sizes.observe(element);
    return () => {
      element.removeEventListener("scroll", onChange);
      sizes.disconnect();
    };
  }, [scroller, anew]);
}

/** What a list is taken to be high before it has been looked at, in pixels. */
export const LIKELY_VIEW = 800;

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { forEntry } from "../routing/history-entry.ts";

/** Keeps how far a list is scrolled with the entry of the browser's history: Back finds it where it was left. */
export function useScrollMemory(scroller: RefObject<HTMLElement>): void {
  useLayoutEffect(() => {
    const top = forEntry.read("scroll");
    if (typeof top === "number" && scroller.current !== null) scroller.current.scrollTop = top;
  }, []);
  useEffect(() => {
    const element = scroller.current;
    const keep = (): void => forEntry.write("scroll", element?.scrollTop ?? 0);
    element?.addEventListener("scrollend", keep);
    return () => element?.removeEventListener("scrollend", keep);
  }, []);
}

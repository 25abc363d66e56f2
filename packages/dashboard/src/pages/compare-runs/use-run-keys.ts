import type { RefObject } from "preact";
import { useRef, useState } from "preact/hooks";

/** What the link around a run's mark in a drawing needs. */
export interface MarkProps {
  readonly "data-run": number;
  readonly tabindex: 0 | -1;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
  readonly onPointerEnter: () => void;
  readonly onPointerLeave: () => void;
}

/** Which run of a drawing is pointed at, by mouse or keyboard. */
export interface RunKeys {
  readonly drawing: RefObject<SVGSVGElement>;
  /** Place of the run. */
  readonly pointed: number | undefined;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly markOf: (run: number) => MarkProps;
}

/** Lets arrow keys, Home and End go from run to run in a drawing, which is one stop of the Tab key. */
export function useRunKeys(order: readonly number[]): RunKeys {
  const drawing = useRef<SVGSVGElement>(null);
  const [pointed, setPointed] = useState<number>();
  const [last, setLast] = useState(-1);
  const stop = Math.max(0, order.indexOf(last));
  const leave = (): void => setPointed(undefined);
  return {
    drawing,
    pointed,
    onKeyDown: (event) => {
      const next = order[placeFor(event.key, stop, order.length) ?? -1];
      if (next === undefined) return;
      event.preventDefault();
      drawing.current?.querySelector<SVGAElement>(`[data-run="${next}"]`)?.focus();
    },
    markOf: (run) => ({
      "data-run": run,
      tabindex: run === order[stop] ? 0 : -1,
      onFocus: () => {
        setPointed(run);
        setLast(run);
      },
      onBlur: leave,
      onPointerEnter: () => setPointed(run),
      onPointerLeave: leave,
    }),
  };
}

function placeFor(key: string, at: number, count: number): number | undefined {
  if (key === "ArrowRight" || key === "ArrowDown") return at + 1;
  if (key === "ArrowLeft" || key === "ArrowUp") return at - 1;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : undefined;
}

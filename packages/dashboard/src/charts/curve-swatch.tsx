import type { JSX } from "preact";
import { dashOf, PALETTE_SIZE } from "./curves.ts";

/** A piece of a run's line: its colour and its pattern. */
export function CurveSwatch({ color }: { color: number }): JSX.Element {
  return (
    <svg class={`swatch curve-${color % PALETTE_SIZE}`} viewBox="0 0 24 8" aria-hidden="true">
      <line x1="0" y1="4" x2="24" y2="4" stroke-dasharray={dashOf(color).join(" ")} />
    </svg>
  );
}

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Brush } from "./brushes.ts";
import type { ComparedField } from "./compared-fields.ts";
import type { FieldScale } from "./field-scale.ts";

/** How far the pointer may be from an axis, in pixels. */
const GRIP = 14;
/** A shorter drag is a click, which takes the brush away. */
const SHORTEST = 0.01;
/** Nearer to an end than this, the end is meant. */
const SNAP = 0.02;

export interface ParallelAxisProps {
  readonly field: ComparedField;
  readonly scale: FieldScale | undefined;
  readonly x: number;
  readonly top: number;
  readonly length: number;
  /** The labels of the last axis stand on its far side, where no line is. */
  readonly isLast: boolean;
  readonly brush: Brush | undefined;
  readonly onBrush: (brush: Brush | undefined) => void;
}

/** One axis with its name, its ticks, and the part of it that is looked at. */
export function ParallelAxis(props: ParallelAxisProps): JSX.Element {
  const { field, scale, x, top, length, isLast, onBrush } = props;
  const start = useRef<number>();
  const [drawn, setDrawn] = useState<Brush>();
  const placeOf = (event: PointerEvent): number => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const place = 1 - (event.clientY - box.top) / box.height;
    return place > 1 - SNAP ? 1 : place < SNAP ? 0 : place;
  };
  const move = (event: PointerEvent): void => {
    if (start.current === undefined) return;
    const ends = [start.current, placeOf(event)] as const;
    setDrawn([Math.min(...ends), Math.max(...ends)]);
  };
  const end = (): void => {
    if (start.current === undefined) return;
    start.current = undefined;
    const isClick = drawn === undefined || drawn[1] - drawn[0] < SHORTEST;
    onBrush(isClick ? undefined : drawn);
    setDrawn(undefined);
  };
  const brush = drawn ?? props.brush;
  return (
    <g class="parallel-axis" transform={`translate(${x} ${top})`}>
      <text class="axis-name" y={-16}>
        {field.label.length > 18 ? `${field.label.slice(0, 17)}…` : field.label}
      </text>
      <line y2={length} />
      {scale?.ticks.map(({ place, label }) => (
        <text
          key={label}
          x={isLast ? 6 : -6}
          y={(1 - place) * length + 4}
          class={isLast ? "tick-label is-after" : "tick-label"}
        >
          {label.length > 10 ? `${label.slice(0, 9)}…` : label}
        </text>
      ))}
      {brush === undefined ? null : (
        <rect
          class="brush"
          x={-6}
          width={12}
          y={(1 - brush[1]) * length}
          height={(brush[1] - brush[0]) * length}
        />
      )}
      <rect
        class="grip"
        x={-GRIP}
        width={2 * GRIP}
        height={length}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = placeOf(event);
        }}
        onPointerMove={move}
        onPointerUp={end}
      />
    </g>
  );
}

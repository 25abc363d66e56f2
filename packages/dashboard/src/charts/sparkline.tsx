import type { JSX } from "preact";

const HEIGHT = 28;

/** A course of values without axes, for the size of a word. Gaps are where there is no value. */
export function Sparkline({ values }: { values: readonly (number | null)[] }): JSX.Element | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const top = Math.max(...known, 0) || 1;
  const points = values.map((value, x) =>
    value === null ? undefined : ([x, HEIGHT - 1 - (value / top) * (HEIGHT - 3)] as const),
  );
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${values.length - 1} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={lineThrough(points)} />
    </svg>
  );
}

function lineThrough(points: readonly (readonly [x: number, y: number] | undefined)[]): string {
  return points
    .map((point, index) => {
      if (point === undefined) return "";
      const isStart = points[index - 1] === undefined;
      // A value between two gaps is a dash, or nothing of it would show.
      const end = isStart && points[index + 1] === undefined ? "h0.4" : "";
      return `${isStart ? "M" : "L"}${point[0]} ${point[1].toFixed(1)}${end}`;
    })
    .join("");
}

import type { JSX } from "preact";
import type { Brush, Brushes } from "./brushes.ts";
import type { ComparedField } from "./compared-fields.ts";

/** The parts of axes as sliders, for those who do not drag in the drawing. */
export function AxisRanges({
  axes,
  brushes,
  onBrush,
}: {
  axes: readonly ComparedField[];
  brushes: Brushes;
  onBrush: (id: string, brush: Brush | undefined) => void;
}): JSX.Element {
  return (
    <details class="axis-ranges">
      <summary>Narrow by sliders</summary>
      <ul>
        {axes.map(({ id, label }) => {
          const [from, to] = brushes.get(id) ?? [0, 1];
          const change = (low: number, high: number): void =>
            onBrush(id, low <= 0 && high >= 1 ? undefined : [low, high]);
          return (
            <li key={id}>
              <span>{label}</span>
              <Slider
                label={`${label} from`}
                value={from}
                onInput={(low) => change(low, Math.max(low, to))}
              />
              <Slider
                label={`${label} to`}
                value={to}
                onInput={(high) => change(Math.min(from, high), high)}
              />
            </li>
          );
        })}
      </ul>
    </details>
  );
}

function Slider({
  label,
  value,
  onInput,
}: {
  label: string;
  value: number;
  onInput: (value: number) => void;
}): JSX.Element {
  return (
    <input
      type="range"
      min="0"
      max="1"
      step="0.01"
      aria-label={label}
      value={value}
      onInput={(event) => onInput(Number(event.currentTarget.value))}
    />
  );
}

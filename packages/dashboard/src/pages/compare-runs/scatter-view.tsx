import type { ComparedRun, RunComparison } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { type ComparedField, fieldsOf, mainMetric, valuesOf } from "./compared-fields.ts";
import { type FieldScale, scaleOf } from "./field-scale.ts";
import { FieldSelect } from "./field-select.tsx";
import { useRunKeys } from "./use-run-keys.ts";
import { useWidth } from "./use-width.ts";

const HEIGHT = 420;
const BOX = { left: 70, right: 20, top: 16, bottom: 46 } as const;

/** Two params or metrics against each other, a dot per run. */
export function ScatterView({ comparison }: { comparison: RunComparison }): JSX.Element {
  const fields = useMemo(() => fieldsOf(comparison), [comparison]);
  const [xId, setX] = useQueryState("across");
  const [yId, setY] = useQueryState("up");
  const y = fields.find(({ id }) => id === yId) ?? mainMetric(fields) ?? fields[0];
  const x = fields.find(({ id }) => id === xId) ?? fields.find((field) => field !== y) ?? fields[0];
  if (x === undefined || y === undefined) return <p class="muted">There is nothing to draw.</p>;
  return (
    <div class="sweep">
      <div class="toolbar">
        <FieldSelect label="X axis" fields={fields} value={x.id} onChange={setX} />
        <FieldSelect label="Y axis" fields={fields} value={y.id} onChange={setY} />
      </div>
      <Dots runs={comparison.runs} x={x} y={y} />
    </div>
  );
}

function Dots({
  runs,
  x,
  y,
}: {
  runs: readonly ComparedRun[];
  x: ComparedField;
  y: ComparedField;
}): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const [across, up] = useMemo(() => [scaleOf(x), scaleOf(y)], [x, y]);
  const dots = useMemo(() => dotsOf([x, across], [y, up]), [x, y, across, up]);
  const { drawing, pointed, onKeyDown, markOf } = useRunKeys(dots.map(({ run }) => run));
  const box = {
    ...BOX,
    width: Math.max(0, width - BOX.left - BOX.right),
    height: HEIGHT - BOX.top - BOX.bottom,
  };
  return (
    <div ref={host} class="scatter">
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing has no fieldset */}
      <svg
        ref={drawing}
        role="group"
        aria-label="Runs"
        width={width}
        height={HEIGHT}
        onKeyDown={onKeyDown}
      >
        <Frame across={across} up={up} box={box} />
        {dots.map(({ run: index, left, height }) => {
          const run = runs[index];
          if (run === undefined) return null;
          const label = `${run.name}: ${valuesOf([x, y], index)}`;
          return (
            <a key={run.id} href={paths.run(run)} aria-label={label} {...markOf(index)}>
              <circle
                class={index === pointed ? "is-pointed" : ""}
                cx={box.left + left * box.width}
                cy={box.top + (1 - height) * box.height}
                r={5}
              />
            </a>
          );
        })}
        <text class="axis-name" x={box.left + box.width / 2} y={HEIGHT - 6}>
          {x.label}
        </text>
      </svg>
      <p class="parallel-note">
        {pointed === undefined ? (
          <span class="muted">
            {y.label} against {x.label}. Point at a dot for its values, or go from dot to dot by
            arrow keys; click it or press Enter for its run.
          </span>
        ) : (
          <>
            <strong>{runs[pointed]?.name}</strong> {valuesOf([x, y], pointed)}
          </>
        )}
      </p>
    </div>
  );
}

/** Where the dot of a run is, as shares of the drawing. */
interface Dot {
  readonly run: number;
  readonly left: number;
  readonly height: number;
}

/** A dot for each run that has both values, from left to right. */
function dotsOf(
  [x, across]: readonly [ComparedField, FieldScale],
  [y, up]: readonly [ComparedField, FieldScale],
): readonly Dot[] {
  return x.values
    .flatMap((value, run) => {
      const [left, height] = [across.place(value), up.place(y.values[run] ?? null)];
      return left === undefined || height === undefined ? [] : [{ run, left, height }];
    })
    .sort((a, b) => a.left - b.left);
}

function Frame({
  across,
  up,
  box,
}: {
  across: FieldScale;
  up: FieldScale;
  box: typeof BOX & { readonly width: number; readonly height: number };
}): JSX.Element {
  return (
    <g class="scatter-frame">
      {up.ticks.map(({ place, label }) => {
        const y = box.top + (1 - place) * box.height;
        return (
          <g key={label}>
            <line x1={box.left} x2={box.left + box.width} y1={y} y2={y} />
            <text class="tick-label" x={box.left - 8} y={y + 4}>
              {label}
            </text>
          </g>
        );
      })}
      {across.ticks.map(({ place, label }) => {
        const x = box.left + place * box.width;
        return (
          <g key={label}>
            <line x1={x} x2={x} y1={box.top} y2={box.top + box.height} />
            <text
              class={place === 1 ? "axis-name is-tick is-at-end" : "axis-name is-tick"}
              x={place === 1 ? x + BOX.right : x}
              y={box.top + box.height + 18}
            >
              {label.length > 18 ? `${label.slice(0, 17)}…` : label}
            </text>
          </g>
        );
      })}
    </g>
  );
}

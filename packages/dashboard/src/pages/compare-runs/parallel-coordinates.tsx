import type { ComparedRun } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { ScrollRegion } from "../../components/scroll-region.tsx";
import { paths } from "../../routing/paths.ts";
import type { Brush, Brushes } from "./brushes.ts";
import { type ComparedField, valuesOf } from "./compared-fields.ts";
import { type FieldScale, scaleOf } from "./field-scale.ts";
import { ParallelAxis } from "./parallel-axis.tsx";
import { type MarkProps, useRunKeys } from "./use-run-keys.ts";
import { useWidth } from "./use-width.ts";

const HEIGHT = 340;
/** Room above the axes for their names, and below. */
const TOP = 34;
const BOTTOM = 16;
const MIN_GAP = 110;
/** Room for the labels beside the first and the last axis. */
const SIDE = 84;

export interface ParallelProps {
  readonly runs: readonly ComparedRun[];
  /** An axis each. */
  readonly axes: readonly ComparedField[];
  /** Gives the lines their colour. */
  readonly color: ComparedField | undefined;
  readonly brushes: Brushes;
  readonly onBrush: (id: string, brush: Brush | undefined) => void;
  /** Places of the runs that lie within all brushes. */
  readonly kept: ReadonlySet<number>;
}

/** A line per run through its values on every axis. Dragging along an axis keeps the runs that pass there. */
export function ParallelCoordinates(props: ParallelProps): JSX.Element {
  const { runs, axes, color, brushes, onBrush, kept } = props;
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const scales = useMemo(() => axes.map(scaleOf), [axes]);
  const shares = useMemo(() => sharesOf(color), [color]);
  const gap = Math.max(MIN_GAP, (width - 2 * SIDE) / Math.max(1, axes.length - 1));
  const lines = useMemo(
    () => runs.map((_, index) => pathOf({ axes, scales, gap }, index)),
    [runs, axes, scales, gap],
  );
  const order = [...lines.keys()].sort((a, b) => Number(kept.has(a)) - Number(kept.has(b)));
  // From the first axis on by what is lowest there.
  const { drawing, pointed, onKeyDown, markOf } = useRunKeys(
    useMemo(() => orderOf([...kept], axes[0], scales[0]), [kept, axes, scales]),
  );
  return (
    <div ref={host} class="parallel">
      <ScrollRegion label="Parallel coordinates" class="wide-table">
        {/* biome-ignore lint/a11y/useSemanticElements: a drawing has no fieldset */}
        <svg
          ref={drawing}
          role="group"
          aria-label="Runs"
          width={2 * SIDE + gap * (axes.length - 1)}
          height={HEIGHT}
          style={{ "--ink": inkOf(kept.size) }}
          onKeyDown={onKeyDown}
        >
          {order.map((index) => {
            const run = runs[index];
            return run === undefined ? null : (
              <RunLine
                key={run.id}
                run={run}
                values={valuesOf(axes, index)}
                path={lines[index] ?? ""}
                share={shares[index] ?? 0.5}
                state={kept.has(index) ? (index === pointed ? "is-pointed" : "") : "is-out"}
                mark={markOf(index)}
              />
            );
          })}
          {axes.map((field, index) => (
            <ParallelAxis
              key={field.id}
              field={field}
              scale={scales[index]}
              x={SIDE + gap * index}
              top={TOP}
              length={HEIGHT - TOP - BOTTOM}
              isLast={index === axes.length - 1}
              brush={brushes.get(field.id)}
              onBrush={(brush) => onBrush(field.id, brush)}
            />
          ))}
        </svg>
      </ScrollRegion>
      <PointedRun name={runs[pointed ?? -1]?.name} values={valuesOf(axes, pointed ?? -1)} />
    </div>
  );
}

/** Of many lines each is fainter, so that where they run together is seen. */
function inkOf(count: number): number {
  return Math.max(0.25, Math.min(0.75, 60 / count));
}

/** Says which run is pointed at. */
function PointedRun({ name, values }: { name: string | undefined; values: string }): JSX.Element {
  return (
    <p class="parallel-note">
      {name === undefined ? (
        <span class="muted">
          Drag along an axis to keep the runs that pass there. Arrow keys go from line to line.
        </span>
      ) : (
        <>
          <strong>{name}</strong> {values}
        </>
      )}
    </p>
  );
}

/** A run's line, which leads to the run. */
function RunLine({
  run,
  values,
  path,
  share,
  state,
  mark,
}: {
  run: ComparedRun;
  values: string;
  path: string;
  share: number;
  state: "is-pointed" | "is-out" | "";
  mark: MarkProps;
}): JSX.Element {
  return (
    <a href={paths.run(run)} aria-label={`${run.name}: ${values}`} {...mark}>
      <path d={path} class={state} style={{ "--share": share }} />
    </a>
  );
}

/** Runs by their place on an axis, from its lower end; those without a value last. */
function orderOf(
  runs: readonly number[],
  field: ComparedField | undefined,
  scale: FieldScale | undefined,
): readonly number[] {
  const place = (run: number): number => scale?.place(field?.values[run] ?? null) ?? 2;
  return runs.toSorted((a, b) => place(a) - place(b));
}

function sharesOf(color: ComparedField | undefined): readonly (number | undefined)[] {
  if (color === undefined) return [];
  const scale = scaleOf(color);
  return color.values.map((value) => scale.place(value));
}

function pathOf(
  {
    axes,
    scales,
    gap,
  }: { axes: readonly ComparedField[]; scales: readonly FieldScale[]; gap: number },
  run: number,
): string {
  let path = "";
  let isBroken = true;
  axes.forEach((field, index) => {
    const place = scales[index]?.place(field.values[run] ?? null);
    if (place !== undefined) {
      const y = TOP + (1 - place) * (HEIGHT - TOP - BOTTOM);
      path += `${isBroken ? "M" : "L"}${(SIDE + gap * index).toFixed(1)} ${y.toFixed(1)}`;
    }
    isBroken = place === undefined;
  });
  return path;
}

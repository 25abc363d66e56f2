import { useMemo } from "preact/hooks";
import { useQueryState } from "../../routing/query-state.ts";
import type { ComparedField } from "./compared-fields.ts";
import { scaleOf } from "./field-scale.ts";

/** The part of an axis that is looked at, from 0 to 1. */
export type Brush = readonly [from: number, to: number];

/** Parts of axes, by the id of their field. */
export type Brushes = ReadonlyMap<string, Brush>;

/** Parts of axes, kept in the URL. */
export function useBrushes(): readonly [Brushes, (id: string, brush: Brush | undefined) => void] {
  const [text, setText] = useQueryState("brush");
  const brushes = useMemo(() => readBrushes(text), [text]);
  const set = (id: string, brush: Brush | undefined): void => {
    const next = new Map(brushes);
    if (brush === undefined) next.delete(id);
    else next.set(id, brush);
    setText(
      [...next]
        .map(([name, part]) => `${part.map((end) => end.toFixed(3)).join("~")}~${name}`)
        .join("\n"),
    );
  };
  return [brushes, set];
}

function readBrushes(text: string): Brushes {
  return new Map(
    text.split("\n").flatMap((line) => {
      const [, from, to, id] = /^([\d.]+)~([\d.]+)~(.+)$/.exec(line) ?? [];
      if (id === undefined) return [];
      return [[id, [Number(from), Number(to)]] as const];
    }),
  );
}

/** Places of the runs that lie within all brushes. */
export function brushed(
  fields: readonly ComparedField[],
  brushes: Brushes,
  count: number,
): ReadonlySet<number> {
  const axes = fields.flatMap((field) => {
    const brush = brushes.get(field.id);
    return brush === undefined ? [] : [{ field, brush, scale: scaleOf(field) }];
  });
  const places = Array.from({ length: count }, (_, index) => index);
  return new Set(
    places.filter((index) =>
      axes.every(({ field, brush: [from, to], scale }) => {
        const place = scale.place(field.values[index] ?? null);
        return place !== undefined && place >= from - 1e-6 && place <= to + 1e-6;
      }),
    ),
  );
}

import { RivuletError } from "@rivulet/domain";
import { seededRandom } from "../seeded-random.ts";
import type { SweepSettings } from "./sweep-input.ts";
import { isRange, numberAt, type SweepRange } from "./sweep-range.ts";

/** What the children of a sweep try. */
export interface Combinations {
  /** In their order. */
  readonly chosen: readonly Readonly<Record<string, unknown>>[];
  /** The seed, of what was drawn at random. */
  readonly drawn: { readonly seed?: number };
}

/** Every combination, of which the last param changes fastest, or different ones drawn at random. */
export function combinations(settings: SweepSettings, random: () => number): Combinations {
  const { strategy = "grid", params, count = 0 } = settings;
  const axes = Object.entries(params);
  if (strategy === "grid") return { chosen: every(axes.flatMap(listed)), drawn: {} };
  const seed = settings.seed ?? Math.floor(random() * 2 ** 32);
  return { chosen: draw(axes, count, seededRandom(seed)), drawn: { seed } };
}

type Axis<Values> = readonly [key: string, values: Values];
type List = Axis<readonly unknown[]>;

/** Ranges are in no grid. */
function listed([key, values]: Axis<readonly unknown[] | SweepRange>): readonly List[] {
  return isRange(values) ? [] : [[key, values]];
}

function every(axes: readonly List[]): Combinations["chosen"] {
  let places: readonly (readonly number[])[] = [[]];
  for (const [, values] of axes) {
    places = places.flatMap((place) => values.map((_, index) => [...place, index]));
  }
  return places.map((place) => at(axes, place));
}

/** Draws for each child, after which there are no others: of ranges that have hardly any numbers. */
const MOST_DRAWS = 1_000;

/** Each once. @throws RivuletError `invalid_argument` when there are not as many */
function draw(
  axes: readonly Axis<readonly unknown[] | SweepRange>[],
  count: number,
  random: () => number,
): Combinations["chosen"] {
  const drawn = new Map<string, Readonly<Record<string, unknown>>>();
  for (let draws = 0; drawn.size < count; draws += 1) {
    if (draws > MOST_DRAWS * count) throw tooFew(drawn.size, count);
    // A value of a list is known by its place: others may be equal to it.
    const places = axes.map(([, values]) =>
      isRange(values) ? numberAt(values, random()) : Math.floor(random() * values.length),
    );
    const chosen = axes.map(([key, values], index) => {
      const place = places[index] ?? 0;
      return [key, isRange(values) ? place : values[place]];
    });
    drawn.set(places.join(), Object.fromEntries(chosen));
  }
  return [...drawn.values()];
}

function tooFew(found: number, count: number): RivuletError {
  const message = `sweep.count: of ${count} different combinations only ${found} were found. Draw fewer, or widen the ranges.`;
  return new RivuletError("invalid_argument", message, { details: { field: "sweep.count" } });
}

function at(axes: readonly List[], place: readonly number[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(axes.map(([key, values], index) => [key, values[place[index] ?? 0]]));
}

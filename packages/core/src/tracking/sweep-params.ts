import { seededRandom } from "../seeded-random.ts";
import type { SweepSettings } from "./sweep-input.ts";

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
  if (strategy === "grid") return { chosen: every(axes), drawn: {} };
  const seed = settings.seed ?? Math.floor(random() * 2 ** 32);
  return { chosen: draw(axes, count, seededRandom(seed)), drawn: { seed } };
}

type Axes = readonly (readonly [key: string, values: readonly unknown[]])[];

function every(axes: Axes): Combinations["chosen"] {
  let places: readonly (readonly number[])[] = [[]];
  for (const [, values] of axes) {
    places = places.flatMap((place) => values.map((_, index) => [...place, index]));
  }
  return places.map((place) => at(axes, place));
}

/** Each once; there are as many. */
function draw(axes: Axes, count: number, random: () => number): Combinations["chosen"] {
  const places = new Map<string, readonly number[]>();
  while (places.size < count) {
    const place = axes.map(([, values]) => Math.floor(random() * values.length));
    places.set(place.join(), place);
  }
  return [...places.values()].map((place) => at(axes, place));
}

function at(axes: Axes, place: readonly number[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(axes.map(([key, values], index) => [key, values[place[index] ?? 0]]));
}

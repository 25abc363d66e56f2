import { ConfusionMatrix } from "ml-confusion-matrix";
import { type Flower, SPECIES } from "../iris.ts";
import { type Classifier, indexOfLargest } from "./classifier.ts";

/** How well a classifier does on some flowers. */
export interface Quality {
  /** Share of flowers whose species is found. */
  readonly accuracy: number;
  /** Mean negative log of the true species' probability; lower is better. */
  readonly loss: number;
}

export function measure(classifier: Classifier, flowers: readonly Flower[]): Quality {
  const answers = flowers.map(({ measures, species }) => ({
    species,
    probabilities: classifier.predict(measures),
  }));
  const right = answers.filter(
    ({ species, probabilities }) => indexOfLargest(probabilities) === species,
  );
  const losses = answers.map(
    ({ species, probabilities }) => -Math.log(Math.max(probabilities[species] ?? 0, 1e-12)),
  );
  return {
    accuracy: right.length / flowers.length,
    loss: losses.reduce((sum, loss) => sum + loss, 0) / flowers.length,
  };
}

/** Rows are the true species, columns what the classifier said. */
export interface Confusion {
  readonly labels: readonly string[];
  readonly matrix: readonly (readonly number[])[];
}

export function confuse(classifier: Classifier, flowers: readonly Flower[]): Confusion {
  const name = (index: number): string => SPECIES[index] ?? String(index);
  const matrix = ConfusionMatrix.fromLabels(
    flowers.map(({ species }) => name(species)),
    flowers.map(({ measures }) => name(indexOfLargest(classifier.predict(measures)))),
    { labels: [...SPECIES] },
  );
  return { labels: [...SPECIES], matrix: matrix.getMatrix() };
}

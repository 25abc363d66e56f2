import * as z from "zod";
import { type Flower, SPECIES } from "../iris.ts";
import type { Classifier } from "./classifier.ts";
import { fitScale, type Scale, scaled, scaleSchema } from "./scale.ts";

/** How a softmax regression is trained. */
export interface SoftmaxSettings {
  readonly learningRate: number;
  readonly epochs: number;
}

const modelSchema = z.object({
  kind: z.literal("softmax"),
  scale: scaleSchema,
  weights: z.array(z.array(z.number())),
});

/**
 * Multinomial logistic regression by gradient descent over all flowers. It stands here, because the
 * libraries tell nothing between start and end, and a curve needs every epoch.
 */
export function* trainSoftmax(
  flowers: readonly Flower[],
  { learningRate, epochs }: SoftmaxSettings,
): Generator<Classifier> {
  const scale = fitScale(flowers);
  const rows = flowers.map(({ measures, species }) => ({
    input: withBias(scale, measures),
    species,
  }));
  const weights = SPECIES.map(() => rows[0]?.input.map(() => 0) ?? []);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const gradient = weights.map((row) => row.map(() => 0));
    for (const { input, species } of rows) {
      probabilities(weights, input).forEach((probability, index) => {
        const error = probability - (index === species ? 1 : 0);
        addScaled(gradient[index], input, error / rows.length);
      });
    }
    weights.forEach((row, index) => {
      addScaled(row, gradient[index] ?? [], -learningRate);
    });
    yield softmax(scale, weights);
  }
}

/** @throws when it is none */
export function readSoftmax(json: unknown): Classifier {
  const { scale, weights } = modelSchema.parse(json);
  return softmax(scale, weights);
}

function softmax(scale: Scale, weights: readonly (readonly number[])[]): Classifier {
  return {
    predict: (measures) => probabilities(weights, withBias(scale, measures)),
    toJSON: () => ({ kind: "softmax", scale, weights }),
  };
}

function withBias(scale: Scale, measures: readonly number[]): readonly number[] {
  return [1, ...scaled(scale, measures)];
}

function probabilities(
  weights: readonly (readonly number[])[],
  input: readonly number[],
): readonly number[] {
  const scores = weights.map((row) =>
    row.reduce((sum, weight, index) => sum + weight * (input[index] ?? 0), 0),
  );
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

function addScaled(target: number[] = [], values: readonly number[], factor: number): void {
  values.forEach((value, index) => {
    target[index] = (target[index] ?? 0) + value * factor;
  });
}

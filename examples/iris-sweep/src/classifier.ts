import * as tf from "@tensorflow/tfjs";
import { FEATURES, type Flower, SPECIES } from "./data.ts";

tf.enableProdMode();

/** A network that starts with the same weights each time. */
export function makeClassifier(settings: {
  readonly units: number;
  readonly learningRate: number;
}): tf.LayersModel {
  const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: settings.units,
        activation: "relu",
        kernelInitializer: seeded(1),
        inputShape: [FEATURES.length],
      }),
      tf.layers.dense({
        units: SPECIES.length,
        activation: "softmax",
        kernelInitializer: seeded(2),
      }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(settings.learningRate),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

export function toTensors(flowers: readonly Flower[]): {
  readonly xs: tf.Tensor2D;
  readonly ys: tf.Tensor2D;
} {
  const xs = tf.tensor2d(flowers.map(({ measures }) => [...measures]));
  const numbers = tf.tensor1d(
    flowers.map(({ species }) => species),
    "int32",
  );
  return { xs, ys: tf.oneHot(numbers, SPECIES.length) as tf.Tensor2D };
}

/** The probability of each species, for each row. */
export function predict(model: tf.LayersModel, rows: readonly (readonly number[])[]): number[][] {
  return tf.tidy(() =>
    (model.predict(tf.tensor2d(rows.map((row) => [...row]))) as tf.Tensor2D).arraySync(),
  );
}

/** The number of the species that is most probable; the first, where a diverged model says NaN to all. */
export function mostProbable(probabilities: readonly number[]): number {
  return Math.max(0, probabilities.indexOf(Math.max(...probabilities)));
}

import type { ActiveRun, LoggedModel, Rivulet, SweepResult } from "@rivulet/core";
import { logTfjsModel, rivuletCallback } from "@rivulet/tfjs";
import { ConfusionMatrix } from "ml-confusion-matrix";
import { makeClassifier, mostProbable, predict, toTensors } from "./classifier.ts";
import { describe, FEATURES, SPECIES, test, train, validation } from "./data.ts";

// The last rate makes numbers that no float can hold: such a child must not end the sweep, nor win it.
const GRID = { learningRate: [0.001, 0.01, 0.1, 1e30], units: [4, 16] } as const;

/** What was tried, and the model of each child. */
export type IrisSweep = SweepResult<typeof GRID, LoggedModel>;

/** Trains a classifier for each combination, in children of one run. */
export function sweepClassifiers(rivulet: Rivulet): Promise<IrisSweep> {
  return rivulet.runs.sweep(
    { experiment: "iris", params: GRID, metric: "val_loss", better: "lower" },
    trainOne,
  );
}

async function trainOne(
  run: ActiveRun,
  settings: { readonly learningRate: number; readonly units: number },
): Promise<LoggedModel> {
  await run.logInput(describe(train), { context: "training" });
  await run.logInput(describe(validation), { context: "validation" });
  const model = makeClassifier(settings);
  const { xs, ys } = toTensors(train);
  const held = toTensors(validation);
  await model.fit(xs, ys, {
    epochs: 30,
    batchSize: 16,
    shuffle: false, // which has no seed
    validationData: [held.xs, held.ys],
    callbacks: rivuletCallback(run),
  });

  const answers = predict(
    model,
    test.map(({ measures }) => measures),
  ).map(mostProbable);
  const right = answers.filter((answer, index) => answer === test[index]?.species);
  run.logMetric("test_accuracy", right.length / test.length);
  await logConfusion(run, answers);
  return logTfjsModel(run, model, {
    name: "classifier",
    signature: { inputs: FEATURES.map((name) => ({ name, type: "double" })) },
  });
}

async function logConfusion(run: ActiveRun, answers: readonly number[]): Promise<void> {
  const actual = test.map(({ species }) => species);
  const counts = ConfusionMatrix.fromLabels(actual, [...answers], { labels: [0, 1, 2] });
  const cells = counts
    .getMatrix()
    .flatMap((row, at) =>
      row.map((count, place) => ({ actual: SPECIES[at], predicted: SPECIES[place], count })),
    );
  await run.logTable("confusion.json", cells);
  await run.logFigure("confusion.vl.json", {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    data: { values: cells },
    mark: "rect",
    encoding: {
      x: { field: "predicted", type: "nominal" },
      y: { field: "actual", type: "nominal" },
      color: { field: "count", type: "quantitative" },
    },
  });
}

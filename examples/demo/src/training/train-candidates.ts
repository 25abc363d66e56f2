import type { ActiveRun, Params, Rivulet } from "@rivulet/core";
import type { Flower, IrisSplit } from "../iris.ts";
import type { Classifier } from "./classifier.ts";
import { trainForest } from "./forest.ts";
import { confuse, measure, type Quality } from "./measure.ts";
import { trainSoftmax } from "./softmax.ts";

/** Where the runs of the demo are. */
export const TRAINING_EXPERIMENT = "iris-classifiers";
/** Where a run keeps its model. */
export const MODEL_PATH = "model/classifier.json";
/** Where a run keeps its confusion matrix on the test flowers. */
export const CONFUSION_PATH = "evaluation/confusion-matrix.json";

interface Recipe {
  readonly name: string;
  readonly params: Params;
  readonly train: (flowers: readonly Flower[]) => Iterable<Classifier>;
}

const RECIPES: readonly Recipe[] = [
  softmaxRecipe("softmax-slow", { learningRate: 0.05, epochs: 120 }),
  softmaxRecipe("softmax-fast", { learningRate: 0.8, epochs: 120 }),
  {
    name: "random-forest",
    params: { algorithm: "random forest", trees: 40, maxFeatures: 2 },
    train: (flowers) => trainForest(flowers, { trees: 40, maxFeatures: 2 }),
  },
];

function softmaxRecipe(
  name: string,
  settings: { readonly learningRate: number; readonly epochs: number },
): Recipe {
  return {
    name,
    params: { algorithm: "softmax regression", ...settings },
    train: (flowers) => trainSoftmax(flowers, settings),
  };
}

/** One trained classifier and its run. */
export interface Candidate {
  readonly name: string;
  readonly runId: string;
  /** Points of each of its curves. */
  readonly epochs: number;
  readonly validation: Quality;
  readonly test: Quality;
}

/** What {@link trainCandidates} found. */
export interface TrainingResult {
  /** The run in which the others are nested. */
  readonly runId: string;
  readonly candidates: readonly Candidate[];
  /** Chosen by the validation flowers; the test flowers have no say. */
  readonly best: Candidate;
}

/** Trains every recipe in a run of its own, with curves, confusion matrix and the model itself. */
export function trainCandidates(
  rivulet: Rivulet,
  split: IrisSplit,
  onDone: (candidate: Candidate) => void,
): Promise<TrainingResult> {
  const options = {
    experiment: TRAINING_EXPERIMENT,
    name: "compare-classifiers",
    params: { flowers: split.train.length, validation: split.validation.length },
  };
  return rivulet.runs.with(options, async (parent) => {
    const candidates: Candidate[] = [];
    for (const recipe of RECIPES) {
      const { name, params } = recipe;
      const nested = { experiment: TRAINING_EXPERIMENT, name, params };
      const candidate = await rivulet.runs.with(nested, (run) => trainOne(run, recipe, split));
      candidates.push(candidate);
      onDone(candidate);
    }
    const best = candidates.toSorted(byValidation)[0];
    if (best === undefined) throw new Error("There is no recipe to train.");
    await parent.setTags({ best: best.name });
    return { runId: parent.id, candidates, best };
  });
}

function byValidation(one: Candidate, other: Candidate): number {
  const accuracy = other.validation.accuracy - one.validation.accuracy;
  return accuracy === 0 ? one.validation.loss - other.validation.loss : accuracy;
}

async function trainOne(run: ActiveRun, recipe: Recipe, split: IrisSplit): Promise<Candidate> {
  let epochs = 0;
  let classifier: Classifier | undefined;
  for (classifier of recipe.train(split.train)) {
    epochs += 1;
    logQuality(run, "train", { ...measure(classifier, split.train), step: epochs });
    logQuality(run, "validation", { ...measure(classifier, split.validation), step: epochs });
  }
  if (classifier === undefined) throw new Error(`${recipe.name} trained for no epoch.`);
  const validation = measure(classifier, split.validation);
  const test = measure(classifier, split.test);
  logQuality(run, "test", { ...test, step: epochs });
  await run.logArtifact(MODEL_PATH, JSON.stringify(classifier));
  await run.logArtifact(CONFUSION_PATH, JSON.stringify(confuse(classifier, split.test)));
  return { name: recipe.name, runId: run.id, epochs, validation, test };
}

function logQuality(
  run: ActiveRun,
  part: string,
  { accuracy, loss, step }: Quality & { readonly step: number },
): void {
  run.logMetrics({ [`${part}/accuracy`]: accuracy, [`${part}/loss`]: loss }, { step });
}

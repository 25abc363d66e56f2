import { RandomForestClassifier } from "ml-random-forest";
import * as z from "zod";
import { type Flower, SPECIES } from "../iris.ts";
import type { Classifier } from "./classifier.ts";

/** How a forest is trained. */
export interface ForestSettings {
  readonly trees: number;
  /** Features that each tree may look at. */
  readonly maxFeatures: number;
}

const modelSchema = z.object({
  kind: z.literal("forest"),
  forest: z.looseObject({ name: z.literal("RFClassifier") }),
});

const SEED = 7;

/** Grows a forest and shows it after each of its trees, so that its growth has a curve, too. */
export function* trainForest(
  flowers: readonly Flower[],
  { trees, maxFeatures }: ForestSettings,
): Generator<Classifier> {
  const forest = new RandomForestClassifier({
    nEstimators: trees,
    maxFeatures,
    replacement: false,
    seed: SEED,
    noOOB: true,
  });
  forest.train(
    flowers.map(({ measures }) => [...measures]),
    flowers.map(({ species }) => species),
  );
  for (let count = 1; count <= trees; count += 1) yield toClassifier(forest, count);
}

/** @throws when it is none */
export function readForest(json: unknown): Classifier {
  const { forest } = modelSchema.parse(json);
  const loaded = RandomForestClassifier.load(
    forest as unknown as Parameters<typeof RandomForestClassifier.load>[0],
  );
  return toClassifier(loaded, Number.POSITIVE_INFINITY);
}

/** The first `count` trees vote; one vote is added for each species, so that none is impossible. */
function toClassifier(forest: RandomForestClassifier, count: number): Classifier {
  return {
    predict: (measures) => {
      const votes = forest
        .predictionValues([[...measures]])
        .getRow(0)
        .slice(0, count);
      return SPECIES.map(
        (_, species) =>
          (votes.filter((vote) => vote === species).length + 1) / (votes.length + SPECIES.length),
      );
    },
    toJSON: () => ({ kind: "forest", forest: forest.toJSON() }),
  };
}

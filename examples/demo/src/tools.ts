import type { Rivulet } from "@rivulet/core";
import * as z from "zod";
import { FEATURES, type Feature, type Flower, SPECIES, type Species } from "./iris.ts";
import { indexOfLargest, readClassifier } from "./training/classifier.ts";

/** The registered model that the agents predict with. */
export const MODEL_NAME = "iris-classifier";

/** A tool, free of any library: both agents get the same ones. */
export interface DemoTool {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodObject;
  /** @throws when the arguments do not fit the schema */
  execute(input: unknown): Promise<unknown>;
}

const measureSchema = z.number().positive();

const flowerSchema = z.object({
  sepalLength: measureSchema.describe("Sepal length in cm"),
  sepalWidth: measureSchema.describe("Sepal width in cm"),
  petalLength: measureSchema.describe("Petal length in cm"),
  petalWidth: measureSchema.describe("Petal width in cm"),
}) satisfies z.ZodType<Record<Feature, number>>;

const statisticsSchema = z.object({
  species: z.enum(SPECIES).describe("Species of iris"),
  feature: z.enum(FEATURES).describe("What was measured"),
  statistic: z.enum(["mean", "minimum", "maximum"]).describe("Which figure"),
});

/** The tools of the agents. */
export function createTools(rivulet: Rivulet, flowers: readonly Flower[]): readonly DemoTool[] {
  return [
    {
      name: "predict_species",
      description:
        "Predicts the species of an iris from its four measures, with the production model.",
      schema: flowerSchema,
      execute: (input) => predict(rivulet, flowerSchema.parse(input)),
    },
    {
      name: "species_statistics",
      description: "Looks up the mean, minimum or maximum of one measure of one species.",
      schema: statisticsSchema,
      execute: async (input) => lookUp(flowers, statisticsSchema.parse(input)),
    },
  ];
}

/** Asks the registry which version is in production, loads its artifact, and predicts with it. */
async function predict(
  rivulet: Rivulet,
  flower: Readonly<Record<Feature, number>>,
): Promise<{ species: string; probability: number; source: string }> {
  const version = await rivulet.models.getVersion(`${MODEL_NAME}@production`);
  const classifier = readClassifier(await rivulet.models.load(`${MODEL_NAME}@${version.version}`));
  const probabilities = classifier.predict(FEATURES.map((feature) => flower[feature]));
  const best = indexOfLargest(probabilities);
  return {
    species: SPECIES[best] ?? "unknown",
    probability: round(probabilities[best] ?? 0),
    source: `model ${MODEL_NAME}, version ${version.version}`,
  };
}

/** The figure that {@link lookUp} gives; also what the demo's questions expect. */
export function statisticOf(
  flowers: readonly Flower[],
  query: {
    readonly species: Species;
    readonly feature: Feature;
    readonly statistic: "mean" | "minimum" | "maximum";
  },
): number {
  const values = flowers
    .filter(({ species }) => SPECIES[species] === query.species)
    .map(({ measures }) => measures[FEATURES.indexOf(query.feature)] ?? 0);
  if (query.statistic === "minimum") return Math.min(...values);
  if (query.statistic === "maximum") return Math.max(...values);
  return round(values.reduce((sum, value) => sum + value, 0) / values.length);
}

function lookUp(flowers: readonly Flower[], query: z.infer<typeof statisticsSchema>): object {
  const count = flowers.filter(({ species }) => SPECIES[species] === query.species).length;
  return {
    ...query,
    value: statisticOf(flowers, query),
    unit: "cm",
    source: `data set iris, ${count} flowers of ${query.species}`,
  };
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

import { FEATURES, type Flower, SPECIES } from "./iris.ts";
import { statisticOf } from "./tools.ts";

/** A question of a user, and what a good answer says. */
export interface Question {
  readonly text: string;
  /** The species, or the figure. */
  readonly answer: string;
}

/** Centimetres to what people measure in. */
const UNITS = [
  { name: "cm", factor: 1, digits: 1 },
  { name: "mm", factor: 10, digits: 0 },
  { name: "in", factor: 1 / 2.54, digits: 2 },
] as const;

const FLOWERS_PER_SPECIES = 6;

/**
 * Questions about flowers that no classifier has seen, in three units, and about figures of the data set.
 * What comes out is known of all of them.
 */
export function createQuestions(
  testFlowers: readonly Flower[],
  allFlowers: readonly Flower[],
): readonly Question[] {
  const flowers = SPECIES.flatMap((_, species) =>
    testFlowers.filter((flower) => flower.species === species).slice(0, FLOWERS_PER_SPECIES),
  );
  return [...flowers.map(askForSpecies), ...askForFigures(allFlowers)];
}

function askForSpecies({ measures, species }: Flower, index: number): Question {
  const unit = UNITS[index % UNITS.length] ?? UNITS[0];
  const described = FEATURES.map((feature, place) => {
    const value = ((measures[place] ?? 0) * unit.factor).toFixed(unit.digits);
    return `${inWords(feature)} ${value} ${unit.name}`;
  });
  return {
    text: `I found an iris with ${described.slice(0, 3).join(", ")} and ${described[3]}. Which species is it?`,
    answer: SPECIES[species] ?? "",
  };
}

function askForFigures(flowers: readonly Flower[]): readonly Question[] {
  const asked = [
    ["average", "mean", "petalLength"],
    ["largest", "maximum", "sepalWidth"],
  ] as const;
  return SPECIES.flatMap((species) =>
    asked.map(([word, statistic, feature]) => ({
      text: `What is the ${word} ${inWords(feature)} of Iris ${species}?`,
      answer: String(statisticOf(flowers, { species, statistic, feature })),
    })),
  );
}

function inWords(feature: string): string {
  return feature.replaceAll(/([A-Z])/g, " $1").toLowerCase();
}

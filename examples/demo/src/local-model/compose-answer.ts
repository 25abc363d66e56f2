import * as z from "zod";
import type { LocalMessage } from "./messages.ts";
import type { Instructions } from "./read-instructions.ts";

const predictionSchema = z.object({ species: z.string(), probability: z.number() });
const figureSchema = z.object({
  statistic: z.string(),
  feature: z.string(),
  species: z.string(),
  value: z.number(),
  unit: z.string(),
});
const sourceSchema = z.object({ source: z.string() });

/** One sentence per tool result, and what it rests on when that is asked for. */
export function composeAnswer(
  results: readonly LocalMessage[],
  { namesSource }: Instructions,
): string {
  const read = results.map(({ text }) => readResult(text));
  const sentences = read.map(sentenceFor);
  const sources = read.flatMap((result) => sourceSchema.safeParse(result).data?.source ?? []);
  const source = namesSource && sources.length > 0 ? [`Source: ${sources.join("; ")}.`] : [];
  return [...sentences, ...source].join(" ");
}

function readResult(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function sentenceFor(result: unknown): string {
  const figure = figureSchema.safeParse(result);
  if (figure.success) {
    const { statistic, feature, species, value, unit } = figure.data;
    const what = feature.replaceAll(/([A-Z])/g, " $1").toLowerCase();
    return `The ${statistic} ${what} of Iris ${species} is ${value} ${unit}.`;
  }
  const prediction = predictionSchema.safeParse(result);
  if (prediction.success) {
    const { species, probability } = prediction.data;
    return `This is most likely an Iris ${species} (${Math.round(probability * 100)} %).`;
  }
  return `My tool answered: ${typeof result === "string" ? result : JSON.stringify(result)}`;
}

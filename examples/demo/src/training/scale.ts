import * as z from "zod";
import { FEATURES, type Flower } from "../iris.ts";

/** Mean and standard deviation of each feature, over the flowers learned from. */
export interface Scale {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** Schema of {@link Scale}. */
export const scaleSchema: z.ZodType<Scale> = z.object({
  means: z.array(z.number()),
  deviations: z.array(z.number()),
});

export function fitScale(flowers: readonly Flower[]): Scale {
  const columns = FEATURES.map((_, index) => flowers.map(({ measures }) => measures[index] ?? 0));
  const means = columns.map(meanOf);
  const deviations = columns.map((column, index) =>
    Math.sqrt(meanOf(column.map((value) => (value - (means[index] ?? 0)) ** 2))),
  );
  return { means, deviations };
}

export function scaled(
  { means, deviations }: Scale,
  measures: readonly number[],
): readonly number[] {
  return measures.map((value, index) => (value - (means[index] ?? 0)) / (deviations[index] ?? 1));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

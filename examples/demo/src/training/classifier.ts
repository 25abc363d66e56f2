import * as z from "zod";
import { readForest } from "./forest.ts";
import { readSoftmax } from "./softmax.ts";

/** A trained model. */
export interface Classifier {
  /** The probability of each species. */
  predict(measures: readonly number[]): readonly number[];
  /** Everything that {@link readClassifier} needs, as JSON. */
  toJSON(): unknown;
}

const headSchema = z.object({ kind: z.enum(["softmax", "forest"]) });
const READERS = { softmax: readSoftmax, forest: readForest };

/** A classifier from the bytes of its artifact. @throws when they are none of ours */
export function readClassifier(bytes: Uint8Array): Classifier {
  const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return READERS[headSchema.parse(json).kind](json);
}

/** The index of the largest value. */
export function indexOfLargest(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? 0) ? index : best), 0);
}

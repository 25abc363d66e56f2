import * as z from "@rivulet/domain/zod";
import { listOf, optionsSchema, parseInput } from "../../validation.ts";
import type { LongContextPrice, ModelPrice, ModelPrices } from "./model-price.ts";

const price: z.ZodType<number> = z.number().nonnegative();

const KINDS = [
  "cacheRead",
  "cacheWrite",
  "cacheWrite1h",
  "reasoning",
  "audioInput",
  "audioOutput",
  "imageInput",
  "imageOutput",
] as const;

function kinds(): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(KINDS.map((kind) => [kind, price.exactOptional()]));
}

const longContextSchema: z.ZodType = optionsSchema(() => ({
  ...kinds(),
  above: price,
  input: price.exactOptional(),
  output: price.exactOptional(),
})) as z.ZodType<LongContextPrice>;

const modelPriceSchema: z.ZodType<ModelPrice> = optionsSchema(() => ({
  ...kinds(),
  input: price,
  output: price,
  request: price.exactOptional(),
  longContext: listOf(longContextSchema, 10).exactOptional(),
  serviceTiers: z.record(z.string(), price).exactOptional(),
})) as unknown as z.ZodType<ModelPrice>;

const pricesSchema: z.ZodType<ModelPrices> = z.record(z.string(), modelPriceSchema);

/** Checks prices that somebody wrote. @throws RivuletError `invalid_argument` */
export function readPrices(given: unknown, name: string): ModelPrices {
  return parseInput(pricesSchema, given, name);
}

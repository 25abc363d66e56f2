import * as z from "@rivulet/domain/zod";
import { listOf, optionsSchema, parseInput } from "../../validation.ts";
import type { DatedPrice, LongContextPrice, ModelPrice, ModelPrices } from "./model-price.ts";

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

const DAY = /^\d{4}-\d{2}-\d{2}$/;

const FEES = ["request", "webSearch", "fileSearch"] as const;

function optional(names: readonly string[]): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(names.map((name) => [name, price.exactOptional()]));
}

const longContextSchema: z.ZodType = optionsSchema(() => ({
  ...optional(KINDS),
  above: price,
  input: price.exactOptional(),
  output: price.exactOptional(),
})) as z.ZodType<LongContextPrice>;

const datedPriceSchema: z.ZodType = optionsSchema(() => ({
  ...optional([...KINDS, ...FEES]),
  from: z
    .string()
    .refine((day) => DAY.test(day) && !Number.isNaN(Date.parse(day)), "must be a day, YYYY-MM-DD"),
  input: price,
  output: price,
  longContext: listOf(longContextSchema, 10).exactOptional(),
})) as unknown as z.ZodType<DatedPrice>;

const modelPriceSchema: z.ZodType<ModelPrice> = optionsSchema(() => ({
  ...optional([...KINDS, ...FEES]),
  input: price,
  output: price,
  longContext: listOf(longContextSchema, 10).exactOptional(),
  changes: listOf(datedPriceSchema, 20).exactOptional(),
  serviceTiers: z.record(z.string(), price).exactOptional(),
})) as unknown as z.ZodType<ModelPrice>;

const pricesSchema: z.ZodType<ModelPrices> = z.record(z.string(), modelPriceSchema);

/** Checks prices that somebody wrote. @throws RivuletError `invalid_argument` */
export function readPrices(given: unknown, name: string): ModelPrices {
  return parseInput(pricesSchema, given, name);
}

import { RivuletError, type ScoreRange } from "@rivulet/domain";
import * as z from "zod";
import { parseInput } from "../validation.ts";

/** What a scorer may say of its values; what it leaves out is unknown. */
export interface ScorerRange {
  readonly min?: number;
  readonly max?: number;
  /** Which end is the good one. @default 'higher' */
  readonly better?: ScoreRange["better"];
}

const scorerRangeSchema: z.ZodType<ScorerRange> = z.strictObject({
  min: z.number().exactOptional(),
  max: z.number().exactOptional(),
  better: z.enum(["higher", "lower"]).exactOptional(),
});

const SHARE: ScoreRange = Object.freeze({ min: 0, max: 1, better: "higher" });

/** @throws RivuletError `invalid_argument` */
export function parseRange(range: ScorerRange, scorer: string): ScoreRange {
  const { min, max, better = "higher" } = parseInput(scorerRangeSchema, range, `${scorer}.range`);
  if (min !== undefined && max !== undefined && min >= max) {
    throw new RivuletError("invalid_argument", `${scorer}.range: min must be less than max.`);
  }
  return {
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    better,
  };
}

/** The range of a scorer that declares none: shares and booleans, where all its values are such. */
export function rangeOfValues(values: readonly number[]): ScoreRange | null {
  return values.length > 0 && values.every((value) => value >= 0 && value <= 1) ? SHARE : null;
}

/** Whether a range holds a value. */
export function isWithin({ min, max }: ScoreRange, value: number): boolean {
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}

/** What a row counts as whose task failed; `null` where the worst is not known. */
export function worstOf(range: ScoreRange | null): number | null {
  return (range?.better === "lower" ? range.max : range?.min) ?? null;
}

/** Whether two ranges say the same. */
export function isSameRange(one: ScoreRange, other: ScoreRange): boolean {
  return one.min === other.min && one.max === other.max && one.better === other.better;
}

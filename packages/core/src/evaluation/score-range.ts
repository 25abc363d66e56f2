import { RivuletError, type ScoreRange } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { optionsSchema, parseInput } from "../validation.ts";

/** What a scorer declares about its values. */
export interface ScorerRange {
  /** Smallest possible value. @default unbounded */
  readonly min?: number;
  /** Largest possible value. @default unbounded */
  readonly max?: number;
  /** Which direction is an improvement. @default 'higher' */
  readonly better?: ScoreRange["better"];
}

const scorerRangeSchema: z.ZodType<ScorerRange> = optionsSchema(() => ({
  min: z.number().exactOptional(),
  max: z.number().exactOptional(),
  better: z.enum(["higher", "lower"]).exactOptional(),
}));

const SHARE: ScoreRange = Object.freeze({ min: 0, max: 1, better: "higher" });

/** Checks the range that a scorer declares. @throws RivuletError `invalid_argument` */
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

/** The range of a scorer that declares none: 0 to 1 if all its values are within. */
export function rangeOfValues(values: readonly number[]): ScoreRange | null {
  return values.length > 0 && values.every((value) => value >= 0 && value <= 1) ? SHARE : null;
}

/** Whether a range holds a value. */
export function isWithin({ min, max }: ScoreRange, value: number): boolean {
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}

/** The value of a row whose task failed; `null` when the worst value is unknown. */
export function worstOf(range: ScoreRange | null): number | null {
  return (range?.better === "lower" ? range.max : range?.min) ?? null;
}

/** Whether two ranges are equal. */
export function isSameRange(one: ScoreRange, other: ScoreRange): boolean {
  return one.min === other.min && one.max === other.max && one.better === other.better;
}

import * as z from "@rivulet/domain/zod";
import { optionsSchema } from "../validation.ts";

/** Numbers to draw from. */
export interface SweepRange {
  /**
   * How they are spread: `uniform` evenly; `logUniform` evenly by their logarithm, so that 0.001 to 0.01 is as likely as
   * 0.01 to 0.1; `int` whole numbers, evenly.
   */
  readonly distribution: "uniform" | "logUniform" | "int";
  /** The least. Above 0 for `logUniform`; whole for `int`. */
  readonly min: number;
  /** The greatest, which is drawn too where numbers have a distance. */
  readonly max: number;
  /** Distance of the numbers, from the least upwards. Not of `logUniform`. @default 1 for `int`, else none */
  readonly step?: number;
}

/** Schema of {@link SweepRange}. */
export const sweepRangeSchema: z.ZodType<SweepRange> = optionsSchema(() => ({
  distribution: z.enum(["uniform", "logUniform", "int"]),
  min: z.number(),
  max: z.number(),
  step: z.number().positive().exactOptional(),
})).superRefine((range, context) => {
  for (const [field, message] of [...problemsOf(range), ...OF[range.distribution](range)]) {
    context.addIssue({ code: "custom", path: [field], message });
  }
});

/** The field that is wrong, and why. */
type Problem = readonly [field: string, message: string];

function problemsOf({ min, max, step = 0 }: SweepRange): readonly Problem[] {
  if (max <= min) return [["max", "must be greater than min"]];
  if (!Number.isFinite(max - min)) return [["max", "is too far from min"]];
  return step > max - min ? [["step", "is greater than the range"]] : [];
}

/** What a distribution asks for besides. */
const OF: Readonly<Record<SweepRange["distribution"], (range: SweepRange) => readonly Problem[]>> =
  {
    uniform: () => [],
    logUniform({ min, step }) {
      if (min <= 0) return [["min", "must be above 0 for logUniform"]];
      return step === undefined ? [] : [["step", "is not of logUniform"]];
    },
    int: ({ min, max, step = 1 }) =>
      Object.entries({ min, max, step })
        .filter(([, value]) => !Number.isSafeInteger(value))
        .map(([field]) => [field, "must be a whole number for int"]),
  };

/** Whether this is a range, and no list of values. */
export function isRange(values: unknown): values is SweepRange {
  return typeof values === "object" && values !== null && !Array.isArray(values);
}

/** How many numbers there are in a range. */
export function sizeOf(range: SweepRange): number {
  const step = stepOf(range);
  if (step === undefined) return Number.POSITIVE_INFINITY;
  // 0.3 / 0.1 is a little less than 3.
  return Math.floor((range.max - range.min) / step + 1e-9) + 1;
}

/** The number at a place from 0 up to 1. */
export function numberAt(range: SweepRange, place: number): number {
  const { distribution, min, max } = range;
  const step = stepOf(range);
  if (step !== undefined) {
    const number = min + Math.floor(place * sizeOf(range)) * step;
    // Without what sums of binary fractions leave behind, as in 0.30000000000000004.
    return distribution === "int" ? number : Math.min(max, Number(number.toPrecision(12)));
  }
  if (distribution === "uniform") return min + place * (max - min);
  const number = Math.exp(Math.log(min) + place * (Math.log(max) - Math.log(min)));
  return Math.min(max, Math.max(min, number));
}

function stepOf({ distribution, step }: SweepRange): number | undefined {
  return step ?? (distribution === "int" ? 1 : undefined);
}

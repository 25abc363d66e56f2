import { BOOLEAN, MILLISECONDS, OBJECT, type OptionCheck, type OptionChecks } from "@rivulet/store";
import type { TailSamplingOptions } from "./sampling-options.ts";

/** Checks of the options of sampling. */
export const SAMPLING: Readonly<Record<"sampleRate" | "sampleBy" | "tailSampling", OptionCheck>> = {
  sampleRate: {
    accepts: (value) => isRate(value) || (OBJECT.accepts(value) && areRates(value as object)),
    accepted: "a number from 0 to 1, or such numbers by the names of traces",
  },
  sampleBy: {
    accepts: (value) => value === "trace" || value === "session",
    accepted: '"trace" or "session"',
  },
  tailSampling: OBJECT,
};

const NUMBER: OptionCheck = { accepts: Number.isFinite, accepted: "a number" };

/** Checks of {@link TailSamplingOptions}. */
export const TAIL_SAMPLING: OptionChecks<TailSamplingOptions> = {
  of: "tailSampling",
  checks: {
    errors: BOOLEAN,
    slowerThanMs: MILLISECONDS,
    scoresBelow: NUMBER,
    names: {
      accepts: (value) => Array.isArray(value) && value.every((name) => typeof name === "string"),
      accepted: "a list of names",
    },
    rate: { accepts: isRate, accepted: "a number from 0 to 1" },
    waitMs: MILLISECONDS,
    maxBytes: {
      accepts: (value) => typeof value === "number" && value >= 0,
      accepted: "a number of bytes",
    },
  },
};

function isRate(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}

function areRates(rates: object): boolean {
  return Object.values(rates).every(isRate);
}

import type { ComparedRow, EvaluationRow, ScoreComparison } from "@rivulet/domain";
import { mean } from "simple-statistics";
import { averageTrials, type TriedRow } from "./row-scores.ts";
import { type Pair, pairedInterval } from "./statistics/paired-interval.ts";

/** Smaller differences are rounding. */
const SAME = 1e-9;
/**
 * No exact test of fewer rows that differ can reach 5 %: with five rows that all improve, a fair coin does
 * as well in 2 of 32 cases.
 */
const FEWEST_DIFFERENT = 6;

/** What {@link compareRows} finds. */
export interface RowComparison {
  readonly scores: readonly ScoreComparison[];
  /** Worst regression first, rows of only one side last. */
  readonly rows: readonly ComparedRow[];
  /** Rows that only one side has. */
  readonly unpaired: number;
}

/** Two evaluations, paired by row id; trials are averaged per row before anything else. */
export function compareRows(
  baselineRows: readonly EvaluationRow[],
  candidateRows: readonly EvaluationRow[],
): RowComparison {
  const baseline = averageTrials(baselineRows);
  const candidate = averageTrials(candidateRows);
  const ids = [...new Set([...baseline.keys(), ...candidate.keys()])];
  const rows = ids.map((id) => compareRow(baseline.get(id), candidate.get(id)));
  const sides = ids.map((id) => ({ baseline: baseline.get(id), candidate: candidate.get(id) }));
  return {
    scores: scorerNames(sides).map((name) => compareScore(name, sides)),
    rows: rows.flatMap((row) => row ?? []).toSorted((one, other) => rank(one) - rank(other)),
    unpaired: sides.filter(({ baseline: one, candidate: other }) => !one || !other).length,
  };
}

interface Sides {
  readonly baseline: TriedRow | undefined;
  readonly candidate: TriedRow | undefined;
}

function scorerNames(sides: readonly Sides[]): readonly string[] {
  const rows = sides.flatMap(({ baseline, candidate }) => [baseline, candidate]);
  return [...new Set(rows.flatMap((row) => [...(row?.scores.keys() ?? [])]))];
}

function pairOf(name: string, { baseline, candidate }: Sides): Pair | undefined {
  const before = baseline?.scores.get(name)?.value ?? null;
  const after = candidate?.scores.get(name)?.value ?? null;
  return before === null || after === null ? undefined : { baseline: before, candidate: after };
}

function compareScore(name: string, sides: readonly Sides[]): ScoreComparison {
  const pairs = sides.flatMap((side) => pairOf(name, side) ?? []);
  const differences = pairs.map(({ baseline, candidate }) => candidate - baseline);
  const improved = differences.filter((difference) => difference > SAME).length;
  const regressed = differences.filter((difference) => difference < -SAME).length;
  const { mean: difference, low, high } = pairedInterval(pairs);
  return {
    name,
    pairs: pairs.length,
    baselineMean: meanOf(pairs.map(({ baseline }) => baseline)),
    candidateMean: meanOf(pairs.map(({ candidate }) => candidate)),
    difference,
    low,
    high,
    improved,
    regressed,
    unchanged: pairs.length - improved - regressed,
    verdict: verdictOf({ low, high, different: improved + regressed }),
  };
}

function meanOf(values: number[]): number | null {
  return values.length === 0 ? null : mean(values);
}

function verdictOf(facts: {
  readonly low: number | null;
  readonly high: number | null;
  readonly different: number;
}): ScoreComparison["verdict"] {
  const { low, high, different } = facts;
  if (low === null || high === null) return "unknown";
  if (low <= SAME && high >= -SAME) return "noise";
  if (different < FEWEST_DIFFERENT) return "unknown";
  return low > 0 ? "better" : "worse";
}

function compareRow(
  baseline: TriedRow | undefined,
  candidate: TriedRow | undefined,
): ComparedRow | undefined {
  const shown = candidate ?? baseline;
  if (shown === undefined) return undefined;
  const { rowId, inputs, expectations } = shown.first;
  const side = { baseline, candidate };
  const differences = scorerNames([side]).flatMap((name) => {
    const pair = pairOf(name, side);
    return pair === undefined ? [] : [[name, pair.candidate - pair.baseline] as const];
  });
  return {
    rowId,
    inputs,
    ...(expectations === undefined ? {} : { expectations }),
    ...(baseline === undefined ? {} : { baseline: baseline.first }),
    ...(candidate === undefined ? {} : { candidate: candidate.first }),
    differences: Object.fromEntries(differences),
  };
}

/** Rows are sorted by their worst difference; those without one come after all others. */
function rank({ differences }: ComparedRow): number {
  const values = Object.values(differences);
  return values.length === 0 ? Number.MAX_VALUE : Math.min(...values);
}

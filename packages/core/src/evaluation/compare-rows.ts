import type {
  ComparedRow,
  ComparedSide,
  EvaluationRow,
  JsonValue,
  ScoreComparison,
  ScoreRange,
  ScoreSummary,
} from "@rivulet/domain";
import { contentDigest } from "@rivulet/store";
import { mean } from "simple-statistics";
import { averageTrials, type TriedRow, valuesOf } from "./row-scores.ts";
import { isSameRange, rangeOfValues, worstOf } from "./score-range.ts";
import { type Pair, pairedInterval } from "./statistics/paired-interval.ts";

/** Smaller differences are rounding errors. */
const SAME = 1e-9;
/**
 * No exact test of fewer rows that differ can reach 5 %: with five rows that all improve, a fair coin does
 * as well in 2 of 32 cases.
 */
const FEWEST_DIFFERENT = 6;

/** Most characters of a text in a row. */
const PREVIEW = 120;

/** Result of {@link compareRows}. */
export interface RowComparison {
  readonly scores: readonly ScoreComparison[];
  /** Worst regression first; rows of only one side last. */
  readonly rows: readonly ComparedRow[];
  /** Rows that only one side has, or whose expectations differ. */
  readonly unpaired: number;
}

/** One of the two evaluations. */
export interface EvaluatedRows {
  readonly rows: readonly EvaluationRow[];
  /** Summaries of its scorers; none while it is running. */
  readonly scores: readonly ScoreSummary[];
}

/**
 * Two evaluations, paired by row: rows are the same when their ids and their expectations are. Trials are averaged per
 * row before anything else, and a row whose task failed is as bad as its scorers' ranges go.
 */
export function compareRows(baseline: EvaluatedRows, candidate: EvaluatedRows): RowComparison {
  const ranges = sharedRanges([baseline, candidate]);
  const failedValue = (name: string): number | null => worstOf(ranges.get(name) ?? null);
  const [before, after] = [baseline, candidate].map(({ rows }) =>
    byExample(averageTrials(rows, failedValue)),
  );
  const examples = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])];
  const sides = examples.map((example) => ({
    baseline: before?.get(example),
    candidate: after?.get(example),
  }));
  const scores = [...ranges].map(([name, range]) => compareScore({ name, range }, sides));
  return {
    scores,
    rows: sides
      .flatMap((side) => compareRow(side, [...ranges.keys()]) ?? [])
      .toSorted((one, other) => rank(one, scores) - rank(other, scores)),
    unpaired: sides.filter(({ baseline: one, candidate: other }) => !one || !other).length,
  };
}

interface Sides {
  readonly baseline: TriedRow | undefined;
  readonly candidate: TriedRow | undefined;
}

/** A row whose expectations have changed is a different example. */
function byExample(rows: ReadonlyMap<string, TriedRow>): ReadonlyMap<string, TriedRow> {
  return new Map(
    [...rows.values()].map((row) => {
      const { expectations } = row.first;
      const expected = expectations === undefined ? "" : contentDigest(expectations);
      return [`${row.rowId} ${expected}`, row];
    }),
  );
}

/** Each scorer with the range both sides agree on; a side without values does not count. */
function sharedRanges(sides: readonly EvaluatedRows[]): ReadonlyMap<string, ScoreRange | null> {
  const names = sides.flatMap(({ rows }) =>
    rows.flatMap(({ scores }) => scores.map(({ name }) => name)),
  );
  return new Map([...new Set(names)].map((name) => [name, sharedRange(name, sides)]));
}

function sharedRange(name: string, sides: readonly EvaluatedRows[]): ScoreRange | null {
  const ranges = sides.flatMap(({ rows, scores }) => {
    const values = valuesOf(name, rows);
    const known = scores.find((score) => score.name === name)?.range;
    return values.length === 0 ? [] : [known === undefined ? rangeOfValues(values) : known];
  });
  const [first = null] = ranges;
  const isShared = ranges.every(
    (range) => first !== null && range !== null && isSameRange(first, range),
  );
  return isShared ? first : null;
}

function pairOf(name: string, { baseline, candidate }: Sides): Pair | undefined {
  const before = baseline?.scores.get(name)?.value ?? null;
  const after = candidate?.scores.get(name)?.value ?? null;
  return before === null || after === null ? undefined : { baseline: before, candidate: after };
}

/** Whether a row that both sides have counts on one of them only. */
function isOneSided(name: string, { baseline, candidate }: Sides): boolean {
  if (baseline === undefined || candidate === undefined) return false;
  const before = baseline.scores.get(name)?.value ?? null;
  const after = candidate.scores.get(name)?.value ?? null;
  return (before === null) !== (after === null);
}

function compareScore(
  { name, range }: { readonly name: string; readonly range: ScoreRange | null },
  sides: readonly Sides[],
): ScoreComparison {
  const better = range?.better ?? "higher";
  const pairs = sides.flatMap((side) => pairOf(name, side) ?? []);
  const oneSided = sides.filter((side) => isOneSided(name, side)).length;
  const gains = pairs.map(({ baseline, candidate }) => gain(candidate - baseline, better));
  const improved = gains.filter((value) => value > SAME).length;
  const regressed = gains.filter((value) => value < -SAME).length;
  const { mean: difference, low, high } = pairedInterval(pairs);
  return {
    name,
    pairs: pairs.length,
    oneSided,
    better,
    baselineMean: meanOf(pairs.map(({ baseline }) => baseline)),
    candidateMean: meanOf(pairs.map(({ candidate }) => candidate)),
    difference,
    low,
    high,
    improved,
    regressed,
    unchanged: pairs.length - improved - regressed,
    verdict: verdictOf({ low, high, better, oneSided, different: improved + regressed }),
  };
}

/** A difference with its sign adjusted: above 0 means better. */
function gain(difference: number, better: ScoreRange["better"]): number {
  return better === "higher" ? difference : -difference;
}

function meanOf(values: number[]): number | null {
  return values.length === 0 ? null : mean(values);
}

function verdictOf(facts: {
  readonly low: number | null;
  readonly high: number | null;
  readonly better: ScoreRange["better"];
  readonly oneSided: number;
  readonly different: number;
}): ScoreComparison["verdict"] {
  const { low, high, better, oneSided, different } = facts;
  if (low === null || high === null || oneSided > 0) return "unknown";
  if (low <= SAME && high >= -SAME) return "noise";
  if (different < FEWEST_DIFFERENT) return "unknown";
  return gain(low, better) > 0 ? "better" : "worse";
}

function compareRow(side: Sides, names: readonly string[]): ComparedRow | undefined {
  const { baseline, candidate } = side;
  const shown = candidate ?? baseline;
  if (shown === undefined) return undefined;
  const { rowId, inputs, expectations } = shown.first;
  const before = sideOf(baseline);
  const after = sideOf(candidate);
  const differences = names.flatMap((name) => {
    const pair = pairOf(name, side);
    return pair === undefined ? [] : [[name, pair.candidate - pair.baseline] as const];
  });
  return {
    rowId,
    inputsPreview: previewOf(inputs),
    ...(expectations === undefined ? {} : { expectationsPreview: previewOf(expectations) }),
    ...(before === undefined ? {} : { baseline: before }),
    ...(after === undefined ? {} : { candidate: after }),
    differences: Object.fromEntries(differences),
  };
}

function sideOf(row: TriedRow | undefined): ComparedSide | undefined {
  if (row === undefined) return undefined;
  const { trial, output, error, traceId } = row.first;
  return {
    trial,
    ...(output === undefined ? {} : { outputPreview: previewOf(output) }),
    ...(error === undefined ? {} : { errorPreview: previewOf(error) }),
    ...(traceId === undefined ? {} : { traceId }),
    scores: Object.fromEntries([...row.scores].map(([name, { value }]) => [name, value])),
  };
}

/** The beginning of a text, or of a value's JSON. */
function previewOf(value: JsonValue): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  // Not half of a character of two units.
  return text.slice(0, PREVIEW).replace(/[\ud800-\udbff]$/, "");
}

/** Sorts rows by their largest loss; rows without a difference come last. */
function rank({ differences }: ComparedRow, scores: readonly ScoreComparison[]): number {
  const gains = scores.flatMap(({ name, better }) => {
    const difference = Object.hasOwn(differences, name) ? differences[name] : undefined;
    return difference === undefined ? [] : [gain(difference, better)];
  });
  return gains.length === 0 ? Number.MAX_VALUE : Math.min(...gains);
}

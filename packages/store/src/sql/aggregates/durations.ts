import type { Row } from "../database.ts";
import { number, text } from "../values.ts";
import { percentile, type Ranked } from "./percentile.ts";

/**
 * Durations of many traces, as they are in a row of sums. Few are kept as they are. Of many, only how many are in
 * which bin: the bins' widths grow with the durations, so that each is within {@link RELATIVE_ERROR} of what stands for
 * it, and bins of several rows add up (as in DDSketch, https://arxiv.org/abs/1908.10693).
 */
export interface Durations {
  /** In microseconds; empty where there are bins. */
  readonly exact: readonly number[];
  /** Bin, how many, bin, how many … */
  readonly bins: readonly number[];
  /** Sum of the durations in bins, in microseconds. */
  readonly binnedUs: number;
}

/** How far a percentile may be from the exact one, as a share of it, where many durations were summed up. */
const RELATIVE_ERROR = 0.01;

/** Most durations of a slice that are kept as they are. */
const MOST_EXACT = 128;
const RATIO = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_RATIO = Math.log(RATIO);

/** Durations in microseconds, for a row. */
export function toDurations(micros: readonly number[]): Durations {
  if (micros.length <= MOST_EXACT) return { exact: micros, bins: [], binnedUs: 0 };
  const counts = countBins(micros);
  const bins = [...counts].sort(([a], [b]) => a - b).flat();
  return { exact: [], bins, binnedUs: micros.reduce((sum, value) => sum + value, 0) };
}

/** Durations in a row: `durations`, and `bins` and `binned_us` where traces were summed up behind their rows. */
export function readDurations(row: Row): Durations {
  const listed = JSON.parse(text(row, "durations") || "[]") as (number | null)[];
  return {
    exact: listed.filter((value) => value !== null),
    bins: JSON.parse(text(row, "bins") || "[]") as number[],
    binnedUs: number(row, "binned_us"),
  };
}

/** What is known of the durations of several rows, in microseconds. */
export interface DurationSummary {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** `undefined` where there are none. Percentiles are exact as long as no row has bins. */
export function summarize(parts: readonly Durations[]): DurationSummary | undefined {
  const exact = Float64Array.from(parts.flatMap((part) => part.exact));
  const ranked = parts.some(({ bins }) => bins.length > 0)
    ? rankBins(exact, parts)
    : rankExact(exact);
  if (ranked.count === 0) return undefined;
  const binned = parts.reduce((sum, { binnedUs }) => sum + binnedUs, 0);
  const total = exact.reduce((sum, value) => sum + value, binned);
  return {
    mean: total / ranked.count,
    p50: percentile(ranked, 0.5),
    p95: percentile(ranked, 0.95),
    p99: percentile(ranked, 0.99),
  };
}

function rankExact(values: Float64Array): Ranked {
  const sorted = values.sort();
  return { count: sorted.length, at: (rank) => sorted[rank] ?? Number.NaN };
}

function rankBins(exact: Float64Array, parts: readonly Durations[]): Ranked {
  const counts = countBins(exact);
  for (const { bins } of parts) {
    for (let place = 0; place < bins.length; place += 2) {
      const bin = bins[place] ?? 0;
      counts.set(bin, (counts.get(bin) ?? 0) + (bins[place + 1] ?? 0));
    }
  }
  let count = 0;
  const ends = [...counts]
    .sort(([a], [b]) => a - b)
    .map(([bin, inBin]) => {
      count += inBin;
      return { value: midOf(bin), end: count };
    });
  return { count, at: (rank) => ends.find(({ end }) => rank < end)?.value ?? Number.NaN };
}

function countBins(micros: Iterable<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of micros) {
    const bin = binOf(value);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return counts;
}

/** 0 for less than a microsecond. */
function binOf(micros: number): number {
  return micros < 1 ? 0 : 1 + Math.ceil(Math.log(micros) / LOG_RATIO);
}

function midOf(bin: number): number {
  return bin === 0 ? 0 : (2 * RATIO ** (bin - 1)) / (RATIO + 1);
}

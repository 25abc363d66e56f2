import { mean } from "simple-statistics";
import { bcaInterval } from "./bootstrap.ts";
import { type MeanInterval, NO_INTERVAL, tInterval } from "./interval.ts";
import { Z975 } from "./normal.ts";

/** The values of one row on both sides. */
export interface Pair {
  readonly baseline: number;
  readonly candidate: number;
}

/** Below this the bootstrap's intervals are too narrow (Hesterberg 2015, arXiv 1411.5279). */
const BOOTSTRAP_FROM = 20;
/** Above this the mean is practically normal, and resampling would only block the event loop. */
const BOOTSTRAP_TO = 500;

/**
 * The mean of candidate − baseline with its 95 % confidence interval, from paired rows: pairing takes out
 * what the rows themselves vary by (Miller 2024, arXiv 2411.00640, §4.2).
 *
 * Passed or failed: Bonett and Price's interval, which keeps its promise in small samples and has a width
 * when no row differs. Other scores: BCa bootstrap from 20 to 500 rows, Student's t outside.
 */
export function pairedInterval(pairs: readonly Pair[]): MeanInterval {
  const differences = pairs.map(({ baseline, candidate }) => candidate - baseline);
  if (differences.length === 0) return NO_INTERVAL;
  if (differences.length === 1) return { mean: mean(differences), low: null, high: null };
  if (pairs.every(isBinary)) return bonettPriceInterval(differences);
  const isBootstrapped = differences.length >= BOOTSTRAP_FROM && differences.length <= BOOTSTRAP_TO;
  return isBootstrapped ? bcaInterval(differences) : tInterval(differences);
}

function isBinary({ baseline, candidate }: Pair): boolean {
  return (baseline === 0 || baseline === 1) && (candidate === 0 || candidate === 1);
}

/**
 * Bonett & Price (2012), "Adjusted Wald confidence interval for a difference of binomial proportions based
 * on paired data", recommended by Fagerland, Lydersen & Laake (2014).
 */
function bonettPriceInterval(differences: readonly number[]): MeanInterval {
  const count = differences.length;
  const won = (differences.filter((difference) => difference > 0).length + 1) / (count + 2);
  const lost = (differences.filter((difference) => difference < 0).length + 1) / (count + 2);
  const reach = Z975 * Math.sqrt((won + lost - (won - lost) ** 2) / (count + 2));
  return {
    mean: mean([...differences]),
    low: Math.max(-1, won - lost - reach),
    high: Math.min(1, won - lost + reach),
  };
}

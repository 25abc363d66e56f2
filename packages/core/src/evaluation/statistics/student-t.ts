import { Z975 } from "./normal.ts";

/** Above this many degrees of freedom the expansion around the normal is exact to six digits. */
const NEARLY_NORMAL = 1_000;

/**
 * The 97.5 % quantile of Student's t: half a 95 % interval of a mean, in standard errors.
 *
 * @param degrees degrees of freedom, a whole number from 1
 */
export function studentT975(degrees: number): number {
  if (degrees > NEARLY_NORMAL) return Z975 + (Z975 ** 3 + Z975) / (4 * degrees);
  let low = Z975;
  let high = 13;
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (centralProbability(middle, degrees) < 0.95) low = middle;
    else high = middle;
  }
  return high;
}

/** P(|T| ≤ t) for a whole number of degrees: Abramowitz & Stegun 26.7.3 and 26.7.4, finite sums. */
function centralProbability(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const cosine = Math.cos(angle);
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let power = isOdd ? 3 : 2; power <= degrees - 2; power += 2) {
    term *= ((power - 1) / power) * cosine ** 2;
    sum += term;
  }
  const area = Math.sin(angle) * sum;
  return isOdd ? (2 / Math.PI) * (angle + area) : area;
}

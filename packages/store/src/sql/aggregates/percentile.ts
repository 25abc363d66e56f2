/** Values in ascending order, at least one. */
export interface Ranked {
  readonly count: number;
  /** The value at a rank: 0 to `count` - 1. */
  at(rank: number): number;
}

/**
 * The value below which a share of values lies, interpolated linearly between neighbours, as SQL's `percentile_cont`
 * does.
 *
 * @param share 0 to 1
 */
export function percentile({ count, at }: Ranked, share: number): number {
  const place = share * (count - 1);
  const below = Math.floor(place);
  const low = at(below);
  const high = at(Math.min(below + 1, count - 1));
  return low + (high - low) * (place - below);
}

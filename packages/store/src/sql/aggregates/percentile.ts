/**
 * The value below which a share of sorted values lies, interpolated linearly between neighbours, as SQL's
 * `percentile_cont` does.
 *
 * @param sorted ascending, at least one
 * @param share 0 to 1
 */
export function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (place - below);
}

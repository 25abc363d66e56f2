/** The end of what ends now: not before its start, should the clock have been put back in between. */
export function endOf({ startTime }: { readonly startTime: number }, now: number): number {
  return Math.max(startTime, now);
}

/** A clock that goes on from where it was when the one behind it is set back, so that nothing waits for it to catch up. */
export function steadyClock(now: () => number): () => number {
  let last = now();
  let ahead = 0;
  return () => {
    const time = now();
    ahead += Math.max(0, last - time);
    last = time;
    return time + ahead;
  };
}

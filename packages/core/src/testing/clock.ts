/** A clock that moves only by `advance`. */
export interface FixedClock {
  (): number;
  /** Moves the clock forward. */
  advance(milliseconds: number): void;
}

/** A clock that stands still at `start`, milliseconds since the epoch. */
export function fixedClock(start = 1_700_000_000_000): FixedClock {
  let time = start;
  const clock = (): number => time;
  return Object.assign(clock, {
    advance: (milliseconds: number) => {
      time += milliseconds;
    },
  });
}

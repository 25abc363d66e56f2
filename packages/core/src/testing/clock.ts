/** A clock that moves when it is told to. */
export interface FixedClock {
  (): number;
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

/** One contender of a comparison. */
export interface Contender {
  /** Does the work `count` times. */
  readonly work: (count: number) => Promise<void>;
  /** Runs after each round, unmeasured: lets what the work has queued settle. */
  readonly settle?: () => Promise<unknown>;
  /** Runs at the very end. */
  readonly close?: () => Promise<void>;
}

/** How {@link measureRounds} measures. */
export interface RoundOptions {
  readonly rounds: number;
  /** Times the work is done per round. */
  readonly count: number;
  /** Times the work is done before, unmeasured. */
  readonly warmUp: number;
}

/**
 * CPU microseconds of this thread per piece of work, for each contender: the median of rounds in which they
 * take turns, so that a busy machine or a warm cache touches all of them alike.
 */
export async function measureRounds<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  { rounds, count, warmUp }: RoundOptions,
): Promise<Readonly<Record<Name, number>>> {
  const entries = Object.entries(contenders) as [Name, Contender][];
  const samples = new Map<Name, number[]>(entries.map(([name]) => [name, []]));
  for (const [, contender] of entries) await measureOnce(contender, warmUp);
  for (let round = 0; round < rounds; round++) {
    for (const [name, contender] of rotate(entries, round)) {
      samples.get(name)?.push(await measureOnce(contender, count));
    }
  }
  return Object.fromEntries([...samples].map(([name, values]) => [name, median(values)])) as Record<
    Name,
    number
  >;
}

/** CPU microseconds of this thread per piece of work. */
export async function measureOnce({ work, settle }: Contender, count: number): Promise<number> {
  // A minor one leaves no one another's garbage; a full one would also throw away compiled code.
  globalThis.gc?.({ type: "minor" });
  const before = process.threadCpuUsage();
  await work(count);
  const { user, system } = process.threadCpuUsage(before);
  await settle?.();
  return (user + system) / count;
}

/** The list begun elsewhere: who goes first changes from round to round. */
export function rotate<T>(list: readonly T[], by: number): readonly T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

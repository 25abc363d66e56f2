import type { PartitionPeriod } from "../options.ts";

/** A partition of the spans. Bounds are microseconds since the epoch. */
export interface Partition {
  readonly name: string;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Number of periods whose partition is created ahead. */
const AHEAD = 3;

/**
 * The partition for spans outside of all others: from before the store was created, or from wrong clocks. Its name
 * contains the period.
 */
export function restPartition(period: PartitionPeriod): string {
  return `spans_by_${period}_rest`;
}

/** The period by which a store's spans are partitioned, from the names of its tables; `undefined` when they are not. */
export function periodOfTables(names: readonly string[]): PartitionPeriod | undefined {
  return (["day", "week", "month"] as const).find((period) =>
    names.includes(restPartition(period)),
  );
}

/** The partition of a moment and the following ones. */
export function partitionsFrom(period: PartitionPeriod, nowUs: number): readonly Partition[] {
  const first = startOf(period, new Date(nowUs / 1000));
  return Array.from({ length: AHEAD + 1 }, (_, index) => {
    const from = after(period, first, index);
    const day = from.toISOString().slice(0, 10).replaceAll("-", "");
    return {
      name: `spans_by_${period}_${day}`,
      from: from.getTime() * 1000,
      to: after(period, first, index + 1).getTime() * 1000,
    };
  });
}

/** In UTC; weeks start on Monday. */
function startOf(period: PartitionPeriod, now: Date): Date {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  if (period === "month") return new Date(Date.UTC(year, month, 1));
  const sinceMonday = (now.getUTCDay() + 6) % 7;
  return new Date(Date.UTC(year, month, period === "week" ? day - sinceMonday : day));
}

function after(period: PartitionPeriod, start: Date, count: number): Date {
  const [year, month, day] = [start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()];
  if (period === "month") return new Date(Date.UTC(year, month + count, 1));
  return new Date(Date.UTC(year, month, day + count * (period === "week" ? 7 : 1)));
}

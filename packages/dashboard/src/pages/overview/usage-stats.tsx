import type { TraceAggregate } from "@rivulet/core";
import type { JSX } from "preact";
import { formatCost, formatCount, formatShare } from "../../format/numbers.ts";
import { formatDuration } from "../../format/times.ts";
import { totalTokens } from "../traces/token-usage.ts";
import { type Buckets, valuesOf } from "./buckets.ts";
import { Delta } from "./delta.tsx";
import { lengthWords } from "./period.ts";
import { StatCard } from "./stat-card.tsx";
import { is, tracesOf, type View } from "./view.ts";

type Number = (sum: TraceAggregate) => number | undefined;

interface Stat {
  readonly label: string;
  readonly of: Number;
  readonly words: (value: number) => string;
  readonly href: (view: View, value: number | undefined) => string;
  readonly isShare?: boolean;
  readonly better?: "lower";
  /** What a bucket without traces has. */
  readonly empty?: 0;
  readonly note?: (sum: TraceAggregate) => string | undefined;
}

const all = (view: View): string => tracesOf(view);

const STATS: readonly Stat[] = [
  { label: "Requests", of: ({ count }) => count, words: formatCount, href: all, empty: 0 },
  {
    label: "Error rate",
    of: ({ errorRate }) => errorRate,
    words: formatShare,
    href: (view) => tracesOf(view, { clauses: is("status", "error") }),
    isShare: true,
    better: "lower",
    note: ({ errorCount }) => `${formatCount(errorCount)} failed`,
  },
  {
    label: "Median latency",
    of: ({ durationMs }) => durationMs?.p50,
    words: formatDuration,
    href: all,
    better: "lower",
  },
  {
    label: "p95 latency",
    of: ({ durationMs }) => durationMs?.p95,
    words: formatDuration,
    href: (view, value) =>
      value === undefined
        ? tracesOf(view)
        : tracesOf(view, {
            clauses: [{ field: "durationMs", operator: "more", value: String(Math.floor(value)) }],
          }),
    better: "lower",
    note: ({ durationMs }) =>
      durationMs === undefined ? undefined : `p99 ${formatDuration(durationMs.p99)}`,
  },
  {
    label: "Cost",
    of: ({ cost }) => cost,
    words: formatCost,
    href: (view) => tracesOf(view, { clauses: [{ field: "cost", operator: "more", value: "0" }] }),
    empty: 0,
  },
  {
    label: "Tokens",
    of: ({ usage }) => totalTokens(usage),
    words: formatCount,
    href: all,
    empty: 0,
    note: ({ usage: { inputTokens, outputTokens } }) =>
      inputTokens === undefined && outputTokens === undefined
        ? undefined
        : `${formatCount(inputTokens ?? 0)} in · ${formatCount(outputTokens ?? 0)} out`,
  },
];

/** The numbers that say how the app is doing, each against the time before. */
export function UsageStats({
  view,
  now,
  before,
  buckets,
}: {
  view: View;
  now: TraceAggregate | undefined;
  /** Sums of the time before; absent where there is none, such as before all time. */
  before: TraceAggregate | undefined;
  buckets: Buckets;
}): JSX.Element {
  return (
    <ul class="stats">
      {STATS.map((stat) => (
        <Card
          key={stat.label}
          stat={stat}
          view={view}
          now={now}
          before={before}
          course={valuesOf(buckets, stat.of, stat.empty ?? null)}
        />
      ))}
    </ul>
  );
}

function Card({
  stat,
  view,
  now,
  before,
  course,
}: {
  stat: Stat;
  view: View;
  now: TraceAggregate | undefined;
  before: TraceAggregate | undefined;
  course: readonly (number | null)[];
}): JSX.Element {
  const value = now === undefined ? undefined : stat.of(now);
  const { label, words, href, note, isShare = false, better } = stat;
  return (
    <StatCard
      label={label}
      value={value === undefined ? "–" : words(value)}
      href={href(view, value)}
      note={now === undefined ? undefined : note?.(now)}
      course={course}
    >
      {/* Where nothing was before at all, it is said once, below the cards. */}
      {before === undefined || before.count === 0 ? null : (
        <Delta
          now={value}
          before={stat.of(before)}
          than={`${lengthWords(view.period)} before`}
          isShare={isShare}
          better={better}
        />
      )}
    </StatCard>
  );
}

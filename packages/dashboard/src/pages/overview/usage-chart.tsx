import type { TokenUsage, TraceAggregate } from "@rivulet/core";
import type { JSX } from "preact";
import { TimeChart } from "../../charts/time-chart.tsx";
import type { TimeChartData, TimeSeries } from "../../charts/time-series.ts";
import { Segmented } from "../../components/segmented.tsx";
import { formatCost, formatCount } from "../../format/numbers.ts";
import { formatDuration } from "../../format/times.ts";
import { writeTimeRange } from "../../lists/filter/time-range.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { totalTokens } from "../traces/token-usage.ts";
import { type Buckets, valuesOf } from "./buckets.ts";
import { bucketRange, lengthWords } from "./period.ts";
import { tracesOf, type View } from "./view.ts";

type Shown = "requests" | "latency" | "cost" | "tokens";

const CHOICES = [
  { value: "requests", label: "Requests" },
  { value: "latency", label: "Latency" },
  { value: "cost", label: "Cost" },
  { value: "tokens", label: "Tokens" },
] as const;

/** Both periods of a chart. */
interface Courses {
  readonly now: Buckets;
  /** The time before, bucket for bucket; empty where there is none. */
  readonly before: Buckets;
  /** Such as `24 h before`. */
  readonly than: string;
}

type Chart = Omit<TimeChartData, "starts" | "bucketMs" | "title">;

const CHARTS: Readonly<Record<Shown, (courses: Courses) => Chart>> = {
  requests: (courses) => ({
    series: [
      bars(
        "Failed",
        valuesOf(courses.now, ({ errorCount }) => errorCount, 0),
        "--bad",
      ),
      bars(
        "Other",
        valuesOf(courses.now, (s) => s.count - s.errorCount, 0),
        "--curve-0",
      ),
      ...beforeLine(courses, ({ count }) => count),
    ],
    isStacked: true,
    isCount: true,
    format: formatCount,
  }),
  latency: ({ now }) => ({
    series: [
      line(
        "p50",
        valuesOf(now, ({ durationMs }) => durationMs?.p50),
        "--curve-0",
      ),
      line(
        "p95",
        valuesOf(now, ({ durationMs }) => durationMs?.p95),
        "--curve-1",
      ),
      line(
        "p99",
        valuesOf(now, ({ durationMs }) => durationMs?.p99),
        "--curve-2",
      ),
    ],
    format: formatDuration,
  }),
  cost: (courses) => ({
    series: [
      bars(
        "Cost",
        valuesOf(courses.now, ({ cost }) => cost, 0),
        "--curve-0",
      ),
      ...beforeLine(courses, ({ cost }) => cost),
    ],
    format: formatCost,
  }),
  tokens: (courses) => ({
    series: KINDS.flatMap(([label, tokens, color]) => {
      const values = valuesOf(courses.now, ({ usage }) => tokens(usage), 0);
      return values.some((value) => value !== 0) ? [bars(label, values, color)] : [];
    }).concat(beforeLine(courses, ({ usage }) => totalTokens(usage))),
    isStacked: true,
    isCount: true,
    format: formatCount,
  }),
};

/** Kinds of tokens that add up to all: what was read from a cache is part of the input. */
const KINDS: readonly (readonly [string, (usage: TokenUsage) => number, string])[] = [
  [
    "Input",
    ({ inputTokens = 0, cacheReadTokens = 0 }) => Math.max(0, inputTokens - cacheReadTokens),
    "--curve-0",
  ],
  ["From cache", ({ cacheReadTokens = 0 }) => cacheReadTokens, "--curve-7"],
  [
    "Output",
    ({ outputTokens = 0, reasoningTokens = 0 }) => Math.max(0, outputTokens - reasoningTokens),
    "--curve-1",
  ],
  ["Reasoning", ({ reasoningTokens = 0 }) => reasoningTokens, "--curve-2"],
];

function bars(label: string, values: TimeSeries["values"], color: string): TimeSeries {
  return { label, values, color, kind: "bars" };
}

function line(label: string, values: TimeSeries["values"], color: string): TimeSeries {
  return { label, values, color, kind: "line" };
}

function beforeLine(
  { now, before, than }: Courses,
  value: (sum: TraceAggregate) => number | undefined,
): TimeSeries[] {
  if (before.sums.every((sum) => sum === undefined)) return [];
  const values = valuesOf(before, value, 0).slice(0, now.starts.length);
  return [{ label: than, values, color: "--line-strong", kind: "dashes" }];
}

/** One course at a time, large enough to read; the URL says which. */
export function UsageChart({
  view,
  now,
  before,
  onRange,
}: {
  view: View;
  now: Buckets;
  before: Buckets;
  onRange: (range: string) => void;
}): JSX.Element {
  const [name, setName] = useQueryState("chart", "requests");
  const shown = CHOICES.find(({ value }) => value === name) ?? CHOICES[0];
  const { period } = view;
  const data: TimeChartData = {
    title: shown.label,
    starts: now.starts,
    bucketMs: period.bucketMs,
    ...CHARTS[shown.value]({ now, before, than: `${lengthWords(period)} before` }),
  };
  return (
    <div class="panel">
      <Segmented label="Over time" choices={CHOICES} value={shown.value} onChange={setName} />
      <TimeChart
        data={data}
        hrefOf={(start) => tracesOf(view, { range: bucketRange(start, period) })}
        onZoom={(from, to) => onRange(writeTimeRange({ from, to }))}
      />
    </div>
  );
}

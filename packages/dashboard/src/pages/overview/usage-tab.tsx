import type { TraceAggregate } from "@rivulet/core";
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type Answer, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { InView } from "../../components/in-view.tsx";
import { askTraceSums } from "../../questions/overview.ts";
import { Breakdown } from "./breakdown.tsx";
import { inBuckets } from "./buckets.ts";
import { Failures } from "./failures.tsx";
import { lengthWords, periodBefore } from "./period.ts";
import { UsageChart } from "./usage-chart.tsx";
import { UsageStats } from "./usage-stats.tsx";
import { selected, type View } from "./view.ts";

/** How much the app is used, how fast it is, what it costs, and what goes wrong. */
export function UsageTab({
  view,
  totals,
  onRange,
  beside,
}: {
  view: View;
  /** Sums of the whole period. */
  totals: Answer<readonly TraceAggregate[]>;
  onRange: (range: string) => void;
  /** Stands beside the failures. */
  beside: ComponentChildren;
}): JSX.Element {
  const { period, range } = view;
  const before = periodBefore(period);
  // Before all time there is nothing.
  const hasBefore = range !== "";
  const earlier = useQuery(hasBefore ? askTraceSums(selected(view, before)) : undefined);
  const both = { ...period, from: hasBefore ? before.from : period.from };
  const course = useQuery(askTraceSums({ ...selected(view, both), bucketMs: period.bucketMs }));
  const sums = course.data ?? [];
  const buckets = useMemo(() => inBuckets(sums, period), [sums, period.from, period.to]);
  const earlierBuckets = useMemo(() => inBuckets(sums, before), [sums, period.from, period.to]);
  return (
    <div class="overview">
      <div class="stats-of-time">
        <Answered answer={totals}>
          {([now]) => (
            <UsageStats view={view} now={now} before={earlier.data?.[0]} buckets={buckets} />
          )}
        </Answered>
        {hasBefore ? (
          <p class="muted">
            {earlier.data?.[0]?.count === 0
              ? `Nothing was recorded in the ${lengthWords(period)} before.`
              : `Compared with the ${lengthWords(period)} before.`}
          </p>
        ) : null}
      </div>
      <UsageChart view={view} now={buckets} before={earlierBuckets} onRange={onRange} />
      <div class="breakdown">
        <InView height={230}>{() => <Breakdown view={view} />}</InView>
      </div>
      <InView height={160}>
        {() => (
          <div class="columns">
            <Failures view={view} />
            {beside}
          </div>
        )}
      </InView>
    </div>
  );
}

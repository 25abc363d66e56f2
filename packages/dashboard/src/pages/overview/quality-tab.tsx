import type { Evaluation, FeedbackSummary, TraceAggregate } from "@rivulet/core";
import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { Section } from "../../components/page.tsx";
import { formatCount, formatShort } from "../../format/numbers.ts";
import { askTraceSums } from "../../questions/overview.ts";
import { field } from "../../search/filter-text.ts";
import { type Buckets, inBuckets, valuesOf } from "./buckets.ts";
import { Delta } from "./delta.tsx";
import { FeedbackChart } from "./feedback-chart.tsx";
import { LatestEvaluations } from "./latest-evaluations.tsx";
import { lengthWords, periodBefore } from "./period.ts";
import { StatCard } from "./stat-card.tsx";
import { selected, tracesOf, type View } from "./view.ts";

/** What people and judges think of the answers, and what evaluations have shown. */
export function QualityTab({
  view,
  evaluations,
  onRange,
}: {
  view: View;
  /** The latest. */
  evaluations: readonly Evaluation[];
  onRange: (range: string) => void;
}): JSX.Element {
  const { period, range } = view;
  const now = useQuery(askTraceSums({ ...selected(view), withFeedback: true }));
  const earlier = periodBefore(period);
  // Before all time there is nothing.
  const hasBefore = range !== "";
  const before = useQuery(
    hasBefore ? askTraceSums({ ...selected(view, earlier), withFeedback: true }) : undefined,
  );
  const both = { ...period, from: hasBefore ? earlier.from : period.from };
  const course = useQuery(
    askTraceSums({ ...selected(view, both), withFeedback: true, bucketMs: period.bucketMs }),
  );
  const sums = course.data ?? [];
  const buckets = inBuckets(sums, period);
  return (
    <div class="overview">
      <Section title="Feedback">
        <Answered answer={now}>
          {([sum]) => (
            <>
              <FeedbackCards view={view} now={sum} before={before.data?.[0]} buckets={buckets} />
              <FeedbackChart
                view={view}
                names={byFrequency(sum).flatMap(([name, { mean }]) =>
                  mean === undefined ? [] : [name],
                )}
                now={buckets}
                before={inBuckets(sums, earlier)}
                onRange={onRange}
              />
            </>
          )}
        </Answered>
      </Section>
      <LatestEvaluations scope={view.scope} evaluations={evaluations} />
    </div>
  );
}

function FeedbackCards({
  view,
  now,
  before,
  buckets,
}: {
  view: View;
  now: TraceAggregate | undefined;
  before: TraceAggregate | undefined;
  buckets: Buckets;
}): JSX.Element {
  const names = byFrequency(now);
  if (names.length === 0) return <NoFeedback />;
  return (
    <>
      <ul class="stats stats-of-feedback">
        {names.map(([name, summary]) => (
          <FeedbackCard
            key={name}
            view={view}
            name={name}
            now={summary}
            before={before?.feedback?.[name]}
            course={valuesOf(buckets, ({ feedback }) => feedback?.[name]?.mean)}
          />
        ))}
      </ul>
      <p class="muted">
        Means over the traces of this time; yes counts as 1, no as 0, and labels have none.
      </p>
    </>
  );
}

/** Kinds of feedback, the most frequent first. */
function byFrequency(sum: TraceAggregate | undefined): readonly [string, FeedbackSummary][] {
  return Object.entries(sum?.feedback ?? {}).sort(([, a], [, b]) => b.count - a.count);
}

function FeedbackCard({
  view,
  name,
  now,
  before,
  course,
}: {
  view: View;
  name: string;
  now: FeedbackSummary;
  before: FeedbackSummary | undefined;
  course: readonly (number | null)[];
}): JSX.Element {
  return (
    <StatCard
      label={name}
      value={now.mean === undefined ? formatCount(now.count) : formatShort(now.mean)}
      note={now.mean === undefined ? "labels" : `of ${formatCount(now.count)}`}
      href={tracesOf(view, { text: `${field("feedback", name)} IS NOT NULL` })}
      course={course}
    >
      {now.mean === undefined || view.range === "" ? null : (
        <Delta now={now.mean} before={before?.mean} than={`${lengthWords(view.period)} before`} />
      )}
    </StatCard>
  );
}

function NoFeedback(): JSX.Element {
  return (
    <EmptyState
      title="Nobody has said anything of the traces of this time."
      code={`await rivulet.traces.logFeedback({ traceId, name: "helpful", value: true });`}
    >
      <p class="muted">
        Feedback is given on the page of a trace, by your app, or by judges and scorers.
      </p>
    </EmptyState>
  );
}

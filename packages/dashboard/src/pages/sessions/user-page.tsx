import type { Session, Trace } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Facts, PageFrame, Section } from "../../components/page.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { Age, Duration } from "../../components/time.tsx";
import { formatCost, formatCount, formatShort } from "../../format/numbers.ts";
import { TimeRangeSelect } from "../../lists/filter/time-range-select.tsx";
import { askTraceSums } from "../../questions/overview.ts";
import { askSessions, askUser } from "../../questions/sessions.ts";
import { askTraces } from "../../questions/traces.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { quote } from "../../search/filter-text.ts";
import { UsageTab } from "../overview/usage-tab.tsx";
import { usePeriod, useRange } from "../overview/use-period.ts";
import { is, selected, type View } from "../overview/view.ts";
import { totalTokens } from "../traces/token-usage.ts";

/** Sessions and traces that are named before one goes on to their lists. */
const NAMED = 6;

/** An end user: how they use the app, what they asked last, and what they think of it. */
export function UserPage({ params: { userId = "" } }: PageProps): JSX.Element {
  const [range, setRange] = useRange("30d");
  const period = usePeriod(range, {});
  const common = is("userId", userId);
  const view: View = { scope: {}, range, period, isWithoutEvaluations: false, common };
  const totals = useQuery(askTraceSums(selected(view)));
  return (
    <PageFrame
      title={userId}
      crumbs={[{ label: "Users", href: paths.scoped("users") }]}
      facts={<UserFacts userId={userId} />}
      actions={<TimeRangeSelect value={range} onChange={setRange} />}
    >
      <UsageTab
        view={view}
        totals={totals}
        onRange={setRange}
        beside={
          <div class="overview">
            <LatestSessions userId={userId} />
            <LatestTraces userId={userId} />
          </div>
        }
      />
    </PageFrame>
  );
}

function UserFacts({ userId }: { userId: string }): JSX.Element {
  return (
    <Answered answer={useQuery(askUser(userId))}>
      {({ sessionCount, traceCount, errorCount, usage, cost, feedback, ...user }) => (
        <Facts
          facts={[
            ["Sessions", formatCount(sessionCount)],
            ["Traces", formatCount(traceCount)],
            ["Failed", formatCount(errorCount)],
            ["Tokens", formatCount(totalTokens(usage) ?? 0)],
            cost === undefined ? undefined : ["Cost", formatCost(cost)],
            ["First seen", <Age key="first" time={user.firstTraceTime} />],
            ["Latest", <Age key="latest" time={user.lastTraceTime} />],
            ...Object.entries(feedback).map(
              ([name, { mean, count }]) =>
                [name, `${mean === undefined ? "" : `${formatShort(mean)} `}of ${count}`] as const,
            ),
          ]}
        />
      )}
    </Answered>
  );
}

function LatestSessions({ userId }: { userId: string }): JSX.Element {
  const filter = `userId = ${quote(userId)}`;
  const sessions = usePages(askSessions({ filter, limit: NAMED }));
  const all = paths.scoped("sessions", {}, { clauses: is("userId", userId) });
  return (
    <Section title="Latest sessions" actions={<a href={all}>All sessions</a>}>
      <Answered answer={sessions}>
        {(items) => (
          <ul class="rows">
            {items.slice(0, NAMED).map((session) => (
              <SessionLine key={session.id} session={session} />
            ))}
          </ul>
        )}
      </Answered>
    </Section>
  );
}

function SessionLine({ session }: { session: Session }): JSX.Element {
  return (
    <li>
      <a class="row-main" href={paths.session(session.id)}>
        {session.id}
      </a>
      <span class="row-facts muted">
        {formatCount(session.traceCount)} {session.traceCount === 1 ? "turn" : "turns"} ·{" "}
        <Age time={session.lastTraceTime} />
      </span>
    </li>
  );
}

function LatestTraces({ userId }: { userId: string }): JSX.Element {
  const query = { filter: `userId = ${quote(userId)}`, orderBy: "startTime DESC", limit: NAMED };
  const traces = usePages(askTraces(query));
  const all = paths.scoped("traces", {}, { clauses: is("userId", userId) });
  return (
    <Section title="Latest traces" actions={<a href={all}>All traces</a>}>
      <Answered answer={traces}>
        {(items) => (
          <ul class="rows">
            {items.slice(0, NAMED).map((trace) => (
              <TraceLine key={trace.id} trace={trace} />
            ))}
          </ul>
        )}
      </Answered>
    </Section>
  );
}

function TraceLine({ trace }: { trace: Trace }): JSX.Element {
  return (
    <li>
      <a class="row-main" href={paths.trace(trace.id)}>
        <StatusIcon status={trace.status} /> {trace.name}
      </a>
      <span class="row-facts muted">
        <Age time={trace.startTime} /> · <Duration start={trace.startTime} end={trace.endTime} />
      </span>
    </li>
  );
}

import type { Session } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Facts, PageFrame } from "../../components/page.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { Age } from "../../components/time.tsx";
import { formatCost, formatCount } from "../../format/numbers.ts";
import { formatDuration } from "../../format/times.ts";
import { Neighbours } from "../../lists/neighbours.tsx";
import { askSession, askTurns } from "../../questions/sessions.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { totalTokens } from "../traces/token-usage.ts";
import { SESSIONS } from "./sessions-page.tsx";
import { TurnList } from "./turn-list.tsx";

const ORDERS = [
  { value: "oldest", label: "Oldest first" },
  { value: "newest", label: "Newest first" },
] as const;

/** A conversation, turn by turn. */
export function SessionPage({ params: { sessionId = "" } }: PageProps): JSX.Element {
  const [order, setOrder] = useQueryState("turns", "oldest");
  const newestFirst = order === "newest";
  const session = useQuery(askSession(sessionId));
  const answer = usePages(askTurns(sessionId, newestFirst));
  // The turns of the other order would have the wrong numbers.
  const turns = { ...answer, data: answer.isLoading ? undefined : answer.data };
  const ofSession = {
    clauses: [{ field: "sessionId", operator: "is", value: sessionId }],
  } as const;
  return (
    <PageFrame
      title={sessionId}
      fill
      crumbs={[{ label: "Sessions", href: paths.scoped("sessions") }]}
      facts={session.data === undefined ? null : <SessionFacts session={session.data} />}
      actions={
        <>
          <Neighbours spec={SESSIONS} current={sessionId} />
          {session.data === undefined ? null : (
            <>
              <Segmented
                label="Order"
                choices={ORDERS}
                value={newestFirst ? "newest" : "oldest"}
                onChange={setOrder}
              />
              <a class="button" href={paths.scoped("traces", {}, ofSession)}>
                Traces
              </a>
            </>
          )}
        </>
      }
    >
      <Answered answer={turns}>
        {(all) => (
          <TurnList
            key={order}
            turns={all}
            answer={turns}
            count={session.data?.traceCount ?? all.length}
            newestFirst={newestFirst}
          />
        )}
      </Answered>
    </PageFrame>
  );
}

function SessionFacts({ session }: { session: Session }): JSX.Element {
  const { userId, cost, usage, traceCount, errorCount, durationMs, lastTraceTime } = session;
  return (
    <Facts
      facts={[
        userId === undefined
          ? undefined
          : [
              "User",
              <a key="user" href={paths.user(userId)}>
                {userId}
              </a>,
            ],
        ["Turns", formatCount(traceCount)],
        ["Failed", formatCount(errorCount)],
        durationMs === undefined ? undefined : ["Mean latency", formatDuration(durationMs.mean)],
        ["Tokens", formatCount(totalTokens(usage) ?? 0)],
        cost === undefined ? undefined : ["Cost", formatCost(cost)],
        ["Latest", <Age key="latest" time={lastTraceTime} />],
      ]}
    />
  );
}

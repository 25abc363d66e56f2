import type { Session } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages } from "../../api/use-query.ts";
import { readableText } from "../../components/json-cell.tsx";
import { Facts } from "../../components/page.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { Age } from "../../components/time.tsx";
import { formatCost, formatCount } from "../../format/numbers.ts";
import { askTurns } from "../../questions/sessions.ts";
import { paths } from "../../routing/paths.ts";

/** A session in the side panel of the list: totals, and its turns in brief. */
export function SessionPreview({ session }: { session: Session }): JSX.Element {
  const turns = usePages(askTurns(session.id, false)).data ?? [];
  const { userId, cost } = session;
  return (
    <>
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
          ["Traces", formatCount(session.traceCount)],
          ["Errors", formatCount(session.errorCount)],
          cost === undefined ? undefined : ["Cost", formatCost(cost)],
          ["Latest", <Age key="latest" time={session.lastTraceTime} />],
        ]}
      />
      <ol class="brief-turns" aria-label="Turns">
        {turns.map(({ trace }) => (
          <li key={trace.id}>
            <p class="muted">
              <StatusIcon status={trace.status} /> <a href={paths.trace(trace.id)}>{trace.name}</a>{" "}
              <Age time={trace.startTime} />
            </p>
            <p class="brief-text">{readableText(trace.inputPreview ?? "")}</p>
            <p class="brief-text">
              {readableText(trace.outputPreview ?? trace.errorPreview ?? "")}
            </p>
          </li>
        ))}
      </ol>
    </>
  );
}

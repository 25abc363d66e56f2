import type { User } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages } from "../../api/use-query.ts";
import { Facts, Section } from "../../components/page.tsx";
import { Age } from "../../components/time.tsx";
import { formatCost, formatCount } from "../../format/numbers.ts";
import { askSessions } from "../../questions/sessions.ts";
import { paths } from "../../routing/paths.ts";
import { quote } from "../../search/filter-text.ts";

/** Sessions listed in the side panel; the page has all of them. */
const LISTED = 8;

/** A user in the side panel of the list: totals, and the latest sessions. */
export function UserPreview({ user }: { user: User }): JSX.Element {
  const { id, traceCount, errorCount, cost, lastTraceTime } = user;
  const question = askSessions({ filter: `userId = ${quote(id)}`, limit: LISTED });
  const sessions = usePages(question).data ?? [];
  return (
    <>
      <Facts
        facts={[
          ["Traces", formatCount(traceCount)],
          ["Errors", formatCount(errorCount)],
          cost === undefined ? undefined : ["Cost", formatCost(cost)],
          ["Latest", <Age key="latest" time={lastTraceTime} />],
        ]}
      />
      {sessions.length === 0 ? null : (
        <Section title="Latest sessions">
          <ul class="brief-turns">
            {sessions.slice(0, LISTED).map((session) => (
              <li key={session.id}>
                <a href={paths.session(session.id)}>{session.id}</a>{" "}
                <span class="muted">
                  {formatCount(session.traceCount)} traces, <Age time={session.lastTraceTime} />
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

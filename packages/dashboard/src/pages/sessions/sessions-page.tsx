import type { Session } from "@rivulet/core";
import type { JSX } from "preact";
import { readableText } from "../../components/json-cell.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { ListPage } from "../../lists/list-page.tsx";
import type { ListSpec } from "../../lists/list-spec.ts";
import { askSessions } from "../../questions/sessions.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { SessionPreview } from "./session-preview.tsx";
import { totalsColumns } from "./totals-columns.tsx";
import { TRACE_OWNER_FILTER } from "./trace-owner-filter.ts";

/** Conversations, of one experiment or all. */
export function SessionsPage({ params: { experimentId } }: PageProps): JSX.Element {
  return <ListPage spec={SESSIONS} experimentId={experimentId} />;
}

/** The list of sessions. */
export const SESSIONS: ListSpec<Session> = {
  list: "sessions",
  title: "Sessions",
  noun: "session",
  columns: [
    {
      key: "id",
      label: "Session",
      width: 200,
      cell: ({ id }) => (
        <a class="row-link" href={paths.session(id)}>
          {id}
        </a>
      ),
    },
    {
      key: "input",
      label: "First input",
      width: 200,
      grow: true,
      cell: ({ inputPreview = "" }) => <span class="preview">{readableText(inputPreview)}</span>,
    },
    {
      key: "userId",
      label: "User",
      width: 120,
      cell: ({ userId }) =>
        userId === undefined ? null : (
          <a class="over-row" href={paths.user(userId)}>
            {userId}
          </a>
        ),
    },
    ...totalsColumns<Session>(),
  ],
  filter: TRACE_OWNER_FILTER,
  order: "",
  keyOf: ({ id }) => id,
  nameOf: ({ id }) => id,
  hrefOf: ({ id }) => paths.session(id),
  ask: askSessions,
  panel: (session) => <SessionPreview session={session} />,
  empty: (
    <EmptyState
      title="No sessions yet."
      code={`await rivulet.withSpan("answer", answer, { sessionId: conversation.id });`}
    />
  ),
};

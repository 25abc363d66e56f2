import type { User } from "@rivulet/core";
import type { JSX } from "preact";
import { EmptyState } from "../../components/notices.tsx";
import { ListPage } from "../../lists/list-page.tsx";
import type { ListSpec } from "../../lists/list-spec.ts";
import { askUsers } from "../../questions/sessions.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { totalsColumns } from "./totals-columns.tsx";
import { TRACE_OWNER_FILTER } from "./trace-owner-filter.ts";
import { UserPreview } from "./user-preview.tsx";

/** End users, of one experiment or all. */
export function UsersPage({ params: { experimentId } }: PageProps): JSX.Element {
  return <ListPage spec={USERS} experimentId={experimentId} />;
}

const USERS: ListSpec<User> = {
  list: "users",
  title: "Users",
  noun: "user",
  columns: [
    {
      key: "id",
      label: "User",
      width: 200,
      grow: true,
      cell: ({ id }) => (
        <a class="row-link" href={paths.user(id)}>
          {id}
        </a>
      ),
    },
    {
      key: "sessionCount",
      label: "Sessions",
      width: 80,
      isNumber: true,
      cell: ({ sessionCount }) => sessionCount,
    },
    ...totalsColumns<User>(),
  ],
  filter: TRACE_OWNER_FILTER,
  order: "",
  keyOf: ({ id }) => id,
  nameOf: ({ id }) => id,
  hrefOf: ({ id }) => paths.user(id),
  ask: askUsers,
  panel: (user) => <UserPreview user={user} />,
  empty: (
    <EmptyState
      title="No users yet."
      code={`await rivulet.withSpan("answer", answer, { userId: user.id });`}
    />
  ),
};

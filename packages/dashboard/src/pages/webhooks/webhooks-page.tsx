import type { Webhook } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages } from "../../api/use-query.ts";
import { Chip } from "../../components/chips.tsx";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { PageFrame } from "../../components/page.tsx";
import { NewButton } from "../../components/thing-actions.tsx";
import { Age } from "../../components/time.tsx";
import { askWebhooks } from "../../questions/webhooks.ts";
import { paths } from "../../routing/paths.ts";
import { NewWebhookDialog } from "./webhook-dialogs.tsx";
import { eventWords } from "./webhook-events.ts";

/** Addresses that are told of changes of models and prompts. */
export function WebhooksPage(): JSX.Element {
  return (
    <PageFrame
      title="Webhooks"
      fill
      actions={
        <NewButton
          label="New webhook"
          access="admin"
          dialog={(close) => <NewWebhookDialog onClose={close} />}
        />
      }
    >
      <DataTable
        label="Webhooks"
        columns={COLUMNS}
        answer={usePages(askWebhooks)}
        keyOf={({ id }) => id}
        empty={
          <EmptyState title="No webhooks yet.">
            <p class="muted">
              A webhook tells another service when a model or a prompt has changed, such as an alias
              that was moved.
            </p>
          </EmptyState>
        }
      />
    </PageFrame>
  );
}

/** Whether a webhook is told of anything. */
export function WebhookStatus({ webhook: { status } }: { webhook: Webhook }): JSX.Element {
  return status === "active" ? <Chip tone="good">Active</Chip> : <Chip>Disabled</Chip>;
}

const COLUMNS: readonly Column<Webhook>[] = [
  {
    key: "name",
    label: "Webhook",
    width: 180,
    cell: ({ id, name }) => (
      <a class="row-link" href={paths.webhook(id)}>
        {name}
      </a>
    ),
  },
  {
    key: "status",
    label: "Status",
    width: 100,
    cell: (webhook) => <WebhookStatus webhook={webhook} />,
  },
  {
    key: "url",
    label: "Address",
    width: 260,
    grow: true,
    cell: ({ url }) => <span title={url}>{url}</span>,
  },
  {
    key: "events",
    label: "Events",
    width: 240,
    cell: ({ events }) => {
      const words = events.map(eventWords).join(", ");
      return <span title={words}>{words}</span>;
    },
  },
  {
    key: "isSigned",
    label: "Signed",
    width: 80,
    cell: ({ isSigned }) => (isSigned ? "Yes" : "No"),
  },
  {
    key: "updatedAt",
    label: "Changed",
    width: 110,
    cell: ({ updatedAt }) => <Age time={updatedAt} />,
  },
];

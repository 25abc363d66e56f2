import type { Webhook, WebhookDelivery } from "@rivulet/core";
import type { JSX } from "preact";
import { useAction } from "../../api/use-action.ts";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Chip } from "../../components/chips.tsx";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { EmptyState, ErrorNotice } from "../../components/notices.tsx";
import { Facts, PageFrame, Section } from "../../components/page.tsx";
import { DeleteButton, DialogButton } from "../../components/thing-actions.tsx";
import { Age } from "../../components/time.tsx";
import { notify } from "../../components/toasts.tsx";
import {
  askDeliveries,
  askWebhook,
  deleteWebhook,
  testWebhook,
  updateWebhook,
} from "../../questions/webhooks.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { EditWebhookDialog } from "./webhook-dialogs.tsx";
import { eventWords } from "./webhook-events.ts";
import { WebhookStatus } from "./webhooks-page.tsx";

/** One webhook, and what was sent to it. */
export function WebhookPage({ params: { id = "" } }: PageProps): JSX.Element {
  const answer = useQuery(askWebhook(id));
  const webhook = answer.data;
  return (
    <PageFrame
      title={webhook?.name ?? "Webhook"}
      crumbs={[{ label: "Webhooks", href: paths.webhooks }]}
      actions={webhook === undefined ? null : <Actions webhook={webhook} />}
      facts={webhook === undefined ? null : <WebhookFacts webhook={webhook} />}
    >
      <Answered answer={answer}>
        {() => (
          <Section title="Deliveries">
            <Deliveries id={id} />
          </Section>
        )}
      </Answered>
    </PageFrame>
  );
}

function Deliveries({ id }: { id: string }): JSX.Element {
  return (
    <DataTable
      label="Deliveries"
      columns={COLUMNS}
      answer={usePages(askDeliveries(id))}
      keyOf={(delivery) => delivery.id}
      empty={<EmptyState title="Nothing was sent yet." />}
    />
  );
}

function Actions({ webhook }: { webhook: Webhook }): JSX.Element {
  const { id, name, status, updatedAt } = webhook;
  const isActive = status === "active";
  const test = useAction(async () => {
    const { success, responseStatus, error, responseBody = "" } = await testWebhook(id);
    const answer = responseStatus === undefined ? "no answer" : `answer ${responseStatus}`;
    const more = (error ?? responseBody).slice(0, 200);
    notify({
      text: `${success ? "Test delivered" : "Test failed"}: ${answer}${more === "" ? "" : `, ${more}`}`,
    });
  });
  const turn = useAction(() =>
    updateWebhook(id, { status: isActive ? "disabled" : "active", expected: updatedAt }),
  );
  const error = test.error ?? turn.error;
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={test.isRunning}
        onClick={() => void test.run(undefined)}
      >
        {test.isRunning ? "Sending…" : "Send a test"}
      </button>
      <button
        type="button"
        class="button"
        disabled={turn.isRunning}
        onClick={() => void turn.run(undefined)}
      >
        {isActive ? "Disable" : "Enable"}
      </button>
      <DialogButton
        label="Edit"
        access="admin"
        dialog={(close) => <EditWebhookDialog webhook={webhook} onClose={close} />}
      />
      <DeleteButton
        access="admin"
        title={`Delete the webhook ${name}?`}
        verb="Delete webhook"
        work={() => deleteWebhook(id)}
        done={`Deleted the webhook ${name}.`}
        after={paths.webhooks}
      >
        <p>
          This cannot be undone. What was noted of its deliveries goes with it, and what waits to be
          sent is not sent.
        </p>
      </DeleteButton>
      {error === null ? null : <ErrorNotice error={error} />}
    </>
  );
}

function WebhookFacts({ webhook }: { webhook: Webhook }): JSX.Element {
  const { url, description, events, isSigned, createdAt } = webhook;
  return (
    <>
      {description === "" ? null : <p class="description">{description}</p>}
      <Facts
        facts={[
          ["Status", <WebhookStatus key="status" webhook={webhook} />],
          ["Address", <code key="url">{url}</code>],
          ["Signed", isSigned ? "Yes" : "No"],
          ["Created", <Age key="created" time={createdAt} />],
        ]}
      />
      <p class="chips">
        {events.map((event) => (
          <Chip key={event} title={event}>
            {eventWords(event)}
          </Chip>
        ))}
      </p>
    </>
  );
}

const STATUS = {
  delivered: { tone: "good", word: "Delivered" },
  pending: { tone: "warn", word: "Waiting" },
  failed: { tone: "bad", word: "Failed" },
} as const;

const COLUMNS: readonly Column<WebhookDelivery>[] = [
  {
    key: "createdAt",
    label: "When",
    width: 110,
    cell: ({ createdAt }) => <Age time={createdAt} />,
  },
  {
    key: "event",
    label: "Event",
    width: 180,
    cell: ({ event }) => <span title={event}>{eventWords(event)}</span>,
  },
  {
    key: "status",
    label: "Status",
    width: 110,
    cell: ({ status }) => <Chip tone={STATUS[status].tone}>{STATUS[status].word}</Chip>,
  },
  {
    key: "attempts",
    label: "Attempts",
    width: 90,
    isNumber: true,
    cell: ({ attempts }) => attempts,
  },
  {
    key: "responseStatus",
    label: "Answer",
    width: 80,
    isNumber: true,
    cell: ({ responseStatus }) => responseStatus ?? "",
  },
  {
    key: "error",
    label: "Last error",
    width: 240,
    grow: true,
    cell: ({ error = "" }) => <span title={error}>{error}</span>,
  },
];

import type {
  CreateWebhookOptions,
  Webhook,
  WebhookDelivery,
  WebhookTest,
  WebhookUpdate,
} from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import { ask, askPages, type PagedQuestion, type Question, refresh } from "../api/query-client.ts";

export const askWebhooks: PagedQuestion<Webhook> = askPages(
  { subject: "webhook" },
  "webhooks.search",
  {},
);

export function askWebhook(id: string): Question<Webhook> {
  return ask({ subject: "webhook", id }, "webhooks.get", id);
}

/** What becomes of a delivery is no change that is told: it is looked at now and then. */
const DELIVERIES_EVERY_MS = 5_000;

/** What was sent to a webhook, newest first. */
export function askDeliveries(webhookId: string): PagedQuestion<WebhookDelivery> {
  const about = { subject: "webhook", id: webhookId } as const;
  return {
    ...askPages(about, "webhooks.deliveries", { webhookId }),
    refetchInterval: DELIVERIES_EVERY_MS,
  };
}

export async function createWebhook(options: CreateWebhookOptions): Promise<Webhook> {
  const made = await rivulet.webhooks.create(options);
  await refresh("webhook");
  return made;
}

export async function updateWebhook(id: string, patch: WebhookUpdate): Promise<void> {
  await rivulet.webhooks.update(id, patch);
  await refresh("webhook", [id]);
}

/** Sends an example of the first event that it is told of. */
export async function testWebhook(id: string): Promise<WebhookTest> {
  return rivulet.webhooks.test(id);
}

export async function deleteWebhook(id: string): Promise<void> {
  await rivulet.webhooks.delete(id);
  await refresh("webhook", [""]);
}

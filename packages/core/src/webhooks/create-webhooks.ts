import type { Webhook, WebhookEvent } from "@rivulet/domain";
import type { Context } from "../context.ts";
import { searchSchema, toStorePage, toStoreQuery } from "../query.ts";
import { notFound } from "../reference.ts";
import { idSchema, parseInput } from "../validation.ts";
import type { sendDelivery } from "./send-delivery.ts";
import {
  createWebhookSchema,
  deliveryQuerySchema,
  testWebhookSchema,
  webhookUpdateSchema,
} from "./webhook-input.ts";
import type { WebhookOptions, Webhooks } from "./webhooks.ts";

/** Webhooks on the context's store. */
export function createWebhooks(
  context: Context,
  { allowPrivate = false }: WebhookOptions = {},
): Webhooks {
  const { store, now, ids } = context;
  const get = async (id: string): Promise<Webhook> => {
    const key = parseInput(idSchema, id, "id");
    const webhook = await (await store()).webhooks.get(key);
    if (webhook === undefined) throw notFound("webhook", key);
    return webhook;
  };
  return Object.freeze<Webhooks>({
    get,
    create: async (options) => {
      const input = parseInput(createWebhookSchema, options, "webhook");
      const { secret, description = "", status = "active", ...fields } = input;
      await requirePublic(fields.url, allowPrivate);
      const time = now();
      const record = { ...fields, description, status, createdAt: time, updatedAt: time };
      const id = ids.entity();
      const { webhooks } = await store();
      await webhooks.create({ ...record, id, ...(secret === undefined ? {} : { secret }) });
      return { ...record, id, isSigned: secret !== undefined };
    },
    search: async (query = {}) => {
      const input = parseInput(searchSchema, query, "query");
      return (await store()).webhooks.search(toStoreQuery(context, "webhook", input));
    },
    update: async (id, patch) => {
      const key = parseInput(idSchema, id, "id");
      const input = parseInput(webhookUpdateSchema, patch, "webhook");
      if (input.url !== undefined) await requirePublic(input.url, allowPrivate);
      return (await store()).webhooks.update({ ...input, id: key, updatedAt: now() });
    },
    delete: async (id) => {
      const key = parseInput(idSchema, id, "id");
      await (await store()).webhooks.delete(key);
    },
    test: async (id, options = {}) => {
      const { event } = parseInput(testWebhookSchema, options, "options");
      const webhook = await get(id);
      const secret = await (await store()).webhooks.getSecret(webhook.id);
      const { status, body, error } = await sendNow({
        id: ids.entity(),
        url: webhook.url,
        ...(secret === undefined ? {} : { secret }),
        payload: exampleOf(event ?? webhook.events[0] ?? "model_version.created", now()),
        now: now(),
        signal: new AbortController().signal,
        allowPrivate,
      });
      return {
        success: status !== undefined && status >= 200 && status < 300,
        ...(status === undefined ? {} : { responseStatus: status }),
        ...(body === undefined ? {} : { responseBody: body }),
        ...(error === undefined ? {} : { error }),
      };
    },
    deliveries: async (query) => {
      const { webhookId, ...page } = parseInput(deliveryQuerySchema, query, "query");
      await get(webhookId);
      return (await store()).webhooks.listDeliveries({ webhookId, ...toStorePage(page) });
    },
  });
}

/** The body of a test. */
function exampleOf(event: WebhookEvent, at: number): string {
  const [entity, action] = event.split(".");
  const data = { name: "example", version: "1", alias: "example", key: "example", value: "" };
  return JSON.stringify({ entity, action, timestamp: new Date(at).toISOString(), data });
}

/** What sends is loaded where there is something to send. */
const sendNow: typeof sendDelivery = async (delivery) =>
  (await import("./send-delivery.ts")).sendDelivery(delivery);

/** What reads addresses is loaded where one is given. */
async function requirePublic(url: string, allowPrivate: boolean): Promise<void> {
  const { checkUrl } = await import("./public-address.ts");
  checkUrl(url, { allowPrivate });
}

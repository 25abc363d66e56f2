import { LIMITS, WEBHOOK_EVENTS } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { listSchema } from "../query.ts";
import {
  descriptionSchema,
  expectedSchema,
  idSchema,
  listOf,
  nameSchema,
  optionsSchema,
  textSchema,
} from "../validation.ts";
import type {
  CreateWebhookOptions,
  DeliveryQuery,
  TestWebhookOptions,
  WebhookUpdate,
} from "./webhooks.ts";

const eventSchema = z.enum(WEBHOOK_EVENTS, `must be one of ${WEBHOOK_EVENTS.join(", ")}`);

const fields = () => ({
  name: nameSchema().describe("Name of the webhook, for people to read"),
  url: textSchema(2_000).describe("Where deliveries are sent: a public address, by https"),
  events: listOf(eventSchema, WEBHOOK_EVENTS.length)
    .refine((events) => events.length > 0, "must not be empty")
    .describe("What it is told of, such as model_version_alias.created"),
  status: z.enum(["active", "disabled"]).describe("active or disabled; default active"),
  secret: textSchema(LIMITS.tagValue)
    .refine((secret) => secret !== "", "must not be empty")
    .describe("Signs deliveries; never given back. Default: they are not signed"),
});

/** Schema of {@link CreateWebhookOptions}. */
export const createWebhookSchema: z.ZodType<CreateWebhookOptions> = optionsSchema(() => {
  const { name, url, events, status, secret } = fields();
  return {
    name,
    url,
    events,
    secret: secret.exactOptional(),
    status: status.exactOptional(),
    description: descriptionSchema.exactOptional(),
  };
});

/** Schema of {@link WebhookUpdate}. */
export const webhookUpdateSchema: z.ZodType<WebhookUpdate> = optionsSchema(() => {
  const { name, url, events, status, secret } = fields();
  return {
    name: name.exactOptional(),
    url: url.exactOptional(),
    events: events.exactOptional(),
    secret: secret.nullable().describe("New secret; null for none").exactOptional(),
    status: status.exactOptional(),
    description: descriptionSchema.exactOptional(),
    expected: expectedSchema.exactOptional(),
  };
});

/** Schema of {@link TestWebhookOptions}. */
export const testWebhookSchema: z.ZodType<TestWebhookOptions> = optionsSchema(() => ({
  event: eventSchema
    .describe("Event of which an example is sent; default the first it is told of")
    .exactOptional(),
}));

/** Schema of {@link DeliveryQuery}. */
export const deliveryQuerySchema: z.ZodType<DeliveryQuery> = listSchema(() => ({
  webhookId: idSchema.describe("Id of the webhook"),
}));

import { pageSchema, webhookDeliverySchema, webhookSchema } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { searchSchema } from "../query.ts";
import { idSchema } from "../validation.ts";
import {
  createWebhookSchema,
  deliveryQuerySchema,
  testWebhookSchema,
  webhookUpdateSchema,
} from "../webhooks/webhook-input.ts";
import type { WebhookTest } from "../webhooks/webhooks.ts";
import { before, nothing, type Operation, only, operation } from "./operation.ts";

const id = idSchema.describe("Id of the webhook");

const testSchema: z.ZodType<WebhookTest> = z.object({
  success: z.boolean(),
  responseStatus: z.number().exactOptional(),
  responseBody: z.string().exactOptional(),
  error: z.string().exactOptional(),
});

/** Operations on webhooks: they make the server call other addresses, and so are the administrator's. */
export const webhookOperations: readonly Operation[] = [
  operation("webhooks.create", {
    access: "admin",
    summary: "Adds an address that is told of changes of models and prompts.",
    input: createWebhookSchema,
    output: webhookSchema,
  }),
  operation("webhooks.get", {
    access: "admin",
    summary: "Gives a webhook, without its secret.",
    positional: ["id"],
    input: only("id", id),
    output: webhookSchema,
  }),
  operation("webhooks.search", {
    access: "admin",
    summary: "Searches webhooks, by name.",
    input: searchSchema,
    output: pageSchema(webhookSchema),
  }),
  operation("webhooks.update", {
    access: "admin",
    summary: "Changes a webhook.",
    positional: ["id"],
    input: before("id", id, webhookUpdateSchema),
    output: webhookSchema,
  }),
  operation("webhooks.test", {
    access: "admin",
    summary: "Sends an example of an event to a webhook.",
    positional: ["id"],
    input: before("id", id, testWebhookSchema),
    output: testSchema,
  }),
  operation("webhooks.deliveries", {
    access: "admin",
    summary: "What was sent to a webhook, and what came of it; newest first.",
    input: deliveryQuerySchema,
    output: pageSchema(webhookDeliverySchema),
  }),
  operation("webhooks.delete", {
    access: "admin",
    summary: "Removes a webhook with its deliveries.",
    positional: ["id"],
    input: only("id", id),
    output: nothing,
  }),
];

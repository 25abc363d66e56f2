import * as z from "zod";
import type { ColumnsOf, Entity, StoredTable } from "./entity.ts";
import { objectSchema } from "./object-schema.ts";

/** What a webhook can tell of: MLflow's names, and `deleted`, `renamed` and stages besides. */
export type WebhookEvent =
  | "registered_model.created"
  | "registered_model.renamed"
  | "registered_model.deleted"
  | "model_version.created"
  | "model_version.deleted"
  | "model_version_tag.set"
  | "model_version_tag.deleted"
  | "model_version_alias.created"
  | "model_version_alias.deleted"
  | "model_version_stage.set"
  | "prompt.created"
  | "prompt.deleted"
  | "prompt_version.created"
  | "prompt_alias.created"
  | "prompt_alias.deleted";

/** Every {@link WebhookEvent}. */
export const WEBHOOK_EVENTS: readonly [WebhookEvent, ...WebhookEvent[]] = [
  "registered_model.created",
  "registered_model.renamed",
  "registered_model.deleted",
  "model_version.created",
  "model_version.deleted",
  "model_version_tag.set",
  "model_version_tag.deleted",
  "model_version_alias.created",
  "model_version_alias.deleted",
  "model_version_stage.set",
  "prompt.created",
  "prompt.deleted",
  "prompt_version.created",
  "prompt_alias.created",
  "prompt_alias.deleted",
];

/** An address that is told of changes of models and prompts. Its secret is never given back. */
export interface Webhook {
  /** 32 hex digits. */
  readonly id: string;
  /** For people to read, up to 250 characters. */
  readonly name: string;
  /** Where deliveries are sent. */
  readonly url: string;
  /** What it is told of. */
  readonly events: readonly WebhookEvent[];
  /** A disabled one is told of nothing. */
  readonly status: "active" | "disabled";
  /** Free text; empty when there is none. */
  readonly description: string;
  /** Whether deliveries are signed with a secret. */
  readonly isSigned: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** A delivery to a webhook. */
export interface WebhookDelivery {
  /** 32 hex digits; the same at each attempt, so that the receiver can tell. */
  readonly id: string;
  /** The webhook. */
  readonly webhookId: string;
  /** What it tells of. */
  readonly event: WebhookEvent;
  /** `pending` until it is delivered, or given up. */
  readonly status: "pending" | "delivered" | "failed";
  /** How often it was tried. */
  readonly attempts: number;
  /** HTTP status of the last answer; absent without one. */
  readonly responseStatus?: number;
  /** Why the last attempt failed. */
  readonly error?: string;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly createdAt: number;
}

const statusSchema = z.enum(["active", "disabled"]);

/** Schema of {@link WebhookEvent}. */
export const webhookEventSchema: z.ZodType<WebhookEvent> = z.enum(WEBHOOK_EVENTS);

/** Schema of {@link Webhook}. */
export const webhookSchema: z.ZodType<Webhook> = objectSchema(() => ({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  events: z.array(webhookEventSchema),
  status: statusSchema,
  description: z.string(),
  isSigned: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
}));

/** Schema of {@link WebhookDelivery}. */
export const webhookDeliverySchema: z.ZodType<WebhookDelivery> = objectSchema(() => ({
  id: z.string(),
  webhookId: z.string(),
  event: webhookEventSchema,
  status: z.enum(["pending", "delivered", "failed"]),
  attempts: z.number().int(),
  responseStatus: z.number().int().exactOptional(),
  error: z.string().exactOptional(),
  createdAt: z.number(),
}));

const columns: ColumnsOf<Webhook, "isSigned"> = {
  id: "text",
  name: "text",
  url: "text",
  events: "json",
  status: "text",
  description: "text",
  createdAt: "time",
  updatedAt: "time",
};

/** How webhooks are stored and searched. */
export const webhookEntity: Entity<"webhook"> = {
  name: "webhook",
  event: "webhook",
  table: "webhooks",
  columns,
  extra: { secret: "text?" },
  key: ["id"],
  indexes: [{ name: "webhooks_name", on: ["name", "id"] }],
  since: 4,
  searched: ["id", "name", "url", "status", "createdAt", "updatedAt"],
  order: ["name", "id"],
  aliases: { webhook_id: "id" },
  words: { status: ["active", "disabled"] },
  lookups: {},
};

const deliveryColumns: ColumnsOf<WebhookDelivery> = {
  id: "text",
  webhookId: "text",
  event: "text",
  status: "text",
  attempts: "integer",
  responseStatus: "integer?",
  error: "text?",
  createdAt: "time",
};

/** How deliveries are stored; `due` is when the next attempt may begin. */
export const webhookDeliveryTable: StoredTable<"webhook"> = {
  event: "webhook",
  table: "webhook_deliveries",
  columns: deliveryColumns,
  extra: { payload: "text", dueAt: "time" },
  key: ["id"],
  indexes: [
    { name: "webhook_deliveries_due", on: ["dueAt"], where: { field: "status", is: "pending" } },
    { name: "webhook_deliveries_webhook", on: ["webhookId", "createdAt", "id"] },
  ],
  since: 4,
};

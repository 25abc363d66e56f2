import type { Page, Webhook, WebhookDelivery, WebhookEvent } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operation, type Operations, read, search, write } from "./operation.ts";
import type { StoreQuery } from "./query.ts";

/**
 * Webhooks and their deliveries. A delivery is written in the transaction of the change that it tells of, and claimed by
 * one process at a time.
 */
export interface WebhookStore {
  /** Adds a webhook. @throws RivuletError `already_exists` */
  create(webhook: NewWebhook): Promise<void>;
  /** One webhook; `undefined` when there is none of this id. */
  get(id: string): Promise<Webhook | undefined>;
  /** Its secret; `undefined` without one. */
  getSecret(id: string): Promise<string | undefined>;
  /** Changes a webhook. @throws RivuletError `not_found`; `conflict` when it is not the expected one */
  update(patch: WebhookPatch): Promise<Webhook>;
  /** Removes a webhook with its deliveries. @throws RivuletError `not_found` */
  delete(id: string): Promise<void>;
  /** Default order: by name. */
  search(query: StoreQuery): Promise<Page<Webhook>>;
  /** The deliveries of a webhook, newest first. */
  listDeliveries(query: {
    readonly webhookId: string;
    readonly limit: number;
    readonly pageToken?: string;
  }): Promise<Page<WebhookDelivery>>;
  /** Takes deliveries that are due, oldest first, for so many milliseconds. Nobody else gets them meanwhile. */
  claim(query: ClaimQuery): Promise<WebhookWork>;
  /** Notes what came of an attempt, unless the delivery was claimed again since. */
  settle(outcome: DeliveryOutcome): Promise<void>;
}

/** A webhook with its secret, which is only written. */
export type NewWebhook = Omit<Webhook, "isSigned"> & {
  /** Signs deliveries. @default they are not signed */
  readonly secret?: string;
};

/** Changes to a webhook. Absent fields stay as they are. */
export type WebhookPatch = Partial<Omit<Webhook, "id" | "isSigned" | "createdAt">> & {
  /** The webhook. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  /** New secret; `null` for none. */
  readonly secret?: string | null;
  /** The `updatedAt` that it must have. @default any */
  readonly expected?: number;
};

/** What is to be claimed. */
export interface ClaimQuery {
  /** Most deliveries. */
  readonly limit: number;
  /** Milliseconds for which nobody else gets them. */
  readonly leaseMs: number;
  /** Webhooks whose deliveries are left alone. @default none */
  readonly except?: readonly string[];
}

/** What is to be delivered. */
export interface WebhookWork {
  /** Claimed deliveries. */
  readonly deliveries: readonly ClaimedDelivery[];
  /** Milliseconds until the next one is due; absent when none is left. */
  readonly nextMs?: number;
}

/** A delivery with what is sent. */
export interface ClaimedDelivery {
  /** Id of the delivery. */
  readonly id: string;
  /** The webhook. */
  readonly webhookId: string;
  /** Where it goes. */
  readonly url: string;
  /** Signs it. */
  readonly secret?: string;
  /** The body: JSON. */
  readonly payload: string;
  /** What it tells of. */
  readonly event: WebhookEvent;
  /** How often it was tried, this time included. */
  readonly attempts: number;
}

/** What came of an attempt. */
export interface DeliveryOutcome {
  /** Id of the delivery. */
  readonly id: string;
  /** The `attempts` that it was claimed with. */
  readonly attempts: number;
  /** It was not sent: the attempt does not count. @default false */
  readonly isUnsent?: boolean;
  /** `pending`: to be tried again. */
  readonly status: WebhookDelivery["status"];
  /** HTTP status of the answer. */
  readonly responseStatus?: number;
  /** Why it failed. */
  readonly error?: string;
  /** Milliseconds until it is tried again. @default 0 */
  readonly retryMs?: number;
}

/** Writes what nobody is told of. */
const quiet: Operation = { access: "write", change: () => undefined };

/** Access and change events of each operation. */
export const webhookOperations: Operations<WebhookStore> = {
  create: write(ENTITIES.webhook),
  get: read,
  getSecret: read,
  update: write(ENTITIES.webhook),
  delete: write(ENTITIES.webhook),
  search: search,
  listDeliveries: read,
  claim: quiet,
  settle: quiet,
};

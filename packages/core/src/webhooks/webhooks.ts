import type {
  Page,
  PageQuery,
  SearchQuery,
  Webhook,
  WebhookDelivery,
  WebhookEvent,
} from "@rivulet/domain";

/**
 * Addresses that are told of changes of models and prompts, by signed requests as MLflow sends them:
 * `X-MLflow-Signature: v1,<base64 of HMAC-SHA256 over "<delivery id>.<timestamp>.<body>">`.
 */
export interface Webhooks {
  /** Adds a webhook. @throws RivuletError `invalid_argument`; `permission_denied` for a private address */
  create(options: CreateWebhookOptions): Promise<Webhook>;
  /** The webhook, without its secret. @throws RivuletError `not_found` */
  get(id: string): Promise<Webhook>;
  /** Default order: by name. */
  search(query?: SearchQuery): Promise<Page<Webhook>>;
  /**
   * Changes a webhook. @throws RivuletError `not_found`; `conflict` when it is not the expected one; `permission_denied`
   * for a private address
   */
  update(id: string, patch: WebhookUpdate): Promise<Webhook>;
  /** Removes a webhook with its deliveries. @throws RivuletError `not_found` */
  delete(id: string): Promise<void>;
  /** Sends an example of an event, once. @throws RivuletError `not_found` */
  test(id: string, options?: TestWebhookOptions): Promise<WebhookTest>;
  /** What was sent to a webhook, and what came of it; newest first. @throws RivuletError `not_found` */
  deliveries(query: DeliveryQuery): Promise<Page<WebhookDelivery>>;
}

/** Options of `webhooks.create`. */
export interface CreateWebhookOptions {
  /** For people to read, up to 250 characters. */
  readonly name: string;
  /** Where deliveries are sent: https, and no address of a private network unless the client allows it. */
  readonly url: string;
  /** What it is told of, such as `model_version_alias.created`. */
  readonly events: readonly WebhookEvent[];
  /** Signs deliveries. It is kept in the store as it is, and never given back. @default they are not signed */
  readonly secret?: string;
  /** A disabled webhook is told of nothing. @default 'active' */
  readonly status?: "active" | "disabled";
  /** Free text, up to 5,000 characters. @default '' */
  readonly description?: string;
}

/** Changes to a webhook. */
export interface WebhookUpdate extends Partial<Omit<CreateWebhookOptions, "secret">> {
  /** New secret; `null` for none. */
  readonly secret?: string | null;
  /** The `updatedAt` that it must have, so that nobody's change is lost. @default any */
  readonly expected?: number;
}

/** Options of `webhooks.test`. */
export interface TestWebhookOptions {
  /** The event. @default the first that the webhook is told of */
  readonly event?: WebhookEvent;
}

/** What came of a test. */
export interface WebhookTest {
  /** Whether the answer was a success. */
  readonly success: boolean;
  /** HTTP status of the answer; absent without one. */
  readonly responseStatus?: number;
  /** Beginning of the answer. */
  readonly responseBody?: string;
  /** Why there was none. */
  readonly error?: string;
}

/** Options of `webhooks.deliveries`. */
export interface DeliveryQuery extends PageQuery {
  /** Id of the webhook. */
  readonly webhookId: string;
}

/** Options of a client's webhooks. */
export interface WebhookOptions {
  /** Allows http, and addresses of this machine and of private networks. @default false */
  readonly allowPrivate?: boolean;
  /** Milliseconds before the second attempt; each later one waits four times as long. @default 5000 */
  readonly retryMs?: number;
}

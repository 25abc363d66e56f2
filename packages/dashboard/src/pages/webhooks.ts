// Pages of webhooks, whose code is loaded together.

export { WebhookPage } from "./webhooks/webhook-page.tsx";
export { WebhooksPage } from "./webhooks/webhooks-page.tsx";

import type { Webhook, WebhookDelivery } from "@rivulet/domain";
import { ENTITIES, PARTS } from "@rivulet/domain/entities";
import type {
  ClaimedDelivery,
  ClaimQuery,
  DeliveryOutcome,
  WebhookStore,
  WebhookWork,
} from "../../port/webhooks.ts";
import type { Database, Sql } from "../database.ts";
import { type EntityRows, entityRows } from "../kit/entity-rows.ts";
import { type RecordRows, recordRows } from "../kit/record-rows.ts";
import { readPage } from "../search/read-page.ts";
import { LIMIT, number, optionalText, placeholders, text } from "../values.ts";

const rows: EntityRows<Webhook> = entityRows(ENTITIES.webhook, {
  load: async () => (row) => ({ isSigned: optionalText(row, "secret") !== undefined }),
});
const deliveries: RecordRows<WebhookDelivery> = recordRows(PARTS.webhookDelivery);

/** Deliveries that are over are kept this long, in microseconds. */
const KEPT_US = 30 * 24 * 60 * 60 * 1_000_000;

/** Webhooks in SQL. */
export function webhookStore(database: Database): WebhookStore {
  return {
    create: (webhook) => database.transaction((sql) => rows.create(sql, webhook)),
    get: (id) => database.snapshot((sql) => rows.find(sql, [id])),
    getSecret: async (id) => {
      const [row] = await database.all("SELECT secret FROM webhooks WHERE id = ?", [id]);
      return row && optionalText(row, "secret");
    },
    update: (patch) => database.transaction((sql) => rows.patch(sql, [patch.id], patch)),
    delete: (id) =>
      database.transaction(async (sql) => {
        await rows.remove(sql, [id]);
        await sql.run("DELETE FROM webhook_deliveries WHERE webhook_id = ?", [id]);
      }),
    search: (query) => rows.search(database, { query }),
    listDeliveries: ({ webhookId, ...page }) =>
      readPage(database, {
        table: "webhook_deliveries",
        within: { sql: "webhook_id = ?", values: [webhookId] },
        order: ["created_us", "id"],
        descending: true,
        page,
        read: deliveries.record,
      }),
    claim: async (query) => {
      // Most of the time nothing is due: that is found out without the writers' lock.
      const nextMs = await nextDue(database, query);
      if (nextMs === undefined || nextMs > 0)
        return nextMs === undefined ? none : { ...none, nextMs };
      return database.transaction((sql) => claim(sql, query));
    },
    settle: (outcome) => database.transaction((sql) => settle(sql, outcome)),
  };
}

const none: WebhookWork = { deliveries: [] };

/** What is to be sent: what waits for a webhook that is disabled goes on to wait. */
function waiting({ except = [] }: ClaimQuery): string {
  const others = except.length === 0 ? "" : ` AND id NOT IN (${placeholders(except)})`;
  return `status = 'pending' AND webhook_id IN (SELECT id FROM webhooks WHERE status = 'active'${others})`;
}

/** Milliseconds until a delivery is due, by the database's clock: processes may have others. */
async function nextDue(sql: Sql, query: ClaimQuery): Promise<number | undefined> {
  const [row = {}] = await sql.all(
    `SELECT MIN(due_us) AS due, ${sql.dialect.now} AS now FROM webhook_deliveries WHERE ${waiting(query)}`,
    query.except,
  );
  if (row["due"] === null || row["due"] === undefined) return undefined;
  return Math.max(0, Math.ceil((number(row, "due") - number(row, "now")) / 1000));
}

async function claim(sql: Sql, query: ClaimQuery): Promise<WebhookWork> {
  const { limit, leaseMs, except = [] } = query;
  const due = await sql.all(
    `SELECT id FROM webhook_deliveries WHERE ${waiting(query)} AND due_us <= ${sql.dialect.now}
     ORDER BY due_us, created_us, id ${LIMIT} ${sql.dialect.forUpdate}`,
    [...except, limit],
  );
  const ids = due.map((row) => text(row, "id"));
  if (ids.length === 0) return none;
  await sql.run(
    `UPDATE webhook_deliveries SET attempts = attempts + 1, due_us = ${sql.dialect.now} + ?
     WHERE id IN (${placeholders(ids)})`,
    [leaseMs * 1000, ...ids],
  );
  const found = await sql.all(
    `SELECT d.id, d.webhook_id, d.payload, d.event, d.attempts, w.url, w.secret
     FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
     WHERE d.id IN (${placeholders(ids)}) ORDER BY d.created_us, d.id`,
    ids,
  );
  await sql.run(
    `DELETE FROM webhook_deliveries WHERE status <> 'pending' AND created_us < ${sql.dialect.now} - ${KEPT_US}`,
  );
  return { deliveries: found.map(toClaimed), nextMs: 0 };
}

function toClaimed(row: Parameters<typeof text>[0]): ClaimedDelivery {
  const secret = optionalText(row, "secret");
  return {
    id: text(row, "id"),
    webhookId: text(row, "webhook_id"),
    url: text(row, "url"),
    ...(secret === undefined ? {} : { secret }),
    payload: text(row, "payload"),
    event: text(row, "event") as ClaimedDelivery["event"],
    attempts: number(row, "attempts"),
  };
}

async function settle(sql: Sql, outcome: DeliveryOutcome): Promise<void> {
  const { id, attempts, isUnsent = false, status, retryMs = 0 } = outcome;
  const { responseStatus = null, error = null } = outcome;
  await sql.run(
    `UPDATE webhook_deliveries SET status = ?, response_status = ?, error = ?,
     due_us = ${sql.dialect.now} + ?, attempts = ?
     WHERE id = ? AND status = 'pending' AND attempts = ?`,
    [
      status,
      responseStatus,
      error,
      retryMs * 1000,
      isUnsent ? attempts - 1 : attempts,
      id,
      attempts,
    ],
  );
}

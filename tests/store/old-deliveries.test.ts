import { expect, test } from "vitest";
import { aDatabase, backendOver } from "./a-backend.ts";

const DAY_US = 86_400_000_000;

test("deliveries that are over are kept for 30 days, and those that wait until they are sent", async () => {
  const database = await aDatabase();
  const { webhooks } = backendOver(database).entities;
  const times = { createdAt: 0, updatedAt: 0 };
  await webhooks.create({
    id: "w",
    name: "ci",
    url: "https://ci.example/",
    events: ["model_version.created"],
    status: "active",
    description: "",
    ...times,
  });
  const now = Date.now() * 1000;
  const given = [
    ["waits", "pending", 31],
    ["old", "delivered", 31],
    ["lost", "failed", 31],
    ["young", "delivered", 29],
  ] as const;
  for (const [id, status, days] of given) {
    await database.run(
      `INSERT INTO webhook_deliveries
         (id, webhook_id, event, status, attempts, created_us, due_us, payload)
       VALUES (?, 'w', 'model_version.created', ?, 0, ?, 0, '{}')`,
      [id, status, now - days * DAY_US],
    );
  }
  const { deliveries } = await webhooks.claim({ limit: 10, leaseMs: 1 });
  expect(deliveries.map(({ id }) => id)).toEqual(["waits"]);
  const { items } = await webhooks.listDeliveries({ webhookId: "w", limit: 10 });
  expect(items.map(({ id }) => id)).toEqual(["young", "waits"]);
});

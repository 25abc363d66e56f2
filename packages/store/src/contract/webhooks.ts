import assert from "node:assert/strict";
import type { Store } from "../port/store.ts";
import type { NewWebhook } from "../port/webhooks.ts";
import { BUILT_AT } from "./builders.ts";
import { type ContractCase, freshStoreGroup, refuses } from "./contract-case.ts";
import { hexId } from "./hex-id.ts";

const LATER = BUILT_AT + 10;

function aWebhook(fields: Partial<NewWebhook> = {}): NewWebhook {
  return {
    id: hexId(1),
    name: "ci",
    url: "https://ci.example/hook",
    events: ["model_version.created", "model_version_alias.created"],
    status: "active",
    description: "",
    secret: "hush",
    createdAt: BUILT_AT,
    updatedAt: BUILT_AT,
    ...fields,
  };
}

async function register(store: Store): Promise<void> {
  const version = { name: "m", description: "", tags: {}, metrics: {} };
  const times = { createdAt: BUILT_AT, updatedAt: BUILT_AT };
  await store.models.addVersion({ ...version, ...times, setAliases: ["live"] });
}

const LEASE = { limit: 10, leaseMs: 60_000 };

/** Rules of {@link WebhookStore}. */
export const webhookRules: readonly ContractCase[] = freshStoreGroup("webhooks", {
  "come out without their secret, change and go": async (store) => {
    const { secret: _, ...kept } = aWebhook();
    await store.webhooks.create(aWebhook());
    assert.deepEqual(await store.webhooks.get(hexId(1)), { ...kept, isSigned: true });
    assert.equal(await store.webhooks.getSecret(hexId(1)), "hush");
    await refuses("already_exists", () => store.webhooks.create(aWebhook()));
    const patch = { id: hexId(1), secret: null, status: "disabled", updatedAt: LATER } as const;
    assert.deepEqual(await store.webhooks.update({ ...patch, expected: BUILT_AT }), {
      ...kept,
      status: "disabled",
      isSigned: false,
      updatedAt: LATER,
    });
    await refuses("conflict", () => store.webhooks.update({ ...patch, expected: BUILT_AT }));
    await store.webhooks.delete(hexId(1));
    assert.equal(await store.webhooks.get(hexId(1)), undefined);
    await refuses("not_found", () => store.webhooks.delete(hexId(1)));
  },
  "have a delivery for each change they are told of, which one process gets": async (store) => {
    await store.webhooks.create(aWebhook());
    await store.webhooks.create(aWebhook({ id: hexId(2), status: "disabled" }));
    await register(store);
    const works = await Promise.all([1, 2, 3].map(() => store.webhooks.claim(LEASE)));
    const claimed = works.flatMap(({ deliveries }) => deliveries);
    assert.deepEqual(
      claimed.map(({ event, url, secret, attempts }) => [event, url, secret, attempts]),
      aWebhook().events.map((event) => [event, "https://ci.example/hook", "hush", 1]),
    );
    const [first] = claimed;
    assert.deepEqual(JSON.parse(first?.payload ?? ""), {
      entity: "model_version",
      action: "created",
      timestamp: new Date(BUILT_AT).toISOString(),
      data: { name: "m", version: "1", source: null, run_id: null, tags: {}, description: "" },
    });
    const id = first?.id ?? "";
    const busy = { status: "pending", responseStatus: 503, error: "busy" } as const;
    await store.webhooks.settle({ id, attempts: 1, ...busy });
    const again = await store.webhooks.claim(LEASE);
    assert.deepEqual(
      again.deliveries.map((one) => [one.id, one.attempts]),
      [[id, 2]],
    );
    // What was tried before it was claimed again is over.
    await store.webhooks.settle({ id, attempts: 1, ...busy });
    assert.deepEqual((await store.webhooks.claim(LEASE)).deliveries, []);
    await store.webhooks.settle({ id, attempts: 2, status: "pending", isUnsent: true });
    assert.equal((await store.webhooks.claim(LEASE)).deliveries[0]?.attempts, 2);
    await store.webhooks.settle({ id, attempts: 2, status: "delivered", responseStatus: 204 });
    assert.deepEqual((await store.webhooks.claim(LEASE)).deliveries, []);
    const page = await store.webhooks.listDeliveries({ webhookId: hexId(1), limit: 10 });
    assert.deepEqual(
      page.items.map(({ event, status, responseStatus }) => [event, status, responseStatus]),
      [
        ["model_version_alias.created", "pending", undefined],
        ["model_version.created", "delivered", 204],
      ],
    );
  },
  "go with their deliveries, and one made anew begins with none": async (store) => {
    await store.webhooks.create(aWebhook());
    await register(store);
    await store.webhooks.delete(hexId(1));
    await store.webhooks.create(aWebhook());
    const page = await store.webhooks.listDeliveries({ webhookId: hexId(1), limit: 10 });
    assert.deepEqual(page, { items: [] });
    assert.deepEqual(await store.webhooks.claim(LEASE), { deliveries: [] });
  },
  "send nothing while they are disabled": async (store) => {
    await store.webhooks.create(aWebhook());
    await register(store);
    const change = { id: hexId(1), updatedAt: LATER };
    await store.webhooks.update({ ...change, status: "disabled" });
    assert.deepEqual(await store.webhooks.claim(LEASE), { deliveries: [] });
    await store.webhooks.update({ ...change, status: "active" });
    assert.equal((await store.webhooks.claim(LEASE)).deliveries.length, 2);
  },
  "are claimed in the order of what happened, without those of webhooks that are to be left alone":
    async (store) => {
      await store.webhooks.create(aWebhook());
      await store.webhooks.create(aWebhook({ id: hexId(2), url: "https://other.example/" }));
      await register(store);
      const except = [hexId(1)];
      const one = await store.webhooks.claim({ ...LEASE, limit: 1, except });
      assert.deepEqual(
        one.deliveries.map(({ webhookId, event }) => [webhookId, event]),
        [[hexId(2), "model_version.created"]],
      );
      const rest = await store.webhooks.claim({ ...LEASE, except });
      assert.deepEqual(
        rest.deliveries.map(({ webhookId, event }) => [webhookId, event]),
        [[hexId(2), "model_version_alias.created"]],
      );
      assert.deepEqual((await store.webhooks.claim({ ...LEASE, except })).deliveries, []);
      assert.equal((await store.webhooks.claim(LEASE)).deliveries.length, 2);
    },
  "have no delivery of a change that was refused": async (store) => {
    await store.webhooks.create(aWebhook());
    const alias = { name: "m", alias: "live", version: 9, updatedAt: LATER };
    await refuses("not_found", () => store.models.setAlias(alias));
    assert.deepEqual(await store.webhooks.claim(LEASE), { deliveries: [] });
  },
});

import { createHmac } from "node:crypto";
import dns from "node:dns";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import type { AddressInfo } from "node:net";
import { createRivulet, openStore, type Store, type WebhookEvent } from "@rivulet/core";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { linesOf, startChild } from "../store/child.ts";
import { aClient, aFolder, refusal, sharedClient } from "./client.ts";

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const EVENTS: readonly WebhookEvent[] = ["model_version.created", "model_version_alias.created"];

/** A server that answers with these statuses, then with 200. */
async function aReceiver(...statuses: readonly number[]) {
  const received: Received[] = [];
  const answers = [...statuses];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      const status = answers.shift() ?? 200;
      response.writeHead(status, { location: "http://127.0.0.1:1/" }).end("thanks");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
  });
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

const OPTIONS = { webhooks: { allowPrivate: true, retryMs: 1 } };

describe.each(["memory", "sqlite"] as const)("webhooks on %s", (kind) => {
  test("are told of changes by signed requests, and remember what came of them", async () => {
    const { rivulet } = await aClient(kind, OPTIONS);
    const { url, received } = await aReceiver();
    const webhook = await rivulet.webhooks.create({
      name: "ci",
      url,
      events: EVENTS,
      secret: "hush",
    });
    expect(webhook).toMatchObject({ isSigned: true, status: "active" });
    expect(JSON.stringify(await rivulet.webhooks.search())).not.toContain("hush");
    await rivulet.models.register({ name: "iris", aliases: ["live"], tags: { a: "b" } });
    await vi.waitFor(() => expect(received).toHaveLength(2), 10_000);
    const [first] = received.filter(({ body }) => body.includes('"model_version"'));
    const { headers = {}, body = "" } = first ?? {};
    expect(JSON.parse(body)).toMatchObject({
      entity: "model_version",
      action: "created",
      data: { name: "iris", version: "1", tags: { a: "b" } },
    });
    const signed = `${headers["x-mlflow-delivery-id"]}.${headers["x-mlflow-timestamp"]}.${body}`;
    const digest = createHmac("sha256", "hush").update(signed).digest("base64");
    expect(headers["x-mlflow-signature"]).toBe(`v1,${digest}`);
    await vi.waitFor(async () => {
      const { items } = await rivulet.webhooks.deliveries({ webhookId: webhook.id });
      expect(items.map(({ status, responseStatus }) => [status, responseStatus])).toEqual([
        ["delivered", 200],
        ["delivered", 200],
      ]);
    }, 10_000);
  });

  test("are tried again while the receiver is busy, and not when it refuses", async () => {
    const { rivulet } = await aClient(kind, OPTIONS);
    const { url, received } = await aReceiver(503, 429, 200, 302);
    const events = ["model_version.created"] as const;
    const { id: webhookId } = await rivulet.webhooks.create({ name: "ci", url, events });
    await rivulet.models.register({ name: "iris" });
    await vi.waitFor(() => expect(received).toHaveLength(3), 10_000);
    const ids = received.map(({ headers }) => headers["x-mlflow-delivery-id"]);
    expect(new Set(ids).size).toBe(1);
    expect(received[0]?.headers["x-mlflow-signature"]).toBeUndefined();
    await rivulet.models.register({ name: "iris" });
    await vi.waitFor(async () => {
      const { items } = await rivulet.webhooks.deliveries({ webhookId });
      expect(items.map(({ status, attempts }) => [status, attempts])).toEqual([
        ["failed", 1],
        ["delivered", 3],
      ]);
    }, 10_000);
    expect(received).toHaveLength(4);
  });
});

test("several clients of one store deliver each change once", async () => {
  const folder = await aFolder();
  const { url, received } = await aReceiver();
  const clients = [1, 2, 3].map(() =>
    createRivulet({ ...OPTIONS, store: `sqlite:${folder}/test.db`, spool: `${folder}/spool` }),
  );
  onTestFinished(async () => {
    await Promise.all(clients.map((client) => client.close()));
  });
  const [first] = clients;
  const events = ["model_version.created"] as const;
  const webhook = await first?.webhooks.create({ name: "ci", url, events });
  await Promise.all(
    Array.from({ length: 12 }, (_, n) => clients[n % 3]?.models.register({ name: "iris" })),
  );
  await vi.waitFor(async () => {
    const page = await first?.webhooks.deliveries({ webhookId: webhook?.id ?? "" });
    const statuses = page?.items.map(({ status, attempts }) => `${status} ${attempts}`);
    expect(statuses).toEqual(Array.from({ length: 12 }, () => "delivered 1"));
  }, 20_000);
  const versions = received.map(({ body }) => Number(JSON.parse(body).data.version));
  expect(versions.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

/** A server that takes requests, and does not answer them to the end. */
async function aSilentReceiver(begin: (response: ServerResponse) => void = () => undefined) {
  const received = Promise.withResolvers<void>();
  let count = 0;
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      count += 1;
      begin(response);
      received.resolve();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { url, received: received.promise, count: () => count };
}

test("a receiver that does not answer holds up no other, and each is told in order", async () => {
  const { rivulet } = await aClient("sqlite", OPTIONS);
  const silent = await aSilentReceiver();
  const { url, received } = await aReceiver();
  const events = ["model_version.created"] as const;
  await rivulet.webhooks.create({ name: "a", url: silent.url, events });
  await rivulet.webhooks.create({ name: "b", url, events });
  for (let made = 0; made < 12; made += 1) await rivulet.models.register({ name: "iris" });
  await vi.waitFor(() => expect(received).toHaveLength(12), 10_000);
  const versions = received.map(({ body }) => Number(JSON.parse(body).data.version));
  expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(silent.count()).toBe(1);
});

test("what a receiver has taken is delivered, though its answer never ends; what it has not answered is tried again", async () => {
  const folder = await aFolder();
  const options = { ...OPTIONS, store: `sqlite:${folder}/test.db`, spool: `${folder}/spool` };
  const rivulet = createRivulet(options);
  const endless = await aSilentReceiver((response) => response.writeHead(200).write("so far"));
  const silent = await aSilentReceiver();
  const events = ["model_version.created"] as const;
  const ids: string[] = [];
  for (const { url } of [endless, silent]) {
    ids.push((await rivulet.webhooks.create({ name: "ci", url, events })).id);
  }
  await rivulet.models.register({ name: "iris" });
  await Promise.all([endless.received, silent.received]);
  await rivulet.close();
  const store = await openStore(options.store, { readOnly: true });
  onTestFinished(() => store.close());
  const outcomes = await Promise.all(
    ids.map(async (webhookId) => {
      const { items } = await store.webhooks.listDeliveries({ webhookId, limit: 10 });
      return items.map(({ status, attempts }) => [status, attempts]);
    }),
  );
  // Closing the client is no failure of the receiver.
  expect(outcomes).toEqual([[["delivered", 1]], [["pending", 0]]]);
});

test("a receiver that does not answer keeps no process alive", async () => {
  const { url, received } = await aSilentReceiver();
  const child = startChild("deliver-webhook", `sqlite:${await aFolder()}/test.db`, url);
  await received;
  child.process.stdin.end("received\n");
  expect(await linesOf(child)).toEqual(["alive by: "]);
});

test("what a client has changed is sent before it is closed", async () => {
  const { url, received } = await aReceiver();
  const rivulet = createRivulet({ ...OPTIONS, store: "memory:" });
  await rivulet.webhooks.create({ name: "ci", url, events: EVENTS });
  await rivulet.models.register({ name: "iris" });
  await rivulet.close();
  expect(received).toHaveLength(1);
});

test("the pauses between attempts become four times as long, and the sixth is the last", async () => {
  const store = await openStore("memory:");
  const { url } = await aReceiver(503, 503, 503, 503, 503, 503);
  const waiting = [1, 2, 3, 4, 5, 6];
  type Outcome = Parameters<Store["webhooks"]["settle"]>[0];
  const outcomes: Outcome[] = [];
  const settled = Promise.withResolvers<void>();
  const webhooks: Store["webhooks"] = {
    ...store.webhooks,
    async claim() {
      const deliveries = waiting.splice(0).map((attempts) => {
        return {
          id: `d${attempts}`,
          url,
          payload: "{}",
          event: EVENTS[0] ?? "",
          attempts,
        } as const;
      });
      return { deliveries: deliveries as never };
    },
    async settle(outcome) {
      outcomes.push(outcome);
      if (outcomes.length === 6) settled.resolve();
    },
  };
  const { rivulet } = await aClient("memory", {
    store: { ...store, webhooks },
    webhooks: { allowPrivate: true, retryMs: 100 },
  });
  await rivulet.models.register({ name: "iris" });
  await settled.promise;
  const told = outcomes.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  expect(told.map(({ id, status, retryMs }) => [id, status, retryMs])).toEqual([
    ["d1", "pending", 100],
    ["d2", "pending", 400],
    ["d3", "pending", 1_600],
    ["d4", "pending", 6_400],
    ["d5", "pending", 25_600],
    ["d6", "failed", undefined],
  ]);
});

test("a test says what the receiver answers", async () => {
  const { rivulet } = await aClient("memory", OPTIONS);
  const { url } = await aReceiver(500);
  const { id } = await rivulet.webhooks.create({ name: "ci", url, events: EVENTS });
  expect(await rivulet.webhooks.test(id)).toEqual({
    success: false,
    responseStatus: 500,
    responseBody: "thanks",
  });
  expect(await rivulet.webhooks.test(id)).toMatchObject({ success: true, responseStatus: 200 });
  await rivulet.webhooks.update(id, { url: "http://127.0.0.1:1/" });
  expect(await rivulet.webhooks.test(id)).toMatchObject({
    success: false,
    error: expect.stringContaining("ECONNREFUSED"),
  });
});

describe("webhooks to private addresses", () => {
  const client = sharedClient();

  test.each([
    "http://example.com/",
    "https://127.0.0.1/",
    "https://10.0.0.7/hook",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fd00::1]/",
    "https://0x7f000001/",
    "https://0/",
  ])("%s is refused", async (url) => {
    await expect(
      client().webhooks.create({ name: "x", url, events: EVENTS }),
    ).rejects.toMatchObject({ code: "permission_denied" });
  });

  test("a name that leads to one is refused when it is connected to", async () => {
    const url = "https://localhost:9/";
    const { id } = await client().webhooks.create({ name: "x", url, events: EVENTS });
    expect(await client().webhooks.test(id)).toEqual({
      success: false,
      error: expect.stringContaining("leads to an address that is not public"),
    });
  });

  test("so is a name that leads to one of several", async () => {
    const own = dns.lookup;
    onTestFinished(() => {
      dns.lookup = own;
      syncBuiltinESMExports();
    });
    const answer = [
      { address: "93.184.215.14", family: 4 },
      { address: "10.0.0.7", family: 4 },
    ];
    type Answer = (error: null, addresses: typeof answer) => void;
    dns.lookup = ((_name: string, _options: object, callback: Answer) =>
      callback(null, answer)) as never;
    syncBuiltinESMExports();
    const url = "https://two.example/";
    const { id } = await client().webhooks.create({ name: "x", url, events: EVENTS });
    expect(await client().webhooks.test(id)).toEqual({
      success: false,
      error: expect.stringContaining("leads to an address that is not public"),
    });
  });

  test("are refused when a webhook is changed, too", async () => {
    const url = "https://example.com/";
    const { id } = await client().webhooks.create({ name: "x", url, events: EVENTS });
    const refused = client().webhooks.update(id, { url: "https://10.0.0.7/" });
    await expect(refused).rejects.toMatchObject({ code: "permission_denied" });
    expect((await client().webhooks.get(id)).url).toBe(url);
  });

  test.each(["ftp://example.com/", "no url", "https://ann:secret@example.com/"])(
    "%s is no address of a webhook",
    async (url) => {
      await expect(
        client().webhooks.create({ name: "x", url, events: EVENTS }),
      ).rejects.toMatchObject(refusal("invalid_argument", /must be an https URL/));
    },
  );
});

describe.each(["memory", "sqlite"] as const)("changes of prompts on %s", (kind) => {
  test("are told to webhooks, in their order and with what they hold", async () => {
    const { rivulet } = await aClient(kind, OPTIONS);
    const { url, received } = await aReceiver();
    const events: readonly WebhookEvent[] = [
      "prompt.created",
      "prompt_version.created",
      "prompt_alias.created",
      "prompt_alias.deleted",
      "prompt.deleted",
    ];
    const { id } = await rivulet.webhooks.create({ name: "ci", url, events });
    const greet = { name: "greet", template: "Hello {{name}}" };
    await rivulet.prompts.register({ ...greet, aliases: ["live"], commitMessage: "first" });
    // The same again is no change.
    await rivulet.prompts.register(greet);
    await rivulet.prompts.register({ name: "greet", template: "Hi {{name}}" });
    const arms = [
      { version: 1, weight: 1 },
      { version: 2, weight: 3 },
    ];
    await rivulet.prompts.setSplit({ name: "greet", alias: "live", arms });
    await rivulet.prompts.deleteAlias({ name: "greet", alias: "live" });
    await rivulet.prompts.delete("greet");
    await vi.waitFor(() => expect(received).toHaveLength(7), 10_000);
    const { items } = await rivulet.webhooks.deliveries({ webhookId: id });
    expect(items.map(({ event }) => event).toReversed()).toEqual([
      "prompt.created",
      "prompt_version.created",
      "prompt_alias.created",
      "prompt_version.created",
      "prompt_alias.created",
      "prompt_alias.deleted",
      "prompt.deleted",
    ]);
    const told = received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(told.map(({ data }) => data)).toEqual(
      expect.arrayContaining([
        { name: "greet", tags: {}, description: "" },
        { name: "greet", version: "1", template: greet.template, tags: {}, description: "first" },
        { name: "greet", alias: "live", version: "1" },
        { name: "greet", alias: "live", arms },
        { name: "greet", alias: "live" },
        { name: "greet" },
      ]),
    );
  });

  test("are told to listeners of this client", async () => {
    const { rivulet } = await aClient(kind, OPTIONS);
    const changes: unknown[] = [];
    const end = rivulet.prompts.subscribe((change) => changes.push(change));
    await rivulet.prompts.register({ name: "greet", template: "Hello", aliases: ["live"] });
    await rivulet.prompts.deleteAlias({ name: "greet", alias: "live" });
    await rivulet.prompts.delete("greet");
    end();
    await rivulet.prompts.register({ name: "greet", template: "Hello" });
    const arms = [{ version: 1, weight: 1 }];
    expect(changes).toEqual([
      { name: "greet", kind: "version_created", version: 1 },
      { name: "greet", kind: "alias_set", alias: "live", version: 1, arms },
      { name: "greet", kind: "alias_deleted", alias: "live" },
      { name: "greet", kind: "prompt_deleted" },
    ]);
  });
});

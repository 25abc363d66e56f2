import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createRivulet } from "@rivulet/core";
import { expect, onTestFinished, test } from "vitest";
import { aFolder, finish, readSite, run, type Site, start } from "./rivulet.ts";

async function aStore(): Promise<string> {
  const store = `sqlite:${join(await aFolder(), "app.db")}`;
  const rivulet = createRivulet({ store });
  await rivulet.runs.start({ experiment: "iris", name: "first" });
  await rivulet.close();
  return store;
}

function post(site: Site): Promise<Response> {
  return site.ask("api/v1/experiments", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "made" }),
  });
}

test("serve shows the dashboard and answers the API on a free port", async () => {
  const child = start(["serve", "--store", await aStore(), "--port", "0"]);
  const site = await readSite(child);
  expect(site.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const runs = (await (await site.ask("api/v1/runs")).json()) as { items: { name: string }[] };
  expect(runs.items.map(({ name }) => name)).toEqual(["first"]);
  expect(await (await fetch(`${site.url}health`)).json()).toMatchObject({ status: "ok" });
  expect((await post(site)).ok).toBe(true);
});

test("serve lets nobody in without the token that it prints, which is that of the store", async () => {
  const store = await aStore();
  const site = await readSite(start(["serve", "--store", store, "--port", "0"]));
  expect((await fetch(`${site.url}api/v1/runs`)).status).toBe(401);
  expect(site.token).toBe(
    (await readFile(`${store.slice("sqlite:".length)}.token`, "utf8")).trim(),
  );
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "serve ends cleanly on %s, live views open",
  async (signal) => {
    const child = start(["serve", "--store", await aStore(), "--port", "0"]);
    const events = await (await readSite(child)).ask("events");
    expect(events.status).toBe(200);
    const ended = finish(child);
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  },
);

test("serve ends live views to their last word, instead of cutting them off", async () => {
  const child = start(["serve", "--store", await aStore(), "--port", "0"]);
  const events = await (await readSite(child)).ask("events");
  const ended = finish(child);
  child.kill("SIGTERM");
  expect(await events.text()).toBe("retry: 2000\n\n");
  expect(await ended).toMatchObject({ code: 0 });
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "a second signal, %s, ends serve at once, though a write still waits for the store",
  async (second) => {
    const file = join(await aFolder(), "app.db");
    const child = start(["serve", "--store", `sqlite:${file}`, "--port", "0"]);
    const site = await readSite(child);
    await site.ask("api/v1/runs");
    using holder = new DatabaseSync(file);
    holder.exec("BEGIN IMMEDIATE");
    const waiting = post(site).then(
      () => "answered",
      () => "cut off",
    );
    await site.ask("api/v1/runs");
    const ended = finish(child);
    child.kill("SIGTERM");
    expect(await waiting).toBe("cut off");
    child.kill(second);
    expect(await ended).toMatchObject({ code: null });
    expect(child.signalCode).toBe(second);
  },
);

test("serve without writes refuses them", async () => {
  const child = start(["serve", "--store", await aStore(), "--port", "0", "--no-allow-writes"]);
  const site = await readSite(child);
  expect((await post(site)).status).toBe(403);
  expect((await site.ask("api/v1/runs")).status).toBe(200);
});

test("serve with a token lets nobody in without it", async () => {
  const child = start([
    "serve",
    "--store",
    await aStore(),
    "--port",
    "0",
    "--token",
    "s3cret-token",
  ]);
  const site = await readSite(child);
  const read = (authorization?: string) =>
    fetch(
      `${site.url}api/v1/runs`,
      authorization === undefined ? {} : { headers: { authorization } },
    );
  expect((await read()).status).toBe(401);
  expect((await read("Bearer wrong")).status).toBe(401);
  expect((await read("Bearer s3cret-token")).status).toBe(200);
  const basic = Buffer.from("anybody:s3cret-token").toString("base64");
  expect((await read(`Basic ${basic}`)).status).toBe(200);
});

test("serve writes no token that it was given, and lets its holder in through a proxy", async () => {
  const child = start(["serve", "--store", await aStore(), "--port", "0"], {
    env: { RIVULET_TOKEN: "s3cret-token" },
  });
  const site = await readSite(child);
  expect(site.token).toBe("");
  const headers = { authorization: "Bearer s3cret-token", "x-forwarded-for": "10.0.0.7" };
  expect((await site.ask("api/v1/runs", { headers })).status).toBe(200);
});

test("serve needs a token in production, and says how to give one", async () => {
  const env = { NODE_ENV: "production" };
  const { code, stderr } = await run(["serve", "--store", "memory:", "--port", "0"], { env });
  expect(code).toBe(2);
  expect(stderr).toMatch(/NODE_ENV is production.*give a --token .*, or set RIVULET_TOKEN/);
});

test.each([
  ["lets them only read", [], 403],
  ["lets them write where that is said", ["--allow-writes"], 200],
])("serve on an address that others reach %s", async (_, more, status) => {
  const token = "s3cret-token";
  const where = ["--store", await aStore(), "--port", "0", "--host", "0.0.0.0"];
  const site = await readSite(start(["serve", ...where, "--token", token, ...more]));
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = JSON.stringify({ name: "made" });
  expect((await site.ask("api/v1/runs", { headers })).status).toBe(200);
  const made = await site.ask("api/v1/experiments", { method: "POST", headers, body });
  expect(made.status).toBe(status);
});

test("serve on an address that others reach needs a token", async () => {
  const { code, stdout, stderr } = await run(["serve", "--store", "memory:", "--host", "0.0.0.0"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/0\.0\.0\.0 can be reached by others: give a --token/);
});

test("serve says which port is in use", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => {
    other.close();
  });
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await run(["serve", "--store", "memory:", "--port", String(port)]);
  expect(code).toBe(1);
  expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use. Choose another with --port`);
});

test("serve says why a store cannot be opened", async () => {
  const { code, stdout, stderr } = await run(["serve", "--store", "mongodb://x", "--port", "0"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^invalid_argument: .*mongodb/);
});

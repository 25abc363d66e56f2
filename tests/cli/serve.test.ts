import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createRivulet } from "@rivulet/core";
import { expect, onTestFinished, test } from "vitest";
import { aFolder, finish, readUrl, run, start } from "./rivulet.ts";

async function aStore(): Promise<string> {
  const store = `sqlite:${join(await aFolder(), "app.db")}`;
  const rivulet = createRivulet({ store });
  await rivulet.runs.start({ experiment: "iris", name: "first" });
  await rivulet.close();
  return store;
}

function post(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}api/v1/experiments`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ name: "made" }),
  });
}

test("serve shows the dashboard and answers the API on a free port", async () => {
  const child = start(["serve", "--store", await aStore(), "--port", "0"]);
  const url = await readUrl(child);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const runs = (await (await fetch(`${url}api/v1/runs`)).json()) as { items: { name: string }[] };
  expect(runs.items.map(({ name }) => name)).toEqual(["first"]);
  expect(await (await fetch(`${url}health`)).json()).toMatchObject({ status: "ok" });
  expect((await post(url)).ok).toBe(true);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "serve ends cleanly on %s, live views open",
  async (signal) => {
    const child = start(["serve", "--store", await aStore(), "--port", "0"]);
    const url = await readUrl(child);
    const events = await fetch(`${url}events`);
    expect(events.status).toBe(200);
    const ended = finish(child);
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  },
);

test("serve ends live views to their last word, instead of cutting them off", async () => {
  const child = start(["serve", "--store", await aStore(), "--port", "0"]);
  const events = await fetch(`${await readUrl(child)}events`);
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
    const url = await readUrl(child);
    await fetch(`${url}api/v1/runs`);
    using holder = new DatabaseSync(file);
    holder.exec("BEGIN IMMEDIATE");
    const waiting = post(url).then(
      () => "answered",
      () => "cut off",
    );
    await fetch(`${url}api/v1/runs`);
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
  const url = await readUrl(child);
  expect((await post(url)).status).toBe(403);
  expect((await fetch(`${url}api/v1/runs`)).status).toBe(200);
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
  const url = await readUrl(child);
  const read = (authorization?: string) =>
    fetch(`${url}api/v1/runs`, authorization === undefined ? {} : { headers: { authorization } });
  expect((await read()).status).toBe(401);
  expect((await read("Bearer wrong")).status).toBe(401);
  expect((await read("Bearer s3cret-token")).status).toBe(200);
  const basic = Buffer.from("anybody:s3cret-token").toString("base64");
  expect((await read(`Basic ${basic}`)).status).toBe(200);
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
  expect(stderr).toMatch(/rivulet: .*mongodb.*\(invalid_argument\)/);
});

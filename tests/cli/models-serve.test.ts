import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createRivulet } from "@rivulet/core";
import { expect, test } from "vitest";
import { linearOnnx } from "../serving/onnx-file.ts";
import { register } from "../serving/served.ts";
import { aFolder, finish, run, start } from "./rivulet.ts";

const LOADER = fileURLToPath(new URL("../serving/loaders/sum.mjs", import.meta.url));
const STUCK = fileURLToPath(new URL("../serving/loaders/stuck.mjs", import.meta.url));
const HANGING = fileURLToPath(new URL("../serving/loaders/hanging.mjs", import.meta.url));

async function aStore(): Promise<string> {
  const store = `sqlite:${join(await aFolder(), "app.db")}`;
  const rivulet = createRivulet({ store });
  await register(rivulet, { files: { "price.onnx": linearOnnx([1, 10, 100], 0.5) } });
  await rivulet.close();
  return store;
}

async function served(args: readonly string[]) {
  const child = start(["models", "serve", "price@live", "--port", "0", ...args]);
  if (child.stdout === null) throw new Error("no pipe");
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\/\/\S+invocations/.exec(line) ?? [];
    if (url !== undefined) return { url, child };
  }
  throw new Error((await finish(child)).stderr);
}

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

test("models serve scores rows, follows its alias, and ends on a signal", async () => {
  const store = await aStore();
  const { url, child } = await served(["--store", store]);
  const score = async (): Promise<unknown> => (await post(url, { instances: [[1, 2, 3]] })).json();
  expect(await score()).toEqual({ predictions: [[321.5]] });
  const rivulet = createRivulet({ store });
  await register(rivulet, { files: { "price.onnx": linearOnnx([1, 1, 1], 0) } });
  await rivulet.close();
  await expect.poll(score, { timeout: 20_000 }).toEqual({ predictions: [[6]] });
  const site = new URL("..", url);
  expect((await fetch(new URL("api/v1/runs", site))).status).toBe(404);
  const version = await fetch(new URL("version", site));
  expect(await version.json()).toMatchObject({ model: "price", version: 2 });
  child.kill("SIGTERM");
  const [code] = await once(child, "close");
  expect(code).toBe(0);
});

test("a loader of one's own is taken, and callers need the token that is given", async () => {
  const store = await aStore();
  const token = "secret-of-the-test";
  const { url } = await served(["--store", store, "--loader", LOADER, "--token", token]);
  const body = { dataframe_records: [{ a: 1, b: 2 }] };
  expect((await post(url, body)).status).toBe(401);
  const answer = await post(url, body, { authorization: `Bearer ${token}` });
  expect(await answer.json()).toEqual({ predictions: [4] });
  const statusOf = async (path: string): Promise<number> =>
    (await fetch(new URL(path, url))).status;
  expect([await statusOf("/ping"), await statusOf("/health")]).toEqual([200, 200]);
  expect(await statusOf("/version")).toBe(401);
});

test.each([
  ["others without a token", ["--host", "0.0.0.0"], 2, /can be reached by others/],
  [
    "a loader that is none",
    ["--loader", fileURLToPath(import.meta.resolve("../serving/onnx-file.ts"))],
    1,
    /exports no function load/,
  ],
  ["a number that is none", ["--max-rows", "many"], 2, /whole number from 1/],
])("%s is refused", async (...[, args, code, message]) => {
  const done = await run(["models", "serve", "price@live", "--store", await aStore(), ...args]);
  expect(done).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(message) });
});

test("a signal ends it also while a model is never done, and says that requests were broken off", async () => {
  const args = ["--store", await aStore(), "--loader", STUCK, "--grace", "1"];
  const { url, child } = await served(args);
  if (child.stderr === null) throw new Error("no pipe");
  const asked = expect(post(url, { instances: [[1]] })).rejects.toThrow();
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    if (line === "predicting") child.kill("SIGTERM");
  }
  await asked;
  expect(said.at(-1)).toMatch(/Requests were broken off: they were not done after 1 seconds\.$/);
  expect(child.exitCode ?? (await once(child, "exit"))[0]).toBe(1);
});

test("a signal ends it also while a loader is never done", async () => {
  const args = ["--store", await aStore(), "--loader", HANGING];
  const child = start(["models", "serve", "price@live", "--port", "0", ...args]);
  if (child.stderr === null) throw new Error("no pipe");
  // The loader says so before it waits for ever.
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.includes("loading")) break;
  }
  child.kill("SIGTERM");
  const [code] = await once(child, "close");
  expect(code).toBe(0);
});

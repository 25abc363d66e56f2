import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { createRivulet } from "@rivulet/core";
import { expect, onTestFinished, test } from "vitest";
import { aFolder, BIN, finish, run, start } from "./rivulet.ts";

async function storeWithPrompt(): Promise<string> {
  const store = `sqlite:${join(await aFolder(), "app.db")}`;
  const rivulet = createRivulet({ store });
  await rivulet.prompts.register({ name: "greet", template: "Hello {{name}}" });
  await rivulet.close();
  return store;
}

async function connect(args: readonly string[]): Promise<Client> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...BIN, "mcp", ...args],
    stderr: "pipe",
  });
  const client = new Client({ name: "test", version: "1.0.0" });
  onTestFinished(() => client.close());
  await client.connect(transport);
  return client;
}

test("mcp serves the store's prompts over stdio", async () => {
  const client = await connect(["--store", await storeWithPrompt()]);
  const { prompts } = await client.listPrompts();
  expect(prompts.map(({ name }) => name)).toEqual(["greet"]);
  const { messages } = await client.getPrompt({ name: "greet", arguments: { name: "Ann" } });
  expect(messages).toEqual([{ role: "user", content: { type: "text", text: "Hello Ann" } }]);
});

test("mcp offers tools that write only when it is asked to", async () => {
  const store = await storeWithPrompt();
  const names = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name);
  const reading = await names(await connect(["--store", store]));
  const writing = await names(await connect(["--store", store, "--allow-writes"]));
  expect(reading.length).toBeGreaterThan(0);
  expect(writing.length).toBeGreaterThan(reading.length);
});

test("mcp ends when its client goes, and writes nothing of its own to stdout", async () => {
  const child = start(["mcp", "--store", "memory:"]);
  child.stdin?.end();
  expect(await finish(child)).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("mcp says on stderr why it cannot start", async () => {
  const { code, stdout, stderr } = await run(["mcp", "--store", "mongodb://x"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^invalid_argument: .*mongodb/);
});

test.each(["sqlite", "json"])("mcp makes no %s store where there is none", async (scheme) => {
  const folder = await aFolder();
  const path = join(folder, "none");
  const { code, stdout, stderr } = await run(["mcp", "--store", `${scheme}:${path}`]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(`There is no store at ${path}.`);
  expect(await readdir(folder)).toEqual([]);
});

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { createRivulet } from "@rivulet/core";
import { expect, onTestFinished, test } from "vitest";
import { ask } from "../postgres/ask.ts";
import { aStoreUrl } from "../postgres/store-url.ts";
import { aFolder, BIN, readSite, run, type Site, start } from "./rivulet.ts";

/** A store with a run that has an artifact, a prompt and a trace. */
async function aStore(): Promise<string> {
  const store = await aStoreUrl();
  await using rivulet = createRivulet({ store, spool: await aFolder() });
  await rivulet.prompts.register({ name: "greet", template: "Hello {{name}}" });
  await rivulet.runs.with({ name: "kept" }, (active) => active.logArtifact("a.txt", "hello"));
  await rivulet.withSpan("asked", () => undefined);
  return store;
}

async function connect(store: string): Promise<Client> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...BIN, "mcp", "--store", store],
    cwd: await aFolder(),
    stderr: "pipe",
  });
  const client = new Client({ name: "test", version: "1.0.0" });
  onTestFinished(() => client.close());
  await client.connect(transport);
  return client;
}

async function read(site: Site, path: string): Promise<unknown> {
  const response = await site.ask(path);
  expect(response.status).toBe(200);
  return response.json();
}

test("serve, mcp and doctor work on one PostgreSQL store at the same time", async () => {
  const store = await aStore();
  const serving = start(["serve", "--store", store, "--port", "0"], { cwd: await aFolder() });
  const site = await readSite(serving);
  const client = await connect(store);
  expect(await read(site, "api/v1/runs")).toMatchObject({ items: [{ name: "kept" }] });
  expect(await read(site, "api/v1/traces")).toMatchObject({ items: [{ name: "asked" }] });
  const { messages } = await client.getPrompt({ name: "greet", arguments: { name: "Ann" } });
  expect(messages).toEqual([{ role: "user", content: { type: "text", text: "Hello Ann" } }]);

  const made = await site.ask("api/v1/experiments", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "made by serve" }),
  });
  expect(made.ok).toBe(true);
  const found = await client.callTool({ name: "search_experiments", arguments: {} });
  expect(JSON.stringify(found)).toContain("made by serve");

  const { code, stdout } = await run(["doctor", "--store", store], { cwd: await aFolder() });
  expect(stdout).toContain(
    "experiments 2, runs 1, loggedModels 0, models 0, prompts 1, traces 1, sessions 0, users 0, datasets 0",
  );
  expect(stdout).toMatch(/Integrity sound/);
  expect(code).toBe(0);
});

test("doctor goes on to say what is wrong when something is missing, and ends with 1", async () => {
  const store = await aStore();
  const schema = new URL(store).searchParams.get("schema");
  await ask(store, `DROP TABLE ${schema}.datasets`);
  const { code, stdout } = await run(["doctor", "--store", store], { cwd: await aFolder() });
  expect(stdout).toMatch(/✗ Integrity The table datasets is missing\. Restore a backup/);
  expect(code).toBe(1);
});

test("a backup goes from PostgreSQL to SQLite and back, and says the same each time", async () => {
  const cwd = await aFolder();
  const said = async (...args: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await run([...args, "--json"], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { path: _, ...report } = JSON.parse(stdout);
    return report;
  };
  const back = await aStoreUrl({ partitions: "day" });
  const report = await said("backup", "one", "--store", await aStore());
  expect(report).toMatchObject({ files: 1, rows: { runs: 1, spans: 1, prompts: 1 } });
  expect(await said("restore", "one", "--store", "sqlite:app.db")).toEqual(report);
  expect(await said("backup", "two", "--store", "sqlite:app.db")).toEqual(report);
  expect(await said("restore", "two", "--store", back)).toEqual(report);
  expect(await said("backup", "three", "--store", back)).toEqual(report);
  const again = await run(["restore", "two", "--store", back], { cwd });
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("already_exists: ") });
});

test("a PostgreSQL store that is not there is not made in order to be backed up", async () => {
  const store = await aStoreUrl();
  const schema = new URL(store).searchParams.get("schema") ?? "";
  const { code, stderr } = await run(["backup", "copy", "--store", store], {
    cwd: await aFolder(),
  });
  expect(code).toBe(1);
  expect(stderr).toContain(`schema=${schema}: nothing to back up.`);
  const schemas = "SELECT 1 FROM information_schema.schemata WHERE schema_name = $1";
  expect(await ask(store, schemas, [schema])).toEqual([]);
});

import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { createRivulet } from "@rivulet/core";
import { expect, onTestFinished, test } from "vitest";
import { aFolder, BIN } from "../cli/rivulet.ts";
import { mount } from "../mcp/connect.ts";

const ROOT = join(import.meta.dirname, "../..");
const FENCE = /^```json\n([\s\S]*?)^```$/gm;

/** How an MCP client is told of a server. */
type Entry =
  | { readonly command: string; readonly args: readonly string[] }
  | { readonly type: "http"; readonly url: string; readonly headers: Record<string, string> };

const texts = await Promise.all(
  globSync("{README.md,packages/*/README.md}", { cwd: ROOT }).map((file) =>
    readFile(join(ROOT, file), "utf8"),
  ),
);
const entries = texts
  .flatMap((text) => [...text.matchAll(FENCE)].map(([, json = ""]) => JSON.parse(json)))
  .flatMap(({ mcpServers = {} }) => Object.values(mcpServers) as Entry[]);

const TOKEN = "a-token-for-clients";

test("the snippets for MCP clients are found", () => {
  expect(entries).toHaveLength(2);
});

test.each(entries.filter((entry) => "command" in entry))(
  "the snippet that starts a command works",
  async ({ command, args }) => {
    const [yes, name, ...rest] = args;
    expect([command, yes, name]).toEqual(["npx", "-y", "rivulet"]);
    const example = "sqlite:/home/you/app/.rivulet/rivulet.db";
    expect(rest).toContain(example);
    const store = `sqlite:${join(await aFolder(), "rivulet.db")}`;
    await createRivulet({ store }).close();
    const own = rest.map((word) => (word === example ? store : word));
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [...BIN, ...own],
      stderr: "pipe",
    });
    expect(await countTools(transport)).toBeGreaterThan(5);
  },
);

test.each(entries.filter((entry) => "url" in entry))(
  "the snippet that names an address works with the token in its environment",
  async ({ url, headers }) => {
    const rivulet = createRivulet({ store: "memory:" });
    onTestFinished(() => rivulet.close());
    const at = await mount(rivulet, { token: TOKEN });
    expect(new URL(url).pathname).toBe("/mlops/mcp");
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what clients fill in.
        value.replace("${RIVULET_TOKEN}", TOKEN),
      ]),
    );
    const connect = (init: RequestInit) =>
      countTools(new StreamableHTTPClientTransport(at, { requestInit: init }));
    expect(await connect({ headers: filled })).toBeGreaterThan(5);
    await expect(connect({})).rejects.toThrow();
  },
);

async function countTools(
  transport: StdioClientTransport | StreamableHTTPClientTransport,
): Promise<number> {
  const client = new Client({ name: "test", version: "1.0.0" });
  onTestFinished(() => client.close());
  // The transport's optional fields are typed without exactOptionalPropertyTypes in mind.
  await client.connect(transport as Parameters<Client["connect"]>[0]);
  return (await client.listTools()).tools.length;
}

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { type MlopsOptions, mlops } from "@rivulet/express";
import { createMcpServer, type McpOptions } from "@rivulet/mcp";
import express from "express";
import { onTestFinished } from "vitest";

/** A client on a fresh store, closed after the test. */
export function aRivulet(): Rivulet {
  const rivulet = createRivulet({ store: "memory:" });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

/** The official MCP client, connected to a server in this process. */
export async function connect(rivulet: Rivulet, options: McpOptions = {}): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await createMcpServer(rivulet, options).connect(far);
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(near);
  onTestFinished(() => client.close());
  return client;
}

/** An Express app with the mount, and the address of its MCP endpoint; it asks for a token where one is given. */
export async function mount(rivulet: Rivulet, options: MlopsOptions = {}): Promise<URL> {
  const middleware = mlops(
    rivulet,
    options.token === undefined ? { auth: "local", ...options } : options,
  );
  const server: Server = createServer(express().use("/deep/mlops", middleware));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    await middleware.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return new URL(`http://127.0.0.1:${port}/deep/mlops/mcp`);
}

/** The official MCP client over Streamable HTTP. */
export async function connectHttp(url: URL, headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: "test", version: "1.0.0" });
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers } });
  // The transport's optional fields are typed without exactOptionalPropertyTypes in mind.
  await client.connect(transport as Parameters<Client["connect"]>[0]);
  onTestFinished(() => client.close());
  return client;
}

/** What a tool gave back, after checking that its text says the same. */
export async function call<T>(client: Client, name: string, input: object = {}): Promise<T> {
  const result = await client.callTool({ name, arguments: { ...input } });
  const [block] = result.content as { type: string; text: string }[];
  if (result.isError === true) throw new Error(block?.text);
  if (block?.text !== JSON.stringify(result.structuredContent)) throw new Error("text differs");
  return result.structuredContent as T;
}

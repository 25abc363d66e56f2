import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { Rivulet } from "@rivulet/core";
import { traceRequests } from "@rivulet/express";
import { tracedHandler, tracedTransport } from "@rivulet/mcp";
import { traceHandler } from "@rivulet/server";
import express from "express";
import { onTestFinished } from "vitest";
import { SOURCE_FLAGS } from "../source-flags.ts";

/** Two services that write to one store. */
export interface Services {
  readonly near: Rivulet;
  readonly far: Rivulet;
  /** Address of the store. */
  readonly store: string;
}

/** Sets the other service up; what it returns calls it once, and waits until it has done its work. */
export type Callee = (services: Services) => Promise<() => Promise<unknown>>;

/** A service of its own, which takes the address of the store. */
export const GO_ON: string = fileURLToPath(new URL("children/go-on.ts", import.meta.url));

async function listen(listener: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jobs/7`;
}

/** What the service does for whoever calls. */
const work = (far: Rivulet): Promise<string> => far.withSpan("work", async () => "done");

async function connected({ near, far }: Services): Promise<Client> {
  const [client, server] = InMemoryTransport.createLinkedPair();
  const mcp = new McpServer({ name: "far", version: "1.0.0" });
  const handler = tracedHandler(far, "callee", async (_extra: unknown) => ({
    content: [{ type: "text" as const, text: await work(far) }],
  }));
  mcp.registerTool("callee", {}, handler);
  await mcp.connect(server);
  const connection = new Client({ name: "near", version: "1.0.0" });
  await connection.connect(tracedTransport(near, client));
  onTestFinished(() => connection.close());
  return connection;
}

/** What is called, the names of its spans above its work, and how. */
export const CALLEES: readonly (readonly [what: string, path: string, callee: Callee])[] = [
  [
    "an app of Express",
    "GET /jobs/:id",
    async ({ near, far }) => {
      const app = express();
      app.use(traceRequests(far));
      app.get("/jobs/:id", async (_req, res) => res.end(await work(far)));
      const url = await listen(app);
      return async () => (await near.tracedFetch(fetch)(url)).text();
    },
  ],
  [
    "a handler of Request, served by node:http",
    "GET /jobs/[id]",
    async ({ near, far }) => {
      const handle = traceHandler(far, async () => new Response(await work(far)), {
        route: "/jobs/[id]",
      });
      const url = await listen(async (req, res) => {
        const headers = new Headers({ traceparent: String(req.headers["traceparent"]) });
        const answer = await handle(new Request(`http://far${req.url}`, { headers }));
        res.end(await answer.text());
      });
      return async () => (await near.tracedFetch(fetch)(url)).text();
    },
  ],
  [
    "the consumer of a queue",
    "callee",
    async ({ near, far }) =>
      async () => {
        const message = Buffer.from(near.traceHeaders()["traceparent"] ?? "");
        await far.continueTrace({ traceparent: [message] }, "callee", () => work(far));
      },
  ],
  [
    "a tool of an MCP server",
    "tools/call callee > callee",
    async (services) => {
      const client = await connected(services);
      return () => client.callTool({ name: "callee" });
    },
  ],
  [
    "a worker thread",
    "callee",
    async ({ near, store }) =>
      async () => {
        const workerData = near.traceHeaders();
        const worker = new Worker(GO_ON, {
          workerData,
          argv: [store],
          execArgv: [...SOURCE_FLAGS],
        });
        await once(worker, "exit");
      },
  ],
  [
    "another process",
    "callee",
    async ({ near, store }) =>
      async () => {
        const env = { ...process.env, TRACEPARENT: near.traceHeaders()["traceparent"] };
        await once(spawn(process.execPath, [...SOURCE_FLAGS, GO_ON, store], { env }), "close");
      },
  ],
];

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { Rivulet, Span } from "@rivulet/core";
import { tracedHandler, tracedTransport } from "@rivulet/mcp";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { aRivulet } from "./connect.ts";

/** A server of the app, whose tools are traced by `rivulet`. */
function aServer(rivulet: Rivulet): McpServer {
  const server = new McpServer({ name: "app", version: "1.0.0" });
  const inputSchema = { q: z.string() };
  const search = async ({ q }: { q: string }, _extra: unknown) => {
    if (q === "throw") throw new Error("no index");
    const text = await rivulet.withSpan("look up", async () => `found ${q}`);
    return { content: [{ type: "text" as const, text }], isError: q === "fail" };
  };
  server.registerTool("search", { inputSchema }, tracedHandler(rivulet, "search", search));
  const time = async (_extra: unknown) => ({ content: [{ type: "text" as const, text: "noon" }] });
  server.registerTool("time", {}, tracedHandler(rivulet, "time", time));
  return server;
}

/** The SDK's client with a traced transport, and a server in the same process. */
async function connected(client: Rivulet, server: Rivulet = client): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await aServer(server).connect(far);
  const mcp = new Client({ name: "test", version: "1.0.0" });
  await mcp.connect(tracedTransport(client, near));
  onTestFinished(() => mcp.close());
  return mcp;
}

async function spansOf(rivulet: Rivulet): Promise<readonly Span[]> {
  await rivulet.flush();
  const { items } = await rivulet.traces.search();
  return (await Promise.all(items.map(({ id }) => rivulet.traces.loadSpans(id)))).flat();
}

/** Each span with those above it, as `root > child`. */
async function paths(rivulet: Rivulet): Promise<readonly string[]> {
  const all = await spansOf(rivulet);
  const names = new Map(all.map((span) => [span.id, span]));
  const path = ({ name, type, status, parentId }: Span): string => {
    const above = names.get(parentId ?? "");
    return `${above === undefined ? "" : `${path(above)} > `}${name} (${type} ${status})`;
  };
  return all.map(path).sort();
}

test("a call of a tool is one trace, from the agent through the client to the server's own spans", async () => {
  const rivulet = aRivulet();
  const client = await connected(rivulet);
  await rivulet.withSpan("agent", () =>
    client.callTool({ name: "search", arguments: { q: "cats" } }),
  );
  const [agent, call, handler] = [
    "agent (unknown ok)",
    "tools/call search (tool ok)",
    "search (tool ok)",
  ];
  expect(await paths(rivulet)).toEqual([
    agent,
    `${agent} > ${call}`,
    `${agent} > ${call} > ${handler}`,
    `${agent} > ${call} > ${handler} > look up (unknown ok)`,
  ]);
  const called = (await spansOf(rivulet)).find(({ name }) => name === "tools/call search");
  expect(called).toMatchObject({
    input: { q: "cats" },
    output: { content: [{ type: "text", text: "found cats" }] },
  });
});

test("a server in another process goes on with the trace", async () => {
  const [near, far] = [aRivulet(), aRivulet()];
  const client = await connected(near, far);
  const { traceId } = await near.withSpan("agent", async (span) => {
    await client.callTool({ name: "time" });
    return span;
  });
  const [call] = (await spansOf(near)).filter(({ name }) => name === "tools/call time");
  const [handler] = await spansOf(far);
  expect(handler).toMatchObject({ name: "time", traceId, parentId: call?.id });
});

test("a tool that fails is an error, whether it says so or throws", async () => {
  const rivulet = aRivulet();
  const client = await connected(rivulet);
  await client.callTool({ name: "search", arguments: { q: "fail" } });
  await client.callTool({ name: "search", arguments: { q: "throw" } });
  const failed = (await spansOf(rivulet)).filter(({ status }) => status === "error");
  expect(failed.map(({ name, statusMessage }) => `${name}: ${statusMessage}`).sort()).toEqual([
    "search: found fail",
    "search: no index",
    "tools/call search: found fail",
    "tools/call search: no index",
  ]);
});

test("what the protocol refuses is an error, and what is not waited for is cancelled", async () => {
  const rivulet = aRivulet();
  const client = await connected(rivulet);
  await expect(client.readResource({ uri: "app://none" })).rejects.toThrow();
  const controller = new AbortController();
  const call = client.callTool({ name: "time" }, undefined, { signal: controller.signal });
  controller.abort();
  await expect(call).rejects.toThrow();
  const status = (await spansOf(rivulet)).map(({ name, status }) => `${name} ${status}`);
  expect(status).toContain("resources/read app://none error");
  expect(status).toContain("tools/call time cancelled");
});

test("a tool of the app is cancelled when its caller takes the call back, whatever the tool throws then", async () => {
  const rivulet = aRivulet();
  const controller = new AbortController();
  const extra = { signal: controller.signal };
  const work = async ({ signal }: typeof extra) => {
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const call = tracedHandler(rivulet, "wait", work)(extra);
  controller.abort("no longer needed");
  await expect(call).rejects.toBe("no longer needed");
  const nested = tracedHandler(rivulet, "late", async (_context: object) => {
    throw new Error("connection closed");
  });
  await expect(nested({ mcpReq: extra })).rejects.toThrow("connection closed");
  const ends = (await spansOf(rivulet)).map(({ name, status }) => `${name} ${status}`);
  expect(ends.sort()).toEqual(["late cancelled", "wait cancelled"]);
});

test("in the span of a tool the call is no further tool", async () => {
  const rivulet = aRivulet();
  const client = await connected(rivulet);
  await rivulet.withSpan("time", () => client.callTool({ name: "time" }), { type: "tool" });
  expect(await paths(rivulet)).toContain("time (tool ok) > tools/call time (task ok)");
});

test("a transport that is closed cancels what was open, and one that cannot send fails it", async () => {
  const rivulet = aRivulet();
  const sent: unknown[] = [];
  const transport = {
    onclose: undefined as (() => void) | undefined,
    onmessage: undefined as ((message: unknown) => void) | undefined,
    async send(message: object): Promise<void> {
      sent.push(message);
      if (sent.length > 2) throw new Error("pipe is broken");
    },
    async close(): Promise<void> {
      this.onclose?.();
    },
  };
  const traced = tracedTransport(rivulet, transport);
  traced.onclose = () => undefined;
  traced.onmessage = () => undefined;
  const call = (id: number): object => ({
    jsonrpc: "2.0",
    id,
    method: "tools/call",
    params: { name: "a" },
  });
  await traced.send({ jsonrpc: "2.0", id: 0, method: "tools/list" });
  await traced.send(call(1));
  await expect(traced.send(call(2))).rejects.toThrow("pipe is broken");
  transport.onmessage?.({ jsonrpc: "2.0", id: 1, method: "sampling/createMessage" });
  await traced.close();
  const all = await spansOf(rivulet);
  expect(all.map(({ status }) => status).sort()).toEqual(["cancelled", "error"]);
  expect(sent[0]).toEqual({ jsonrpc: "2.0", id: 0, method: "tools/list" });
  expect(sent[1]).toMatchObject({
    params: { name: "a", _meta: { traceparent: expect.stringMatching(/^00-/) } },
  });
});

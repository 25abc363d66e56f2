import { createRivulet } from "@rivulet/core";
import { fixedClock } from "@rivulet/core/testing";
import { type McpExtensionOptions, mcpExtension } from "@rivulet/mcp";
import { expect, onTestFinished, test, vi } from "vitest";

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "raw", version: "1" },
  },
};
const PING = { jsonrpc: "2.0", id: 2, method: "ping" };

/** The endpoint itself, with a clock that moves when it is told to. */
function anEndpoint(options: McpExtensionOptions) {
  const clock = fixedClock();
  const rivulet = createRivulet({ store: "memory:", clock });
  const extension = mcpExtension(rivulet, options);
  onTestFinished(async () => {
    await extension.close();
    await rivulet.close();
  });
  const send = (method: "GET" | "POST" | "DELETE", session: string | undefined, body?: object) =>
    extension.routes[0].handle({
      caller: { id: "ann" },
      request: new Request("http://localhost/mcp", {
        method,
        headers: {
          "content-type": "application/json",
          accept: method === "GET" ? "text/event-stream" : "application/json, text/event-stream",
          ...(session === undefined ? {} : { "mcp-session-id": session }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    });
  return {
    clock,
    /** Status, and the id of the session when one was opened. */
    async open() {
      const response = await send("POST", undefined, INITIALIZE);
      await response.body?.cancel();
      return { status: response.status, id: response.headers.get("mcp-session-id") ?? "" };
    },
    async ping(id: string) {
      const response = await send("POST", id, PING);
      await response.body?.cancel();
      return response.status;
    },
    listen: (id: string) => send("GET", id),
    end: async (id: string) => (await send("DELETE", id)).status,
  };
}

test("a session without requests ends, with its stream, when another needs its place", async () => {
  const endpoint = anEndpoint({ maxSessions: 1, sessionIdleMs: 1000 });
  const first = await endpoint.open();
  const stream = (await endpoint.listen(first.id)).body?.getReader();
  endpoint.clock.advance(999);
  expect((await endpoint.open()).status).toBe(503);
  endpoint.clock.advance(1);
  const second = await endpoint.open();
  expect(second.status).toBe(200);
  expect(await endpoint.ping(first.id)).toBe(404);
  expect(await endpoint.ping(second.id)).toBe(200);
  expect(await stream?.read()).toEqual({ done: true, value: undefined });
});

test("a session that is used stays", async () => {
  const endpoint = anEndpoint({ maxSessions: 1, sessionIdleMs: 1000 });
  const { id } = await endpoint.open();
  for (let request = 0; request < 3; request += 1) {
    endpoint.clock.advance(999);
    expect(await endpoint.ping(id)).toBe(200);
  }
  expect((await endpoint.open()).status).toBe(503);
});

test("a session that its client ends gives its place away", async () => {
  const endpoint = anEndpoint({ maxSessions: 1 });
  const first = await endpoint.open();
  expect(await endpoint.end(first.id)).toBe(200);
  expect((await endpoint.open()).status).toBe(200);
  expect(await endpoint.ping(first.id)).toBe(404);
});

test("a closed mount looks for idle sessions no more", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const rivulet = createRivulet({ store: "memory:" });
  onTestFinished(() => rivulet.close());
  const before = vi.getTimerCount();
  const mount = mcpExtension(rivulet);
  expect(vi.getTimerCount()).toBe(before + 1);
  await mount.close?.();
  expect(vi.getTimerCount()).toBe(before);
});

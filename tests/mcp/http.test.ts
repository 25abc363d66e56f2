import { apiKeyAuth } from "@rivulet/server";
import { expect, test } from "vitest";
import { aRivulet, call, connectHttp, mount } from "./connect.ts";

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "raw", version: "1" },
  },
};

async function post(
  url: URL,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

test("the mount serves MCP to the official client", async () => {
  const rivulet = aRivulet();
  await rivulet.prompts.register({ name: "greet", template: "Hello {{name}}" });
  const client = await connectHttp(await mount(rivulet));
  const { messages } = await client.getPrompt({ name: "greet", arguments: { name: "Ann" } });
  expect(messages[0]?.content).toEqual({ type: "text", text: "Hello Ann" });
  expect(await call(client, "get_overview")).toMatchObject({ prompts: ["greet"] });
});

test("two clients at once have sessions of their own", async () => {
  const url = await mount(aRivulet());
  const [first, second] = await Promise.all([connectHttp(url), connectHttp(url)]);
  await first.close();
  expect(await call(second, "get_overview")).toMatchObject({ store: "memory" });
});

test("with keys, only who has one comes in, and another's session does not exist", async () => {
  const keys = [
    { id: "ann", key: "a".repeat(32), access: "read" as const },
    { id: "bob", key: "b".repeat(32), access: "read" as const },
  ];
  const url = await mount(aRivulet(), { auth: apiKeyAuth({ keys }) });
  const ann = { authorization: `Bearer ${"a".repeat(32)}` };
  const bob = { authorization: `Bearer ${"b".repeat(32)}` };
  expect((await post(url, initialize)).status).toBe(401);
  const opened = await post(url, initialize, ann);
  expect(opened.status).toBe(200);
  const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  await opened.body?.cancel();
  const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };
  expect((await post(url, list, { ...bob, ...session })).status).toBe(404);
  expect((await post(url, list, { ...ann, ...session })).status).toBe(200);
});

test("after a restart an old session is not found, and beginning anew with its id opens another", async () => {
  const url = await mount(aRivulet());
  const old = { "mcp-session-id": "of-a-process-that-ended" };
  const list = await post(url, { jsonrpc: "2.0", id: 2, method: "tools/list" }, old);
  expect(list.status).toBe(404);
  expect(await list.json()).toMatchObject({ error: { code: -32001 } });
  const opened = await post(url, initialize, old);
  expect(opened.status).toBe(200);
  expect(opened.headers.get("mcp-session-id")).toMatch(/^[0-9a-f-]{36}$/);
  await opened.body?.cancel();
});

test("where writes are allowed, a reader's key does not reach the endpoint", async () => {
  const keys = [{ id: "ann", key: "a".repeat(32), access: "read" as const }];
  const url = await mount(aRivulet(), { auth: apiKeyAuth({ keys }), mcp: { allowWrites: true } });
  const response = await post(url, initialize, { authorization: `Bearer ${"a".repeat(32)}` });
  expect(response.status).toBe(403);
});

test.each([
  ["no session", { jsonrpc: "2.0", id: 1, method: "tools/list" }, 400],
  ["no JSON", "{", 400],
  ["too much", `{"x":"${"y".repeat(5 * 1024 * 1024)}"}`, 413],
])("%s is refused with its status", async (_what, body, status) => {
  const url = await mount(aRivulet());
  const response = await post(url, body);
  expect(response.status).toBe(status);
  await response.body?.cancel();
});

test("a page of another origin is kept out", async () => {
  const url = await mount(aRivulet());
  const response = await post(url, initialize, { origin: "https://evil.example" });
  expect(response.status).toBe(403);
});

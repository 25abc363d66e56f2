import { type AccessLevel, apiKeyAuth, type Handler, type HandlerExtension } from "@rivulet/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aHandler, apiOf, aRivulet, ask, LOCAL } from "./api-client.ts";
import { addressOf, readTable } from "./operation-table.ts";

const LEVELS: readonly AccessLevel[] = ["public", "ingest", "read", "annotate", "write", "admin"];

const extension: HandlerExtension = {
  name: "mcp",
  routes: [{ method: "ANY", path: "/mcp", access: "write", handle: () => new Response("in") }],
};

const keys = LEVELS.map((access) => ({ id: `${access}-key`, key: `secret-of-${access}`, access }));

const { rivulet, close } = aRivulet("memory:");
let handler: Handler;
/** Every endpoint that is not public: what it asks for, and a request that reaches it. */
let endpoints: { readonly access: AccessLevel; readonly method: string; readonly path: string }[];

beforeAll(async () => {
  handler = aHandler(rivulet, { auth: apiKeyAuth({ keys }), extensions: [extension] });
  const table = await readTable(apiOf(rivulet));
  endpoints = [
    ...table.map((operation) => ({
      access: operation.access,
      method: operation.method,
      path: `/api/v1${addressOf(operation, (name) => (name === "version" ? "1" : "none"))}`,
    })),
    { access: "read", method: "GET", path: "/events" },
    { access: "read", method: "GET", path: "/sign-in" },
    { access: "write", method: "POST", path: "/mcp" },
    { access: "write", method: "GET", path: "/mcp" },
    { access: "read", method: "GET", path: "/api/v1/nothing" },
    { access: "read", method: "DELETE", path: "/api/v1/stats" },
  ];
});

afterAll(async () => {
  await handler.close();
  await close();
});

const request = (
  method: string,
  path: string,
  authorization?: string,
): Promise<{ status: number; body: unknown; headers: Headers }> =>
  handler(
    new Request(`http://localhost/mount${path}`, {
      method,
      headers: authorization === undefined ? {} : { authorization },
    }),
    { ...LOCAL, basePath: "/mount" },
  ).then(async ({ status, headers, body }) => {
    await body?.cancel();
    return { status, headers, body: undefined };
  });

describe("every endpoint that is not public", () => {
  it("answers 401 without credentials, and with wrong ones", async () => {
    expect(endpoints.length).toBeGreaterThan(70);
    for (const { method, path } of endpoints) {
      for (const authorization of [undefined, "Bearer secret-of-nobody", "Basic !!", "Bearer "]) {
        const { status } = await request(method, path, authorization);
        expect({ method, path, authorization, status }).toMatchObject({ status: 401 });
      }
    }
  });

  it("answers 403 with each level below its own, and something else from its own on", async () => {
    for (const { method, path, access } of endpoints) {
      for (const { key, access: held } of keys) {
        const { status } = await request(method, path, `Bearer ${key}`);
        const isRefused = LEVELS.indexOf(held) < LEVELS.indexOf(access);
        expect({ method, path, held, refused: status === 403, status }).toMatchObject({
          refused: isRefused,
        });
        expect(status).not.toBe(401);
      }
    }
  });
});

it("the health check is open", async () => {
  expect((await request("GET", "/health")).status).toBe(200);
});

it("a 401 opens no password box of the browser, and the key may be a password", async () => {
  const refused = await request("GET", "/api/v1/me");
  expect(refused.status).toBe(401);
  expect(refused.headers.get("www-authenticate")).toBe('Bearer realm="Rivulet"');
  // The page asks for the key itself.
  for (const path of ["/", ""]) expect((await request("GET", path)).status).not.toBe(401);
  const basic = `Basic ${Buffer.from("anybody:secret-of-read").toString("base64")}`;
  expect((await request("GET", "/api/v1/me", basic)).status).toBe(200);
});

it("with an auth of one's own a 401 asks for nothing", async () => {
  const own = apiOf(rivulet, { auth: async () => undefined });
  const { status, headers } = await own.call("GET /me");
  expect(status).toBe(401);
  expect(headers.has("www-authenticate")).toBe(false);
});

it("auth sees the request, the mount and the framework's own objects", async () => {
  const own = aHandler(rivulet, {
    auth: (incoming, { basePath, native }) => ({
      id: `${incoming.headers.get("x-user")}${basePath}${JSON.stringify(native)}`,
      access: "read",
    }),
  });
  const { body } = await ask(
    own,
    new Request("http://localhost/m/api/v1/me", { headers: { "x-user": "ann" } }),
    { basePath: "/m", native: { session: 7 } },
  );
  expect(body).toEqual({ id: 'ann/m{"session":7}', access: "read" });
});

it("a level that does not exist opens nothing", async () => {
  const own = apiOf(rivulet, { auth: () => ({ id: "x", access: "root" as "admin" }) });
  expect((await own.call("GET /me")).status).toBe(403);
});

it("access caps every caller, and readOnly is a cap at reading", async () => {
  for (const options of [{ access: "read" } as const, { readOnly: true }]) {
    const capped = apiOf(rivulet, options);
    expect((await capped.call("GET /me")).body).toEqual({ id: "local", access: "read" });
    expect((await capped.call("GET /runs")).status).toBe(200);
    expect(await capped.call("POST /runs", {})).toMatchObject({
      status: 403,
      body: { error: { code: "permission_denied" } },
    });
    expect((await capped.call("POST /prompt-versions/none@1/render", {})).status).toBe(404);
  }
});

it("short keys, unknown levels and an empty list are refused at the start", () => {
  const access = "read";
  const refused = (message: RegExp): object =>
    expect.objectContaining({ code: "invalid_argument", message: expect.stringMatching(message) });
  expect(() => apiKeyAuth({ keys: [] })).toThrow(refused(/nobody gets in/));
  expect(() => apiKeyAuth({ keys: [{ id: "a", key: "", access }] })).toThrow(refused(/too short/));
  expect(() => apiKeyAuth({ keys: [{ id: "a", key: "7-chars", access }] })).toThrow(
    refused(/too short/),
  );
  expect(() => apiKeyAuth({ keys: [{ id: "a", key: "8-chars!", access }] })).not.toThrow();
  const root = { id: "a", key: "long-enough", access: "root" as "admin" };
  expect(() => apiKeyAuth({ keys: [root] })).toThrow(refused(/access level/));
});

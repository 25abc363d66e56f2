import { once } from "node:events";
import { get } from "node:http";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Rivulet } from "@rivulet/core";
import { mlops } from "@rivulet/express";
import { apiKeyAuth } from "@rivulet/server";
import compression from "compression";
import type { RequestHandler } from "express";
import helmet from "helmet";
import { afterAll, describe, expect, it, vi } from "vitest";
import { aMountedApp, aSharedRivulet, EXPRESS } from "./mounted-app.ts";

const rivulet = aSharedRivulet();
afterAll(() => rivulet.close());

const CHANGE = {
  path: "/mlops/api/v1/experiments/0/restore",
  method: "POST",
  headers: { "content-type": "application/json" },
  body: "{}",
};

describe.each(EXPRESS)("on %s", (_, express) => {
  it.each([
    ["a program", {}, 200],
    ["a page of ours", { "sec-fetch-site": "same-origin" }, 200],
    ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, 403],
    ["another port", { "sec-fetch-site": "same-site", origin: "http://localhost:9999" }, 403],
    ["an old browser elsewhere", { origin: "https://evil.example" }, 403],
    ["a sandboxed page", { origin: "null" }, 403],
    ["a rebound name", { host: "evil.example" }, 421],
    ["a name that looks local", { host: "127.0.0.1.evil.example" }, 421],
    ["a name with a dot too many", { host: "localhost." }, 421],
    ["a proxy on this machine", { "x-forwarded-for": "10.0.0.7" }, 403],
  ])("a change from %s is %j → %i", async (_who, headers, status) => {
    const { ask } = await aMountedApp({ express, rivulet });
    const answer = await ask({ ...CHANGE, headers: { ...CHANGE.headers, ...headers } });
    expect(answer.status).toBe(status);
  });

  it("an old browser on a page of ours may change things", async () => {
    const { ask, port } = await aMountedApp({ express, rivulet });
    const headers = { ...CHANGE.headers, origin: `http://127.0.0.1:${port}` };
    expect(
      (await ask({ ...CHANGE, headers: { ...headers, host: `127.0.0.1:${port}` } })).status,
    ).toBe(200);
  });

  it("trust proxy does not open the door", async () => {
    const { app, ask } = await aMountedApp({ express, rivulet });
    app.set("trust proxy", true);
    const headers = { "x-forwarded-host": "localhost", "x-forwarded-for": "127.0.0.1" };
    expect((await ask({ path: "/mlops/api/v1/me", headers })).status).toBe(403);
  });

  it("the app's own session says who calls", async () => {
    const session: RequestHandler = (request, _response, next) => {
      const user = request.get("x-user");
      if (user !== undefined) Object.assign(request, { user: { name: user } });
      next();
    };
    const { ask } = await aMountedApp({
      express,
      rivulet,
      before: [session],
      options: {
        auth: (_request, { native: { req } }) => {
          const { user } = req as typeof req & { user?: { name: string } };
          return user === undefined ? null : { id: user.name, access: "annotate" };
        },
      },
    });
    const path = "/mlops/api/v1/me";
    expect((await ask({ path })).status).toBe(401);
    expect(JSON.parse((await ask({ path, headers: { "x-user": "ann" } })).body)).toEqual({
      id: "ann",
      access: "annotate",
    });
    expect((await ask({ ...CHANGE, headers: { ...CHANGE.headers, "x-user": "ann" } })).status).toBe(
      403,
    );
  });

  it("keys open it to the world, and proxies do not matter then", async () => {
    const keys = [{ id: "ci", key: "a-long-secret", access: "write" }] as const;
    const { ask } = await aMountedApp({
      express,
      rivulet,
      options: { auth: apiKeyAuth({ keys }) },
    });
    const headers = { host: "ml.example", "x-forwarded-for": "10.0.0.7" };
    expect((await ask({ path: "/mlops/api/v1/me", headers })).status).toBe(401);
    const withKey = { ...headers, authorization: "Bearer a-long-secret" };
    expect((await ask({ path: "/mlops/api/v1/me", headers: withKey })).status).toBe(200);
  });

  it("helmet in front leaves our policy to us, and its other headers in place", async () => {
    const { ask } = await aMountedApp({ express, rivulet, before: [helmet()] });
    const { headers } = await ask({ path: "/mlops/api/v1/me" });
    expect(headers["content-security-policy"]).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers["strict-transport-security"]).toBeDefined();
  });

  it("compression in front compresses answers, and holds no event back", async () => {
    const { ask, port } = await aMountedApp({
      express,
      rivulet,
      before: [compression({ filter: () => true, threshold: 0 })],
    });
    const zipped = { "accept-encoding": "gzip" };
    const document = await ask({ path: "/mlops/api/v1/openapi.json", headers: zipped });
    expect(document.headers["content-encoding"]).toBe("gzip");

    const events = get({ host: "127.0.0.1", port, path: "/mlops/events", headers: zipped });
    const [response] = await once(events, "response");
    expect(response.headers["content-encoding"]).toBeUndefined();
    let seen = "";
    response.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
    });
    await once(response, "data");
    await rivulet.runs.start({ name: "told" });
    while (!seen.includes("event: change")) await once(response, "data");
    expect(seen).toMatch(/^retry: 2000\n\n/);
    events.destroy();
  });

  it("an error that is not ours goes to the host app's error handler", async () => {
    const broken = {
      ...rivulet,
      reportError: () => {
        throw new Error("boom");
      },
    } as Rivulet;
    const { ask } = await aMountedApp({
      express,
      rivulet: broken,
      options: { auth: () => Promise.reject(new Error("no session store")) },
    });
    expect(await ask({ path: "/mlops/api/v1/me" })).toMatchObject({
      status: 599,
      body: "Error: boom",
    });
  });

  it("MCP answers at /mcp behind the same gates, and can be left out", async () => {
    const { ask, port } = await aMountedApp({ express, rivulet });
    const client = new Client({ name: "test", version: "1" });
    const url = new URL(`http://127.0.0.1:${port}/mlops/mcp`);
    await client.connect(
      new StreamableHTTPClientTransport(url) as Parameters<Client["connect"]>[0],
    );
    expect((await client.listTools()).tools.length).toBeGreaterThan(3);
    await client.close();
    const initialize = { path: "/mlops/mcp", method: "POST", body: "{}" };
    const headers = { "content-type": "application/json", host: "evil.example" };
    expect((await ask({ ...initialize, headers })).status).toBe(421);

    const without = await aMountedApp({ express, rivulet, options: { mcp: false } });
    expect((await without.ask({ path: "/mlops/mcp" })).status).toBe(404);
  });

  it("close ends live views, so that the server can stop", async () => {
    const { port, middleware } = await aMountedApp({ express, rivulet });
    const events = get({ host: "127.0.0.1", port, path: "/mlops/events" });
    const [response] = await once(events, "response");
    response.resume();
    await middleware.close();
    await once(response, "end");
  });
});

it("production without auth is refused when the app is put together", () => {
  vi.stubEnv("NODE_ENV", "production");
  try {
    expect(() => mlops(rivulet)).toThrow(/NODE_ENV is production/);
    expect(mlops(rivulet, { auth: "none", mcp: false })).toBeTypeOf("function");
  } finally {
    vi.unstubAllEnvs();
  }
});

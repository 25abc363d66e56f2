import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createHandler, type HandlerOptions } from "@rivulet/server";
import { describe, expect, it, vi } from "vitest";
import { aFolder, LOCAL } from "./api-client.ts";
import {
  aHandlerOn,
  aRivulet,
  basic,
  call,
  MOUNT,
  ORIGIN,
  postToken,
  TOKEN,
  tokenOf,
  watchPrinted,
} from "./token-calls.ts";

const printed = watchPrinted();

describe("without auth", () => {
  it.each([
    ["nothing", {}, 401],
    ["a Bearer token", { authorization: `Bearer ${TOKEN}` }, 200],
    ["the password of any user", { authorization: basic(`anybody:${TOKEN}`) }, 200],
    ["a password that has a colon in front", { authorization: basic(`a::${TOKEN}`) }, 401],
    ["the token as a user", { authorization: basic(`${TOKEN}:`) }, 401],
    ["another token", { authorization: "Bearer another-token" }, 401],
    ["the beginning of the token", { authorization: `Bearer ${TOKEN.slice(0, -1)}` }, 401],
    ["an empty token", { authorization: "Bearer " }, 401],
    ["the token as a cookie", { cookie: `rivulet=${TOKEN}; token=${TOKEN}` }, 401],
  ])("who brings %s gets %#: %i", async (_, headers, status) => {
    expect((await call(aHandlerOn(aRivulet()), "/api/v1/me", { headers })).status).toBe(status);
  });

  it("the holder of the token may do everything, up to what the handler allows", async () => {
    const me = async (options: HandlerOptions) => {
      const headers = { authorization: `Bearer ${TOKEN}` };
      return (await call(aHandlerOn(aRivulet(), options), "/api/v1/me", { headers })).json();
    };
    expect(await me({ token: TOKEN })).toEqual({ id: "local", access: "admin" });
    expect(await me({ token: TOKEN, readOnly: true })).toEqual({ id: "local", access: "read" });
  });

  it.each([
    ["from elsewhere", { peerAddress: "10.0.0.7" }, {}],
    ["through a proxy that says so", {}, { "cf-connecting-ip": "10.0.0.7" }],
    ["through a proxy of HTTP/1.0", { httpVersion: "1.0" }, {}],
  ])("the token alone lets nobody in %s, not even to the page", async (_, context, more) => {
    const handler = aHandlerOn(aRivulet());
    const headers = { authorization: `Bearer ${TOKEN}`, ...more };
    for (const path of ["/api/v1/me", "/", "/sign-in"]) {
      const answer = await call(handler, path, { headers, context: { ...MOUNT, ...context } });
      expect({ path, status: answer.status }).toEqual({ path, status: 403 });
    }
    const signIn = await postToken(handler, TOKEN, { context: { ...MOUNT, ...context }, more });
    expect(signIn.status).toBe(403);
  });

  it("a 401 names the command, and neither a path nor the token; no browser asks for a password", async () => {
    const folder = await aFolder();
    const rivulet = aRivulet(`sqlite:${join(folder, "app.db")}`);
    const answer = await call(aHandlerOn(rivulet, {}), "/api/v1/me");
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({
      error: {
        code: "unauthenticated",
        message: expect.stringContaining(`npx -y rivulet open ${ORIGIN}/mlops.`),
        details: { command: `npx -y rivulet open ${ORIGIN}/mlops`, token: "kept" },
      },
    });
    expect(text).not.toContain(folder);
    expect(text).not.toContain(await readFile(join(folder, "app.db.token"), "utf8"));
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="Rivulet"');
  });

  it("behind a proxy the command leaves the address to the caller, who knows it", async () => {
    const handler = aHandlerOn(aRivulet(), { auth: "token" });
    const proxied = [
      { headers: { "x-forwarded-proto": "https", host: "ops.example" } },
      { context: { ...LOCAL, httpVersion: "1.0" } },
    ];
    for (const sent of proxied) {
      expect(await (await call(handler, "/api/v1/me", sent)).json()).toMatchObject({
        error: { details: { command: "npx -y rivulet open ADDRESS" } },
      });
    }
  });

  it("what a shell would run is quoted in the command", async () => {
    const context = { ...LOCAL, basePath: "/$(id)'s" };
    const answer = await call(aHandlerOn(aRivulet()), "/api/v1/me", { context });
    expect(await answer.json()).toMatchObject({
      error: { details: { command: `npx -y rivulet open '${ORIGIN}/$(id)%27s'` } },
    });
  });

  it("a store that could not be opened at first is asked again for its token", async () => {
    const rivulet = aRivulet();
    let isLocked = true;
    const handler = aHandlerOn(
      {
        ...rivulet,
        stats: async () => {
          if (isLocked) throw new Error("locked");
          return rivulet.stats();
        },
      },
      {},
    );
    expect((await call(handler, "/api/v1/me")).status).toBe(503);
    isLocked = false;
    expect((await call(handler, "/api/v1/me")).status).toBe(401);
  });

  it("a token that could be guessed is refused at the start", () => {
    expect(() => createHandler(aRivulet(), { token: "short" })).toThrow(/too short/);
    vi.stubEnv("RIVULET_TOKEN", "short");
    expect(() => createHandler(aRivulet())).toThrow(/RIVULET_TOKEN.* too short/);
  });
});

describe("with auth: 'token'", () => {
  it("whoever has it gets in, from wherever, through whatever", async () => {
    const handler = aHandlerOn(aRivulet(), { auth: "token", token: TOKEN });
    const request = (headers: Record<string, string>): Promise<Response> =>
      handler(
        new Request("https://ml.example/api/v1/me", {
          headers: { via: "1.0 proxy", ...headers },
        }),
        { basePath: "", peerAddress: "10.0.0.7", httpVersion: "1.0" },
      );
    expect((await request({})).status).toBe(401);
    const answer = await request({ authorization: `Bearer ${TOKEN}` });
    expect(await answer.json()).toEqual({ id: "token", access: "admin" });
  });
});

describe("whoever runs the app", () => {
  it.each([
    [{}, /To sign in, open the dashboard with this after its address: #token=[\w-]{43}\n$/],
    [{ token: "open sesame" }, /To sign in, run: npx -y rivulet open ADDRESS\n$/],
  ])("is not sent to an address that a stranger has made up (%j)", async (options, expected) => {
    const handler = aHandlerOn(aRivulet(), { auth: "token", ...options });
    await call(handler, "/api/v1/me", { headers: { host: "evil.example" } });
    expect(printed).toEqual([expect.stringMatching(expected)]);
    expect(printed[0]).not.toContain("evil");
  });

  it("is told the address with the token once, when the token is first missed", async () => {
    const handler = aHandlerOn(aRivulet(), {});
    await call(handler, "/health");
    await call(handler, "/");
    expect(printed).toEqual([]);
    await call(handler, "/api/v1/me");
    await call(handler, "/sign-in");
    expect(printed).toEqual([
      expect.stringMatching(
        /^Rivulet needs its token. To sign in, open: http:\/\/localhost:3000\/mlops\/#token=[\w-]{43}\n$/,
      ),
    ]);
    expect(printed[0]).toContain((await tokenOf(handler)).token);
  });

  it("is told the command where the token was given, for logs are read by others", async () => {
    await call(aHandlerOn(aRivulet()), "/api/v1/me");
    expect(printed).toEqual([
      expect.stringContaining("run: npx -y rivulet open http://localhost:3000"),
    ]);
    expect(printed[0]).not.toContain(TOKEN);
  });

  it("is told nothing by requests that are refused anyway, nor when the app has asked for the address", async () => {
    const handler = aHandlerOn(aRivulet());
    await call(handler, "/api/v1/me", { context: { ...MOUNT, peerAddress: "10.0.0.7" } });
    expect(printed).toEqual([]);
    expect(await handler.signInUrl(`${ORIGIN}/mlops`)).toBe(`${ORIGIN}/mlops/#token=${TOKEN}`);
    await call(handler, "/api/v1/me");
    expect(printed).toEqual([]);
  });
});

import { createHandler, type HandlerContext, type HandlerOptions } from "@rivulet/server";
import { afterAll, describe, expect, it, vi } from "vitest";
import { aHandler, apiOf, aRivulet, ask, LOCAL } from "./api-client.ts";

const { rivulet, close } = aRivulet("memory:");
afterAll(close);

const statusOf = async (
  headers: Readonly<Record<string, string>>,
  {
    options = {},
    context = {},
    method = "GET",
  }: {
    options?: HandlerOptions;
    context?: Partial<HandlerContext>;
    method?: string;
  } = {},
): Promise<number> => {
  const path = method === "GET" ? "/api/v1/me" : "/api/v1/experiments/0/restore";
  const request = new Request(`http://localhost${path}`, {
    method,
    headers: { host: "localhost:3000", ...headers },
  });
  return (await ask(aHandler(rivulet, options), request, { ...LOCAL, ...context })).status;
};

const letsAllIn: HandlerOptions = { auth: "none" };

describe("the host gate", () => {
  it.each([
    ["localhost", 200],
    ["localhost:3000", 200],
    ["127.0.0.1", 200],
    ["127.8.9.10:80", 200],
    ["[::1]:3000", 200],
    ["LocalHost", 200],
    ["evil.example", 421],
    ["evil.example:3000", 421],
    ["10.evil.example", 421],
    ["127.0.0.1.evil.example", 421],
    ["127.evil.example", 421],
    ["localhost.", 421],
    ["localhost.evil.example", 421],
    ["0.0.0.0", 421],
    ["192.168.1.5", 421],
    ["[::ffff:7f00:1]", 421],
    ["evil.example@localhost", 400],
    ["localhost/x", 400],
    ["localhost:99999999", 400],
    ["", 400],
  ])("answers to host %j with %i", async (host, status) => {
    expect(await statusOf({ host }, { options: letsAllIn })).toBe(status);
  });

  it("takes the names it is told, whole and without case", async () => {
    const options: HandlerOptions = { ...letsAllIn, allowedHosts: ["ML.example", "lan:8080"] };
    expect(await statusOf({ host: "ml.example" }, { options })).toBe(200);
    expect(await statusOf({ host: "ml.example:444" }, { options })).toBe(200);
    expect(await statusOf({ host: "lan:8080" }, { options })).toBe(200);
    expect(await statusOf({ host: "lan" }, { options })).toBe(421);
    expect(await statusOf({ host: "x.ml.example" }, { options })).toBe(421);
  });

  it("takes any name from callers with credentials, unless names are listed", async () => {
    const auth = () => ({ id: "ann", access: "read" }) as const;
    expect(await statusOf({ host: "ml.example" }, { options: { auth } })).toBe(200);
    const options = { auth, allowedHosts: ["ml.example"] };
    expect(await statusOf({ host: "other.example" }, { options })).toBe(421);
  });
});

describe("the cross-origin gate", () => {
  const own = "http://localhost:3000";
  it.each([
    ["a program", {}, 200],
    ["a page of ours", { "sec-fetch-site": "same-origin", origin: own }, 200],
    ["the address bar", { "sec-fetch-site": "none" }, 200],
    ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, 403],
    ["another port", { "sec-fetch-site": "same-site", origin: "http://localhost:9" }, 403],
    ["another site without Origin", { "sec-fetch-site": "cross-site" }, 403],
    ["an old browser elsewhere", { origin: "https://evil.example" }, 403],
    ["an old browser on another port", { origin: "http://localhost:9" }, 403],
    ["an old browser on a page of ours", { origin: own }, 200],
    ["a sandboxed page", { origin: "null" }, 403],
    ["nonsense", { origin: "%%%" }, 403],
    [
      "a link that posts",
      {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
      },
      403,
    ],
  ])("a change from %s is %j → %i", async (_, headers, status) => {
    expect(await statusOf(headers, { options: letsAllIn, method: "POST" })).toBe(status);
  });

  it.each([
    ["a program", {}, 200],
    ["a page of ours", { "sec-fetch-site": "same-origin" }, 200],
    [
      "a script of another site",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
      403,
    ],
    [
      "a followed link",
      {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
      },
      200,
    ],
    [
      "a frame",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
      403,
    ],
  ])("a read from %s is %j → %i", async (_, headers, status) => {
    expect(await statusOf(headers, { options: letsAllIn })).toBe(status);
  });

  it("lets pages of trusted origins change things", async () => {
    const options: HandlerOptions = { ...letsAllIn, trustedOrigins: ["https://app.example"] };
    const site = { "sec-fetch-site": "cross-site" };
    const from = (origin: string) => statusOf({ ...site, origin }, { options, method: "POST" });
    expect(await from("https://app.example")).toBe(200);
    expect(await from("https://app.example.evil.example")).toBe(403);
    expect(await from("http://app.example")).toBe(403);
  });
});

describe("with auth: 'local'", () => {
  it.each([
    ["127.0.0.1", 200],
    ["127.3.2.1", 200],
    ["::1", 200],
    ["::ffff:127.0.0.1", 200],
    ["10.0.0.7", 403],
    ["::ffff:10.0.0.7", 403],
    ["127.0.0.1.evil.example", 403],
    ["", 403],
  ])("a peer at %j gets %i", async (peerAddress, status) => {
    expect(await statusOf({}, { context: { peerAddress } })).toBe(status);
  });

  it.each([
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
    "x-real-ip",
    "x-forwarded",
    "x-forwarded-anything",
    "x-original-forwarded-for",
    "cf-connecting-ip",
    "cf-connecting-ipv6",
    "true-client-ip",
    "x-client-ip",
    "fastly-client-ip",
    "fly-client-ip",
    "x-azure-clientip",
    "x-cluster-client-ip",
    "cdn-loop",
    "x-envoy-external-address",
    "x-appengine-user-ip",
    "x-forward-for",
    "x-nginx-proxy",
    "x-scheme",
    "x-url-scheme",
    "x-arr-log-id",
    "x-amzn-trace-id",
    "front-end-https",
    "cf-visitor",
    "incap-client-ip",
    "x-sucuri-clientip",
    "x-nf-client-connection-ip",
    "do-connecting-ip",
    "ali-cdn-real-ip",
    "akamai-origin-hop",
  ])("a local request that a proxy has passed on (%s) gets 403", async (header) => {
    expect(await statusOf({ [header]: "127.0.0.1" })).toBe(403);
  });

  it("the refusal behind a proxy names the auth that is for it", async () => {
    const headers = { host: "localhost:3000", "x-forwarded-for": "10.0.0.7" };
    const request = new Request("http://localhost/api/v1/me", { headers });
    const answer = await ask(aHandler(rivulet), request, LOCAL);
    expect(answer.body).toMatchObject({
      error: { code: "permission_denied", message: expect.stringContaining("'token' admits") },
    });
  });

  it.each([
    ["1.0", 403],
    ["0.9", 403],
    ["1.1", 200],
    ["2.0", 200],
  ])("a request of HTTP/%s gets %i", async (httpVersion, status) => {
    expect(await statusOf({}, { context: { httpVersion } })).toBe(status);
  });

  it("proxies and HTTP/1.0 pass where there is an auth", async () => {
    const auth = () => ({ id: "ann", access: "read" }) as const;
    for (const options of [{ auth }, letsAllIn]) {
      const headers = { via: "1.0 proxy", "x-forwarded-for": "10.0.0.7" };
      expect(await statusOf(headers, { options, context: { httpVersion: "1.0" } })).toBe(200);
    }
  });

  it("a listed host is not this machine", async () => {
    const options: HandlerOptions = { allowedHosts: ["ml.example"] };
    expect(await statusOf({ host: "ml.example" }, { options })).toBe(403);
  });

  it("production is refused at the start, unless an auth or a token is given", () => {
    vi.stubEnv("NODE_ENV", "production");
    try {
      expect(() => createHandler(rivulet)).toThrow(/NODE_ENV is production/);
      expect(() => createHandler(rivulet, { readOnly: true })).toThrow(/apiKeyAuth/);
      expect(createHandler(rivulet, { auth: "none" })).toBeTypeOf("function");
      expect(createHandler(rivulet, { token: "a-long-secret" })).toBeTypeOf("function");
      vi.stubEnv("RIVULET_TOKEN", "");
      expect(() => createHandler(rivulet)).toThrow(/NODE_ENV is production/);
      vi.stubEnv("RIVULET_TOKEN", "a-long-secret");
      expect(createHandler(rivulet)).toBeTypeOf("function");
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe("the path gate", () => {
  const { send } = apiOf(rivulet, letsAllIn);
  const raw = (rawPath: string) => send("/", {}, { basePath: "/mount", rawPath });

  it.each([
    "/mount/x/../api/v1/me",
    "/mount/./api/v1/me",
    "/mount/x/%2e%2e/api/v1/me",
    "/mount/x/.%2E/api/v1/me",
    "/mount/api/v1/me/..",
    "/mount/api\\v1/me",
    "/mount/api/v1/me#x",
    "/mount/api/v1/models/a%00b",
    "/mount/\u0001",
    "http://evil.example/mount/api/v1/me",
    "*",
    "",
  ])("refuses %j with 400", async (path) => {
    expect(await raw(path)).toMatchObject({
      status: 400,
      body: { error: { code: "invalid_argument" } },
    });
  });

  it.each([
    "/mount//api/v1/me",
    "/mount/api//v1/me",
    "/mount/api/v1/me//",
    "/mount/API/v1/me",
    "/mount/api/v1/%6de",
    "/mount/assets/..%2f..%2fpackage.json",
    "/mount/%252e%252e/api/v1/me",
    "/mount/api%2fv1%2fme",
    "/mount/api/v1/me;x",
    "/mount/__proto__",
    "/mount/constructor",
    "/mountain/api/v1/me",
    "/elsewhere",
  ])("knows nothing at %j", async (path) => {
    expect(await raw(path)).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
  });

  it.each([
    ["/api/v1/me/", 200],
    ["/api/v1/runs/?limit=1", 200],
    ["/api/v1/models/none/", 404],
    ["/health/", 200],
  ])(
    "answers %s as it does without the last slash, since some servers add one",
    async (path, status) => {
      const plain = await send(path.replace(/\/(?=\?|$)/, ""));
      const slashed = await send(path);
      expect([slashed.status, slashed.body]).toEqual([status, plain.body]);
    },
  );

  it("says what a path takes when the method is wrong", async () => {
    const answer = await send("/api/v1/runs", { method: "DELETE" });
    expect(answer).toMatchObject({ status: 405, body: { error: { code: "unsupported" } } });
    expect(answer.headers.get("allow")).toBe("GET, POST, HEAD");
  });
});

describe("the headers of every response", () => {
  const { send } = apiOf(rivulet, letsAllIn);
  const common = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
  };
  const closed = {
    ...common,
    "cache-control": "no-store",
    "x-frame-options": "DENY",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  };

  it.each([
    ["/api/v1/me", {}],
    ["/api/v1/none", {}],
    ["/api/v1/runs?limit=x", {}],
    ["/api/v1/runs", { method: "PUT" }],
    ["/health", {}],
    ["/api/v1/me", { headers: { host: "evil.example" } }],
    ["/api/v1/me", { headers: { "sec-fetch-site": "cross-site" } }],
  ])("%s %j is closed to frames, scripts and caches", async (path, init) => {
    expect(Object.fromEntries((await send(path, init)).headers)).toMatchObject(closed);
  });

  it("an extension's response gets them too", async () => {
    const handle = () => new Response("x", { headers: { "x-own": "1" } });
    const extension = {
      name: "mcp",
      routes: [{ method: "ANY", path: "/mcp", access: "read", handle }],
    } as const;
    const { headers } = await apiOf(rivulet, { extensions: [extension] }).send("/mcp");
    expect(Object.fromEntries(headers)).toMatchObject({ ...closed, "x-own": "1" });
  });
});

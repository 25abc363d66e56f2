import { gzipSync } from "node:zlib";
import { type ErrorCode, RivuletError } from "@rivulet/core";
import { apiKeyAuth, type ExtensionError, type HandlerExtension } from "@rivulet/server";
import { afterAll, describe, expect, it } from "vitest";
import { type Answer, aHandler, aRivulet, ask, LOCAL } from "./api-client.ts";

const { rivulet, errors, close } = aRivulet("memory:");
afterAll(close);

const CODES: Partial<Record<ErrorCode, string>> = {
  not_found: "RESOURCE_DOES_NOT_EXIST",
  invalid_argument: "INVALID_PARAMETER_VALUE",
  unauthenticated: "UNAUTHENTICATED",
  permission_denied: "PERMISSION_DENIED",
};

/** A protocol of JSON verbs, uploads below a path, and errors of its own: MLflow's manner. */
const verbs: HandlerExtension = {
  name: "verbs",
  prefixes: ["/api/2.0/verbs"],
  routes: [
    {
      method: "POST",
      path: "/api/2.0/verbs/runs/create",
      access: "write",
      body: "json",
      maxBytes: 100,
      contentTypes: ["application/json", "text/json"],
      handle: ({ body, caller }) => Response.json({ created: body, by: caller.id }),
    },
    {
      method: "GET",
      path: "/api/2.0/verbs/runs/get/:id",
      access: "read",
      handle: ({ params, query }) => {
        if (params.get("id") === "broken") throw new TypeError("a secret of ours");
        if (params.get("id") !== "a/b") throw new RivuletError("not_found", "No such run.");
        return Response.json({ id: params.get("id"), view: query.get("view") });
      },
    },
    {
      method: "PUT",
      path: "/api/2.0/verbs/artifacts/**:path",
      access: "write",
      body: "bytes",
      handle: ({ params, body }) => Response.json({ path: params.get("path"), bytes: [...body] }),
    },
    // Its path is nobody's prefix, and its shape the protocol's all the same.
    { method: "GET", path: "/version", access: "public", handle: () => new Response("3.1.4") },
  ],
  errorBody: ({ code, message }: ExtensionError) => ({
    error_code: CODES[code] ?? "INTERNAL_ERROR",
    message,
  }),
};

/** A protocol that takes telemetry as bytes, and tells errors in bytes: OTLP's manner. */
const telemetry: HandlerExtension = {
  name: "telemetry",
  routes: [
    {
      method: "POST",
      path: "/v1/traces/",
      access: "ingest",
      body: "bytes",
      exact: false,
      contentTypes: ["application/x-protobuf", "application/json"],
      handle: ({ body, request }) =>
        Response.json([request.headers.get("content-type"), Buffer.from(body).toString()]),
    },
  ],
  errorBody: ({ message, status }, request) =>
    request.headers.get("content-type") === "application/x-protobuf"
      ? new Response(`bytes: ${message}`, {
          status: status === 401 ? 403 : status,
          headers: { "content-type": "application/x-protobuf" },
        })
      : { code: 3, message },
};

const keys = [
  { id: "ann", key: "key-of-ann", access: "write" },
  { id: "probe", key: "key-of-probe", access: "ingest" },
] as const;
const JSON_TYPE = { "content-type": "application/json" };

describe.each(["", "/mlops", "/deep/er/mount"])("mounted at %j, an extension", (basePath) => {
  const handler = aHandler(rivulet, {
    auth: apiKeyAuth({ keys }),
    extensions: [verbs, telemetry],
  });
  const send = (path: string, { key = "key-of-ann", headers = {}, ...init }: Sent = {}) =>
    ask(
      handler,
      new Request(`http://localhost${basePath}${path}`, {
        ...init,
        headers: key === "" ? headers : { authorization: `Bearer ${key}`, ...headers },
      }),
      { ...LOCAL, basePath },
    );
  const create = (body: string | undefined, more: Sent = {}) =>
    send("/api/2.0/verbs/runs/create", {
      method: "POST",
      headers: JSON_TYPE,
      ...(body === undefined ? {} : { body }),
      ...more,
    });

  it.each(["", "/"])("takes JSON and says who calls, at a path with %j at its end", async (end) => {
    const answer = await send(`/api/2.0/verbs/runs/create${end}`, {
      method: "POST",
      headers: { "content-type": "text/json; charset=utf-8" },
      body: '{"name":"r"}',
    });
    expect(told(answer)).toEqual([200, { created: { name: "r" }, by: "ann" }]);
  });

  it("decodes parameters once", async () => {
    expect(told(await send("/api/2.0/verbs/runs/get/a%2Fb?view=all"))).toEqual([
      200,
      { id: "a/b", view: "all" },
    ]);
  });

  it("takes all that is below a path", async () => {
    const init = { method: "PUT", body: new Uint8Array([0, 255]) };
    expect(told(await send("/api/2.0/verbs/artifacts/model/a%20b.bin", init))).toEqual([
      200,
      { path: "model/a b.bin", bytes: [0, 255] },
    ]);
    expect((await send("/api/2.0/verbs/artifacts", init)).status).toBe(404);
  });

  it("gets compressed bytes inflated", async () => {
    const headers = { "content-type": "application/x-protobuf", "content-encoding": "gzip" };
    const init = { method: "POST", headers, body: gzipSync("spans"), key: "key-of-probe" };
    expect(told(await send("/v1/traces", init))).toEqual([
      200,
      ["application/x-protobuf", "spans"],
    ]);
  });

  it("may be open to everyone, and answers HEAD for GET", async () => {
    expect(told(await send("/version", { key: "" }))).toEqual([200, "3.1.4"]);
    expect(told(await send("/version", { key: "", method: "HEAD" }))).toEqual([200, ""]);
  });

  it.each<[string, () => Promise<Answer>, number, string]>([
    ["thrown by a route", () => send("/api/2.0/verbs/runs/get/c"), 404, "RESOURCE_DOES_NOT_EXIST"],
    ["a path without a route", () => send("/api/2.0/verbs/x"), 404, "RESOURCE_DOES_NOT_EXIST"],
    ["no credentials", () => create("{}", { key: "" }), 401, "UNAUTHENTICATED"],
    ["too little access", () => create("{}", { key: "key-of-probe" }), 403, "PERMISSION_DENIED"],
    [
      "another site",
      () => create("{}", { headers: { ...JSON_TYPE, "sec-fetch-site": "cross-site" } }),
      403,
      "PERMISSION_DENIED",
    ],
    ["no JSON", () => create("{"), 400, "INVALID_PARAMETER_VALUE"],
    ["another type", () => create("a=1", { headers: {} }), 415, "INVALID_PARAMETER_VALUE"],
    ["more than its limit", () => create(`"${"x".repeat(100)}"`), 413, "INTERNAL_ERROR"],
    ["a long address", () => send(`/version?${"x".repeat(16_384)}`), 414, "INTERNAL_ERROR"],
    [
      "a malformed parameter",
      () => send("/api/2.0/verbs/runs/get/%ff"),
      400,
      "INVALID_PARAMETER_VALUE",
    ],
  ])("tells %s in its own shape", async (_what, run, ...expected) => {
    const { status, body } = await run();
    expect(body).toEqual({ error_code: expected[1], message: expect.any(String) });
    expect(status).toBe(expected[0]);
  });

  it("keeps the headers that belong to an error", async () => {
    const unknown = await create("{}", { key: "" });
    expect(unknown.headers.get("www-authenticate")).toBe('Bearer realm="Rivulet"');
    const wrong = await send("/version", { method: "DELETE" });
    expect([wrong.status, wrong.headers.get("allow"), wrong.body]).toEqual([
      405,
      "GET, HEAD",
      { error_code: "INTERNAL_ERROR", message: "This path takes GET, HEAD." },
    ]);
  });

  it("may tell errors as a whole response", async () => {
    const headers = { "content-type": "application/x-protobuf" };
    const binary = await send("/v1/traces", { method: "POST", headers, body: "x", key: "" });
    expect([binary.status, binary.headers.get("content-type"), binary.body]).toEqual([
      403,
      "application/x-protobuf",
      "bytes: No credentials, or wrong ones.",
    ]);
    expect(binary.headers.get("x-content-type-options")).toBe("nosniff");
    const text = await send("/v1/traces", {
      method: "POST",
      headers: JSON_TYPE,
      body: "x",
      key: "",
    });
    expect(text.body).toEqual({ code: 3, message: "No credentials, or wrong ones." });
  });

  it("leaves the errors of other paths as they are", async () => {
    for (const path of ["/api/2.0/other", "/api/v1/none", "/v1/metrics"]) {
      expect((await send(path)).body).toMatchObject({ error: { code: "not_found" } });
    }
  });
});

it("gets JSON that a parser of the host app has read, unless every byte counts", async () => {
  const handler = aHandler(rivulet, { extensions: [verbs, telemetry] });
  const context = { ...LOCAL, body: "rewritten" } as const;
  const send = (method: string, path: string) =>
    ask(
      handler,
      new Request(`http://localhost${path}`, { method, headers: JSON_TYPE, body: "{}" }),
      context,
    );
  expect((await send("POST", "/v1/traces")).status).toBe(200);
  expect((await send("POST", "/api/2.0/verbs/runs/create")).status).toBe(200);
  expect((await send("PUT", "/api/2.0/verbs/artifacts/a.json")).body).toMatchObject({
    error_code: "INTERNAL_ERROR",
    message: expect.stringContaining("Mount Rivulet before the parsers"),
  });
});

it("an extension that fails is reported, and says nothing of why", async () => {
  const handler = aHandler(rivulet, { extensions: [verbs] });
  const answer = await ask(handler, new Request("http://localhost/api/2.0/verbs/runs/get/broken"));
  expect(told(answer)).toEqual([
    500,
    { error_code: "INTERNAL_ERROR", message: "Rivulet failed; see its error log." },
  ]);
  expect(errors.pop()?.message).toContain("a secret of ours");
});

it("an extension that cannot even tell errors is reported, and ours are told", async () => {
  const errorBody = (): never => {
    throw new Error("no words");
  };
  const handler = aHandler(rivulet, { extensions: [{ ...verbs, errorBody }] });
  const answer = await ask(handler, new Request("http://localhost/api/2.0/verbs/none"));
  expect(answer).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
  expect(errors.pop()?.message).toContain("no words");
});

it.each([
  [
    "one of ours",
    [{ ...verbs, routes: [serves("GET", "/health")] }],
    /GET \/health is served twice: by Rivulet and by verbs/,
  ],
  [
    "another extension's",
    [verbs, { ...verbs, name: "again", prefixes: [] }],
    /served twice: by verbs and by again/,
  ],
])("an endpoint that is %s already is refused at the start", (_whose, extensions, message) => {
  expect(() => aHandler(rivulet, { extensions })).toThrow(message);
});

it("extensions are closed with the handler", async () => {
  const closed: string[] = [];
  const named = (name: string): HandlerExtension => ({
    name,
    routes: [],
    close: async () => void closed.push(name),
  });
  await aHandler(rivulet, { extensions: [named("a"), named("b")] }).close();
  expect(closed).toEqual(["a", "b"]);
});

interface Sent extends Omit<RequestInit, "headers"> {
  readonly headers?: Readonly<Record<string, string>>;
  /** Empty: no credentials. @default ann's */
  readonly key?: string;
}

function serves(method: "GET", path: string): HandlerExtension["routes"][number] {
  return { method, path, access: "public", handle: () => new Response() };
}

function told({ status, body }: Answer): [number, unknown] {
  return [status, body];
}

it("a route that reads its own request is given it inflated, without headers that speak of the compression", async () => {
  const stream: HandlerExtension = {
    name: "stream",
    routes: [
      {
        method: "POST",
        path: "/v1/stream",
        access: "public",
        handle: async ({ request }) =>
          Response.json([await request.text(), request.headers.get("content-encoding")]),
      },
    ],
  };
  const handler = aHandler(rivulet, { extensions: [stream] });
  const request = new Request("http://localhost/v1/stream", {
    method: "POST",
    headers: { "content-encoding": "gzip" },
    body: gzipSync("spans"),
  });
  expect((await ask(handler, request, { ...LOCAL, basePath: "" })).body).toEqual(["spans", null]);
});

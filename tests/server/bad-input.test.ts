import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, apiOf, aRivulet, LOCAL } from "./api-client.ts";
import { addressOf, type ListedOperation, readTable } from "./operation-table.ts";

const { rivulet, errors, close } = aRivulet("memory:");
const api = apiOf(rivulet, { maxBodyBytes: 2000, maxArtifactBytes: 1000 });
const JSON_TYPE = { "content-type": "application/json" };

let table: readonly ListedOperation[];
let withJsonBody: readonly ListedOperation[];

beforeAll(async () => {
  table = await readTable(api);
  withJsonBody = table.filter(({ hasBody, path }) => hasBody && !path.endsWith("/artifact"));
  await rivulet.runs.start({ name: "kept" });
});

afterAll(async () => {
  expect(errors).toEqual([]);
  await close();
});

const plain = (name: string): string => (name === "version" ? "1" : "none");
const send = (operation: ListedOperation, init: RequestInit, value = plain): Promise<Answer> =>
  api.send(`/api/v1${addressOf(operation, value)}`, { method: operation.method, ...init });

it("a field of the address that is in the body or the query again is refused", async () => {
  const json = { method: "PATCH", headers: JSON_TYPE, body: '{"name":"other"}' };
  for (const [path, init] of [
    ["/api/v1/models/one", json],
    ["/api/v1/models/one?name=other", { method: "GET" }],
  ] as const) {
    const { status, body } = await api.send(path, init);
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { error: { message: "name: is in the address already", details: { field: "name" } } },
    });
  }
});

describe("every operation with a body", () => {
  it.each([
    ["broken JSON", '{"name":', 400],
    ["two values", "{} {}", 400],
    ["bytes that are no UTF-8", new Uint8Array([0x22, 0xff, 0xfe, 0x22]), 400],
    ["a list", "[]", 400],
    ["a text", '"name"', 400],
    ["null", "null", 400],
    ["a field that it does not know", '{"nmae":"x"}', 400],
    ["a prototype for a field", '{"__proto__":{"polluted":true}}', 400],
    ["a constructor for a field", '{"constructor":{"prototype":{"polluted":true}}}', 400],
    ["more bytes than the limit", JSON.stringify({ name: "x".repeat(2000) }), 413],
  ])("refuses %s", async (_, body, status) => {
    expect(withJsonBody.length).toBeGreaterThan(20);
    for (const operation of withJsonBody) {
      const answer = await send(operation, { headers: JSON_TYPE, body });
      expect({ ...place(operation), ...answer }).toMatchObject({
        status,
        body: { error: { code: status === 413 ? "limit_exceeded" : "invalid_argument" } },
      });
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("takes 64 levels and refuses 65, also 100,000", async () => {
    const nested = (depth: number): string => {
      const inner = depth - 3;
      return `{"name":"deep","records":[{"inputs":${"[".repeat(inner)}${"]".repeat(inner)}}]}`;
    };
    const roomy = apiOf(rivulet);
    const post = (depth: number) =>
      roomy.send("/api/v1/datasets", { method: "POST", headers: JSON_TYPE, body: nested(depth) });
    for (const depth of [65, 100_000]) {
      expect(await post(depth)).toMatchObject({
        status: 400,
        body: { error: { message: "The body is nested deeper than 64 levels." } },
      });
    }
    expect(await post(64)).toMatchObject({ status: 200, body: { recordCount: 1 } });
  });

  it("refuses a body that does not tell its length and grows over the limit", async () => {
    for (const operation of withJsonBody) {
      const chunks = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new Uint8Array(500).fill(0x20)),
      });
      const init = { headers: JSON_TYPE, body: chunks, duplex: "half" } as RequestInit;
      expect({ ...place(operation), ...(await send(operation, init)) }).toMatchObject({
        status: 413,
      });
    }
  });

  it("refuses a small body that inflates over the limit", async () => {
    const zeros = new Blob([new Uint8Array(5_000_000).fill(0x20)]).stream();
    const body = await new Response(zeros.pipeThrough(new CompressionStream("gzip"))).bytes();
    expect(body.byteLength).toBeLessThan(10_000);
    const bomb = apiOf(rivulet, { maxBodyBytes: 100_000 });
    const headers = { ...JSON_TYPE, "content-encoding": "gzip" };
    const answer = await bomb.send("/api/v1/runs", { method: "POST", headers, body });
    expect(answer).toMatchObject({ status: 413, body: { error: { code: "limit_exceeded" } } });
  });

  it.each([
    ["gzip", "not gzip", 400],
    ["br", "{}", 415],
    ["gzip, gzip", "{}", 415],
  ])("refuses the encoding %j of %j with %i", async (encoding, body, status) => {
    const headers = { ...JSON_TYPE, "content-encoding": encoding };
    const answer = await api.send("/api/v1/runs", { method: "POST", headers, body });
    expect(answer).toMatchObject({ status, body: { error: { code: "invalid_argument" } } });
  });
});

it.each([
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "text/plain; application/json",
  "application/jsonp",
  "",
])("every change refuses the content type %j", async (type) => {
  const changes = table.filter(
    ({ method, path }) => method !== "GET" && !path.endsWith("/artifact"),
  );
  expect(changes.length).toBeGreaterThan(30);
  for (const operation of changes) {
    const answer = await send(operation, { headers: { "content-type": type }, body: "{}" });
    expect({ ...place(operation), ...answer }).toMatchObject({ status: 415 });
  }
});

describe("every operation with an id or name in its path", () => {
  it.each([
    ["malformed percent-encoding", "%zz", 400],
    ["half a character", "%e2%82", 400],
    ["a NUL", "a%00b", 400],
    ["5000 characters", "x".repeat(5000), 400],
    ["an injection", "1'%20OR%20'1'='1", 404],
    ["a slash", "..%2f..%2fetc", 404],
    ["__proto__", "__proto__", 404],
    ["another alphabet", encodeURIComponent("模型/①"), 404],
  ])("answers %s with a code", async (_, text, expected) => {
    // The first version makes the model, whatever its name is.
    const operations = table.filter(
      ({ method, path }) =>
        path.includes("{") && !(method === "POST" && path === "/models/{name}/versions"),
    );
    expect(operations.length).toBeGreaterThan(40);
    for (const operation of operations) {
      const body = operation.method === "GET" ? {} : { headers: JSON_TYPE, body: "{}" };
      const { status, body: said } = await send(operation, body, (name) =>
        name === "version" ? "1" : text,
      );
      // What the body or the query lacks may be said first.
      expect({
        ...place(operation),
        status: status === 400 ? expected : status,
        said,
      }).toMatchObject({
        status: expected,
        said: { error: { code: expect.stringMatching(/^(invalid_argument|not_found)$/) } },
      });
    }
  });

  it.each(["0", "-1", "1.5", "abc", "1e99", "9999999999999999999", "%20", "latest"])(
    "has no version %j",
    async (version) => {
      const versioned = table.filter(({ path }) => path.includes("{version}"));
      expect(versioned).toHaveLength(3);
      for (const operation of versioned) {
        const given = operation.path.endsWith("/stage") ? '{ "stage": "staging" }' : "{}";
        const body = operation.method === "GET" ? {} : { headers: JSON_TYPE, body: given };
        const answer = await send(operation, body, () => version);
        expect({ ...place(operation), ...answer }).toMatchObject({
          status: 400,
          body: {
            error: {
              code: "invalid_argument",
              details: { field: expect.stringMatching(/^(version|stage)\.version$/) },
            },
          },
        });
      }
    },
  );
});

describe("a query", () => {
  it("with a parameter that nobody knows is refused everywhere", async () => {
    for (const operation of table) {
      const path = `/api/v1${addressOf(operation, plain)}?__proto__=1`;
      const answer = await api.send(path, { method: operation.method });
      expect({ ...place(operation), ...answer }).toMatchObject({
        status: 400,
        body: {
          error: {
            code: "invalid_argument",
            details: { field: expect.stringMatching(/^\w+\.__proto__$/) },
          },
        },
      });
    }
  });

  it.each([
    ["GET /runs?limit=0", "query.limit"],
    ["GET /runs?limit=1001", "query.limit"],
    ["GET /runs?limit=", "query.limit"],
    ["GET /runs?limit=0x10", "query.limit"],
    ["GET /runs?limit=1&limit=2", "query.limit"],
    ["GET /runs?lifecycle=gone", "query.lifecycle"],
    ["GET /runs?pageToken=nonsense", "page token"],
    ["GET /runs?filter=metrics.", "filter"],
    ["GET /runs?orderBy=nonsense.x", undefined],
    [`GET /runs?filter=${"x".repeat(5000)}`, "query.filter"],
    ["GET /metric-series?runIds=1", "query.keys"],
    ["GET /metric-series?runIds=1&keys=a&smoothing=1", "query.smoothing"],
    ["GET /metric-series?runIds=1&keys=a&maxPoints=1.5", "query.maxPoints"],
    ["GET /metric-series?runIds=1&keys=a&toStep=1.5", "query.toStep"],
    ["GET /metric-series?runIds=1&keys=a&fromStep=2&toStep=1", "fromStep must not be above toStep"],
    ["GET /runs/none/metric-history", "query.key"],
    ["GET /evaluations/compare?baselineId=1", "query.candidateId"],
  ])("%s is refused", async (route, field) => {
    const answer = await api.call(route);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "invalid_argument" } } });
    if (field !== undefined) expect(JSON.stringify(answer.body)).toContain(field);
  });
});

describe("a value", () => {
  it.each([
    ["POST /experiments", { name: "" }, 400, "invalid_argument"],
    ["POST /experiments", { name: "x".repeat(501) }, 400, "invalid_argument"],
    ["POST /experiments", { name: "Default" }, 409, "already_exists"],
    ["DELETE /experiments/0", undefined, 400, "invalid_argument"],
    ["POST /runs", { experimentId: "77" }, 404, "not_found"],
    ["POST /runs", { parentRunId: "77" }, 404, "not_found"],
    ["POST /runs", { params: { a: "x".repeat(1999) } }, 413, "limit_exceeded"],
    ["POST /models", { name: "a/b" }, 400, "invalid_argument"],
    ["POST /models/m/versions", { artifactPath: "x" }, 400, "invalid_argument"],
    ["PUT /models/m/aliases/a", { version: 1 }, 404, "not_found"],
    ["PUT /models/m/aliases/latest", { version: 1 }, 400, "invalid_argument"],
    ["POST /prompts/p/versions", { template: 7 }, 400, "invalid_argument"],
    ["POST /prompts/p%20q/versions", { template: "x" }, 400, "invalid_argument"],
    ["PUT /prompts/p/splits/a", { arms: [{ version: 1, weight: 1 }] }, 404, "not_found"],
    ["PUT /prompts/p/splits/a", { arms: [] }, 400, "invalid_argument"],
    ["POST /traces/none/feedback", { value: 1 }, 404, "not_found"],
    ["POST /traces/none/feedback", { kind: "rumour", value: 1 }, 400, "invalid_argument"],
    ["POST /datasets", { name: "a", records: [{}] }, 400, "invalid_argument"],
    ["POST /datasets/none/records", { records: [] }, 404, "not_found"],
  ])("%s %j is refused with %i %s", async (...example) => {
    const [route, body, status, code] = example;
    expect(await api.call(route, body)).toMatchObject({ status, body: { error: { code } } });
  });

  it("that is no number is refused with the metric's place, and nothing is kept", async () => {
    const [run] = (await rivulet.runs.search()).items;
    const body = `{"metrics":[{"key":"a","value":1},{"key":"b","value":"much"}],"tags":{"t":"1"}}`;
    const answer = await api.send(`/api/v1/runs/${run?.id}/batch`, {
      method: "POST",
      headers: JSON_TYPE,
      body,
    });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { details: { field: "batch.metrics.1.value" } } },
    });
    const { metrics, tags } = await rivulet.runs.get(run?.id ?? "");
    expect({ metrics, tags }).toEqual({ metrics: {}, tags: {} });
  });

  it("under the key __proto__ is kept, and changes no prototype", async () => {
    const [run] = (await rivulet.runs.search()).items;
    await api.send(`/api/v1/runs/${run?.id}/batch`, {
      method: "POST",
      headers: JSON_TYPE,
      body: '{"tags":{"__proto__":"x","constructor":"y"},"params":{"hasOwnProperty":"z"}}',
    });
    const { tags, params } = await rivulet.runs.get(run?.id ?? "");
    expect(Object.entries(tags)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(Object.entries(params)).toEqual([["hasOwnProperty", "z"]]);
    expect(({} as { x?: string }).x).toBeUndefined();
  });

  it("that is reflected comes back as JSON that no browser takes for a page", async () => {
    const nasty = "<script>alert(1)</script>";
    const answers = [
      await api.call(`GET /runs?limit=${encodeURIComponent(nasty)}`),
      await api.call(`GET /models/${encodeURIComponent(nasty)}`),
      await api.call(`GET /runs?${encodeURIComponent(nasty)}=1`),
      await api.send("/api/v1/me", { headers: { "x-user": nasty, accept: "text/html" } }),
      await api.send("/api/v1/runs", {
        method: "POST",
        headers: { "content-type": nasty },
        body: "x",
      }),
    ];
    for (const { headers } of answers) {
      expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
    expect(JSON.stringify(answers[4]?.body)).not.toContain("script");
  });
});

it("a body that a parser has eaten is a 500 that says what to do", async () => {
  const init = { method: "POST", ...{ headers: JSON_TYPE, body: "{}" } };
  const answer = await api.send("/api/v1/runs", init, { ...LOCAL, body: "lost" });
  expect(answer).toMatchObject({
    status: 500,
    body: { error: { message: expect.stringContaining("Mount Rivulet before the parsers") } },
  });
});

function place({ method, path }: ListedOperation): { readonly operation: string } {
  return { operation: `${method} ${path}` };
}

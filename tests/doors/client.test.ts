import { createClient, paginate } from "@rivulet/client";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { apiKeyAuth, createHandler, type HandlerOptions } from "@rivulet/server";
import { build } from "esbuild";
import { unzipSync } from "fflate";
import { expect, onTestFinished, test } from "vitest";

const KEY = "a-long-secret";

/** A client of a server with a fresh store. */
function aClient(options: HandlerOptions = { auth: "none" }, token?: string) {
  const rivulet = createRivulet({ store: "memory:" });
  const handler = createHandler(rivulet, options);
  onTestFinished(async () => {
    await handler.close();
    await rivulet.close();
  });
  const client = createClient({
    baseUrl: "http://localhost/mlops/",
    ...(token === undefined ? {} : { token }),
    fetch: (url, init) => handler(new Request(url, init), { basePath: "/mlops" }),
  });
  return { rivulet, client };
}

async function aRun(rivulet: Rivulet): Promise<string> {
  return (await rivulet.runs.create({ name: "one" })).id;
}

test("its token is sent, and says who calls", async () => {
  const auth = apiKeyAuth({ keys: [{ id: "team", key: KEY, access: "read" }] });
  const { client } = aClient({ auth }, KEY);
  expect(await client.me()).toEqual({ id: "team", access: "read" });
  await expect(client.runs.create({})).rejects.toMatchObject({
    name: "RivuletError",
    code: "permission_denied",
  });
});

test("params may be bigints, which keep their digits", async () => {
  const { rivulet, client } = aClient();
  const digits = "12345678901234567890";
  const { id } = await client.runs.create({ params: { seed: BigInt(digits), lr: 0.1 } });
  await client.runs.logBatch({ runId: id, params: { other: -1n } });
  expect((await rivulet.runs.get(id)).params).toEqual({ seed: digits, lr: "0.1", other: "-1" });
});

test("it describes the store, and how its server is doing", async () => {
  const { client, rivulet } = aClient();
  expect(await client.describeStore()).toEqual(await rivulet.describeStore());
  expect(await client.stats()).toEqual(await rivulet.stats());
});

test("find gives undefined for what is not there, and get an error", async () => {
  const { client } = aClient();
  expect(await client.runs.find("none")).toBeUndefined();
  expect(await client.models.find("none")).toBeUndefined();
  expect(await client.traces.find("none")).toBeUndefined();
  expect(await client.datasets.find("none")).toBeUndefined();
  expect(await client.experiments.find("none")).toBeUndefined();
  expect(await client.experiments.find("Default")).toMatchObject({ id: "0" });
  await expect(client.runs.get("none")).rejects.toMatchObject({
    code: "not_found",
    details: { id: "none" },
  });
});

test("find fails with what is no answer to whether it is there", async () => {
  const auth = apiKeyAuth({ keys: [{ id: "team", key: KEY, access: "read" }] });
  const { client } = aClient({ auth }, "another-secret");
  await expect(client.runs.find("none")).rejects.toMatchObject({ code: "unauthenticated" });
});

/** A client of a server whose answers end in the middle. */
function aCutClient(status: number) {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const body = (): ReadableStream<Uint8Array> =>
    new ReadableStream({
      start(given) {
        controller = given;
        controller.enqueue(new TextEncoder().encode('{"id": "abc'));
      },
      pull() {
        controller.error(new TypeError("terminated"));
      },
    });
  return createClient({
    baseUrl: "http://localhost/mlops/",
    fetch: async () => new Response(body(), { status }),
  });
}

test.each([200, 500])(
  "an answer of status %i that is cut off says which call it was to",
  async (status) => {
    const client = aCutClient(status);
    await expect(client.runs.get("r1")).rejects.toMatchObject({
      name: "RivuletError",
      code: "store_unavailable",
      message: expect.stringContaining("The answer to GET /runs/r1 was cut off"),
      details: { method: "GET", path: "/runs/r1" },
    });
    await expect(client.runs.create({})).rejects.toMatchObject({
      code: "store_unavailable",
      details: { method: "POST", path: "/runs" },
    });
    await expect(client.artifacts.get({ runId: "r1", path: "a.bin" })).rejects.toMatchObject({
      code: "store_unavailable",
      details: { method: "GET" },
    });
  },
);

test("a call whose signal ends it while the answer comes is aborted", async () => {
  const client = aCutClient(200).withSignal(AbortSignal.abort());
  await expect(client.runs.get("r1")).rejects.toMatchObject({ code: "aborted" });
});

test("in a browser the page's own cookies go with its calls, and no others", async () => {
  const sent: (RequestInit | undefined)[] = [];
  const client = createClient({
    baseUrl: "http://localhost",
    fetch: async (_, init) => {
      sent.push(init);
      return Response.json({ items: [] });
    },
  });
  await client.runs.search();
  expect(sent).toMatchObject([{ credentials: "same-origin" }]);
});

test("lists are read page after page", async () => {
  const { client } = aClient();
  for (const name of ["a", "b", "c"]) await client.runs.create({ name });
  const names: string[] = [];
  const query = { limit: 2, orderBy: ["name ASC"] };
  for await (const { name } of paginate(client.runs.search, query)) names.push(name);
  expect(names).toEqual(["a", "b", "c"]);
});

test("runs come as a file, piece by piece, and have an address for links", async () => {
  const { rivulet, client } = aClient();
  const runId = await aRun(rivulet);
  const query = { format: "csv", columns: ["id", "metrics.loss"] } as const;
  await rivulet.runs.logBatch({ runId, metrics: [{ key: "loss", value: Number.NaN }] });
  const pieces = await Array.fromAsync(await client.runs.export(query));
  expect(Buffer.concat(pieces).toString()).toBe(`id,metrics.loss\r\n${runId},NaN\r\n`);
  const points = await Array.fromAsync(await client.runs.exportMetrics({ format: "jsonl" }));
  expect(JSON.parse(Buffer.concat(points).toString())).toMatchObject({ runId, value: "NaN" });
  expect(client.runs.exportUrl(query)).toBe(
    "http://localhost/mlops/api/v1/runs/export?format=csv&columns=id&columns=metrics.loss",
  );
  expect(client.runs.exportMetricsUrl({ format: "parquet" })).toBe(
    "http://localhost/mlops/api/v1/runs/export-metrics?format=parquet",
  );
  await expect(client.runs.export({ ...query, filter: "lr >" })).rejects.toMatchObject({
    code: "invalid_argument",
  });
});

test("files go in and out unchanged, and have addresses for links", async () => {
  const { rivulet, client } = aClient();
  const runId = await aRun(rivulet);
  const content = new Uint8Array([0, 255, 13, 10]);
  expect(await client.artifacts.put({ runId, path: "model/a b.bin", content })).toMatchObject({
    path: "model/a b.bin",
    size: 4,
  });
  const file = await client.artifacts.get({ runId, path: "model/a b.bin" });
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(content);
  await client.artifacts.put({ runId, path: "b.txt", content: "hi", contentType: "text/markdown" });
  expect(await client.artifacts.list({ runId })).toMatchObject([
    { path: "b.txt", contentType: "text/markdown" },
    { path: "model/a b.bin" },
  ]);
  expect(client.artifacts.url({ runId, path: "model/a b.bin", download: true })).toBe(
    `http://localhost/mlops/api/v1/runs/${runId}/artifact?path=model%2Fa+b.bin&download=true`,
  );
  const key = { runId, path: "model/a b.bin" };
  const part = await client.artifacts.stream(key, { range: { start: 1, end: 2 } });
  expect(await new Response(part).bytes()).toEqual(content.subarray(1, 3));
  const streamed = new Blob([content, content]).stream();
  expect(await client.artifacts.put({ runId, path: "s/1.bin", content: streamed })).toMatchObject({
    size: 8,
  });
  const archive = await client.artifacts.zip({ runId, path: "s" });
  expect(unzipSync(await new Response(archive).bytes())).toEqual({
    "1.bin": Uint8Array.from([...content, ...content]),
  });
  expect(client.artifacts.zipUrl({ runId, path: "s" })).toBe(
    `http://localhost/mlops/api/v1/runs/${runId}/artifact-zip?path=s`,
  );
  expect(await client.artifacts.delete({ runId, path: "s" })).toBe(1);
  expect((await client.artifacts.listFolder({ runId })).items).toMatchObject([
    { path: "b.txt", isFolder: false },
    { path: "model", isFolder: true, size: 4 },
  ]);
  await client.models.register({ name: "m", runId, artifactPath: "model/a b.bin" });
  expect(await client.models.load("m@1")).toEqual(content);
  const some = await client.models.stream("m@1", { range: { start: 1, end: 2 } });
  expect(await new Response(some).bytes()).toEqual(content.subarray(1, 3));
  expect(unzipSync(await new Response(await client.models.zip("m@1")).bytes())).toEqual({
    "a b.bin": Uint8Array.from(content),
  });
  expect(client.models.url("models:/m/1", { path: "a b.bin", download: true })).toBe(
    "http://localhost/mlops/api/v1/model-versions/models%3A%2Fm%2F1/file?path=a+b.bin&download=true",
  );
  expect(client.models.zipUrl("m@1")).toBe(
    "http://localhost/mlops/api/v1/model-versions/m%401/zip",
  );
  await client.models.register({ name: "m" });
  await expect(client.models.load("m@2")).rejects.toMatchObject({ code: "not_found" });
});

test("a call ends with its signal", async () => {
  const client = createClient({
    baseUrl: "http://localhost",
    fetch: (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(new Error("aborted")));
      }),
  });
  const controller = new AbortController();
  const call = client.withSignal(controller.signal).runs.search();
  controller.abort();
  await expect(call).rejects.toMatchObject({ name: "RivuletError", code: "aborted" });
});

test("a call whose signal is silent fails for its own reason", async () => {
  const client = createClient({
    baseUrl: "http://localhost",
    fetch: () => Promise.reject(new TypeError("fetch failed")),
  });
  const { signal } = new AbortController();
  await expect(client.withSignal(signal).runs.search()).rejects.toMatchObject({
    code: "store_unavailable",
  });
});

test("an argument that is named again among the options is refused", async () => {
  const { client, rivulet } = aClient();
  const id = await aRun(rivulet);
  const patch = { id: "another", name: "two" } as { name: string };
  await expect(client.runs.update(id, patch)).rejects.toMatchObject({
    code: "invalid_argument",
    details: { field: "id" },
  });
  expect((await rivulet.runs.get(id)).name).toBe("one");
});

test("a server that does not answer, or is another's, is told apart from what Rivulet says", async () => {
  const away = createClient({
    baseUrl: "http://localhost:1",
    fetch: () => Promise.reject(new TypeError("fetch failed")),
  });
  await expect(away.runs.search()).rejects.toMatchObject({
    code: "store_unavailable",
    message: "Nobody answers at http://localhost:1/api/v1. Is the server still running?",
    details: { answered: false },
  });
  const page = createClient({
    baseUrl: "http://localhost",
    fetch: async () => new Response("<!doctype html>"),
  });
  const content = "text";
  for (const call of [
    () => page.runs.search(),
    () => page.me(),
    () => page.artifacts.put({ runId: "1", path: "a.txt", content }),
  ]) {
    await expect(call()).rejects.toMatchObject({
      code: "internal",
      message:
        "The server answered 200, and not as Rivulet does. Is baseUrl where Rivulet is mounted?",
    });
  }
});

test.each([
  [401, "unauthenticated", "A proxy in front refuses the call"],
  [403, "permission_denied", "or baseUrl is not where Rivulet is mounted"],
  [404, "internal", "Is baseUrl where Rivulet is mounted?"],
  [413, "limit_exceeded", "nginx: client_max_body_size"],
  [429, "limit_exceeded", "no more calls for now"],
  [502, "store_unavailable", "cannot reach Rivulet"],
  [503, "store_unavailable", "cannot reach Rivulet"],
  [504, "deadline_exceeded", "may have been carried out"],
])("a proxy's own %d is an error with the code %s", async (status, code, hint) => {
  const client = createClient({
    baseUrl: "http://localhost",
    fetch: async () => new Response("<html>", { status }),
  });
  await expect(client.runs.search()).rejects.toMatchObject({
    code,
    message: expect.stringContaining(hint),
    // The dashboard repeats its reads then.
    details: code === "store_unavailable" ? { status, answered: false } : { status },
  });
});

test.each([
  [undefined, "baseUrl"],
  [{}, "baseUrl"],
  [{ url: "http://localhost/mlops" }, "url"],
  [{ baseUrl: "localhost:3000/mlops" }, "baseUrl"],
  [{ baseUrl: "127.0.0.1:3000" }, "baseUrl"],
  [{ baseUrl: "ftp://localhost" }, "baseUrl"],
  [{ baseUrl: "http://localhost/mlops/#token=a-long-secret" }, "baseUrl"],
  [{ baseUrl: "http://localhost", token: "a-long-secret\n" }, "token"],
  [{ baseUrl: "http://localhost", token: "" }, "token"],
])("options of which there can be no client are refused at once: %j", (options, name) => {
  expect(() => createClient(options as never)).toThrow(
    expect.objectContaining({
      name: "RivuletError",
      code: "invalid_argument",
      details: { field: `options.${name}` },
    }),
  );
});

test.each([["/mlops"], ["./"], ["https://app.example/mlops/"]])("%s can be asked", (baseUrl) => {
  expect(Object.keys(createClient({ baseUrl }))).toContain("runs");
});

test.each([[{ weights: [1] }], [undefined], [null], [Promise.resolve("late")]])(
  "content that is neither text nor bytes is refused, not stored as its name: %j",
  async (content) => {
    const { rivulet, client } = aClient();
    const runId = await aRun(rivulet);
    await expect(
      client.artifacts.put({ runId, path: "m.json", content: content as never }),
    ).rejects.toMatchObject({
      code: "invalid_argument",
      details: { field: "artifact.content" },
    });
    expect(await client.artifacts.list({ runId })).toEqual([]);
  },
);

test.each(["", ".", ".."])("an id %j would lead elsewhere and is refused", async (id) => {
  const { client } = aClient();
  await expect(client.runs.delete(id)).rejects.toMatchObject({
    code: "invalid_argument",
    details: { field: "id" },
  });
});

test("bundled for a browser it is small, and has no schemas and nothing of Node in it", async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: 'export { createClient, paginate } from "@rivulet/client";',
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    conditions: ["@rivulet/source"],
  });
  const text = outputFiles[0]?.text ?? "";
  expect(text).toContain("/metric-series");
  expect(text.length).toBeLessThan(20_000);
  expect(text).not.toMatch(/ZodType|node:/);
});

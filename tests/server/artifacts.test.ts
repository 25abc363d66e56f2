import { strFromU8, unzipSync } from "fflate";
import { afterAll, describe, expect, it } from "vitest";
import { type ApiClient, anApi, apiOf, aRivulet, STORES } from "./api-client.ts";

const shared = aRivulet("memory:");
afterAll(shared.close);

describe.each(STORES)("on %s", (store) => {
  it("bytes go in and out unchanged, and are listed with their size and hash", async () => {
    const api = await withRun(store);
    const content = new Uint8Array([0, 255, 13, 10, 0, 128]);
    const put = await upload(api, "model/weights.bin", content);
    expect(put.body).toMatchObject({ runId: api.run, path: "model/weights.bin", size: 6 });
    await upload(api, "notes.txt", "hello");
    expect((await api.call(`GET /runs/${api.run}/artifacts`)).body).toMatchObject([
      { path: "model/weights.bin" },
      { path: "notes.txt", contentType: "text/plain" },
    ]);
    expect((await api.call(`GET /runs/${api.run}/artifacts?prefix=model/`)).body).toMatchObject([
      { path: "model/weights.bin" },
    ]);
    const response = await api.handler(
      new Request(`http://localhost/api/v1/runs/${api.run}/artifact?path=model/weights.bin`),
      { basePath: "", peerAddress: "127.0.0.1" },
    );
    expect(await response.bytes()).toEqual(content);
  });
});

describe("what is sent of an artifact that anybody may have written", () => {
  it.each([
    ["page.html", "text/html", "text/html; charset=utf-8", "inline"],
    ["a.txt", "text/plain; charset=utf-16", "text/plain; charset=utf-8", "inline"],
    ["a.png", "image/png", "image/png", "inline"],
    ["a.json", "application/json", "application/json", "inline"],
    ["a.svg", "image/svg+xml", "application/octet-stream", "attachment"],
    ["a.avif", "image/avif", "image/avif", "inline"],
    ["a.wav", "audio/x-wav", "audio/wav", "inline"],
    ["a.mp4", "video/mp4", "video/mp4", "inline"],
    ["a.mkv", "video/x-matroska", "application/octet-stream", "attachment"],
    ["a.xml", "application/xml", "application/octet-stream", "attachment"],
    ["a.js", "text/javascript", "application/octet-stream", "attachment"],
    ["a.x", "multipart/x-mixed-replace", "application/octet-stream", "attachment"],
  ])("%s, said to be %s, is sent as %s, %s", async (...example) => {
    const [path, said, type, disposition] = example;
    const api = await withRun();
    await upload(api, path, '"<script>1</script>"', said);
    const { headers } = await read(api, path);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": type,
      "content-disposition": `${disposition}; filename="${path}"; filename*=UTF-8''${path}`,
      "content-security-policy":
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
      "x-content-type-options": "nosniff",
      "x-frame-options": "SAMEORIGIN",
      "cache-control": "no-store",
    });
  });

  it("a PDF has no sandbox, in which browsers cannot show it, and is framed by its own pages alone", async () => {
    const api = await withRun();
    await upload(api, "a.pdf", "%PDF-1.4", "application/pdf");
    expect(Object.fromEntries((await read(api, "a.pdf")).headers)).toMatchObject({
      "content-type": "application/pdf",
      "content-disposition": "inline; filename=\"a.pdf\"; filename*=UTF-8''a.pdf",
      "content-security-policy": "default-src 'none'; frame-ancestors 'self'",
      "x-content-type-options": "nosniff",
      "x-frame-options": "SAMEORIGIN",
    });
  });

  it("a download is always an attachment, with the exact name", async () => {
    const api = await withRun();
    await upload(api, "plots/größe (1)'.txt", "x");
    const { headers } = await read(api, "plots/größe (1)'.txt", "&download=1");
    expect(headers.get("content-disposition")).toBe(
      "attachment; filename=\"gr__e__1__.txt\"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%281%29%27.txt",
    );
  });

  it("a type from the path is taken where the client names none", async () => {
    const api = await withRun();
    const form = "application/x-www-form-urlencoded";
    expect((await upload(api, "a.csv", "1,2", form)).body).toMatchObject({
      contentType: "text/csv",
    });
  });
});

describe("a file of a model version", () => {
  it("is sent as artifacts are: in ranges, once per client, and with the others in an archive", async () => {
    const api = await withRun();
    await upload(api, "model/weights.bin", "0123456789");
    await upload(api, "model/card.md", "# Net");
    const version = { runId: api.run, artifactPath: "model" };
    await api.call("POST /models/net/versions", version);
    const ask = async (rest: string, headers: Record<string, string> = {}) =>
      api.handler(
        new Request(
          `http://localhost/api/v1/model-versions/${encodeURIComponent("models:/net/1")}/${rest}`,
          {
            headers,
          },
        ),
        { basePath: "", peerAddress: "127.0.0.1" },
      );
    const part = await ask("file?path=weights.bin", { range: "bytes=-3" });
    expect([part.status, await part.text()]).toEqual([206, "789"]);
    expect(part.headers.get("content-range")).toBe("bytes 7-9/10");
    const etag = part.headers.get("etag") ?? "";
    const known = await ask("file?path=weights.bin", { "if-none-match": etag });
    expect(known.status).toBe(304);
    const behind = await ask("file?path=weights.bin", { range: "bytes=10-" });
    expect([behind.status, behind.headers.get("content-range")]).toEqual([416, "bytes */10"]);
    const archive = await ask("zip");
    expect(archive.headers.get("content-disposition")).toContain('filename="net-1.zip"');
    const files = unzipSync(await archive.bytes());
    expect(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)])).toEqual([
      ["card.md", "# Net"],
      ["weights.bin", "0123456789"],
    ]);
  });
});

describe("a range of an artifact", () => {
  const at = async (headers: Record<string, string>, method = "GET") => {
    const api = await withRun();
    await upload(api, "digits.txt", "0123456789");
    const {
      status,
      body,
      headers: sent,
    } = await api.send(`/api/v1/runs/${api.run}/artifact?path=digits.txt`, { method, headers });
    return [status, body, sent.get("content-range"), sent.get("content-length")];
  };
  const ETAG = '"84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"';

  it.each([
    ["bytes=0-3", 206, "0123", "bytes 0-3/10", "4"],
    ["bytes=7-", 206, "789", "bytes 7-9/10", "3"],
    ["bytes=-2", 206, "89", "bytes 8-9/10", "2"],
    ["bytes=-99", 206, "0123456789", "bytes 0-9/10", "10"],
    ["bytes=8-99", 206, "89", "bytes 8-9/10", "2"],
    ["bytes=3-2", 200, "0123456789", null, "10"],
    ["bytes=0-1,4-5", 200, "0123456789", null, "10"],
    ["lines=0-1", 200, "0123456789", null, "10"],
    ["bytes=-", 200, "0123456789", null, "10"],
  ])("%s is answered with %i: %s", async (range, ...expected) => {
    expect(await at({ range })).toEqual(expected);
  });

  it.each(["bytes=10-", "bytes=99-100", "bytes=-0"])(
    "%s is none of its bytes: 416",
    async (range) => {
      const [status, body, place] = await at({ range });
      expect([status, place]).toEqual([416, "bytes */10"]);
      expect(body).toMatchObject({ error: { code: "invalid_argument" } });
    },
  );

  it("is sent only of the version that is asked for", async () => {
    expect(await at({ range: "bytes=0-3", "if-range": ETAG })).toEqual([
      206,
      "0123",
      "bytes 0-3/10",
      "4",
    ]);
    const other = await at({ range: "bytes=0-3", "if-range": '"other"' });
    expect(other).toEqual([200, "0123456789", null, "10"]);
    expect(await at({ "if-none-match": `"a", ${ETAG}` })).toEqual([304, "", null, null]);
  });

  it("is nothing to a request for the headers alone", async () => {
    const [status, , place, length] = await at({ range: "bytes=0-3" }, "HEAD");
    expect([status, place, length]).toEqual([200, null, "10"]);
  });
});

it("a folder comes as a ZIP archive, and a file of it is removed", async () => {
  const api = await withRun();
  await upload(api, "model/a.txt", "first");
  await upload(api, "model/sub/b.txt", "second");
  const response = await api.handler(
    new Request(`http://localhost/api/v1/runs/${api.run}/artifact-zip?path=model`),
    { basePath: "", peerAddress: "127.0.0.1" },
  );
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "application/zip",
    "content-disposition": "attachment; filename=\"model.zip\"; filename*=UTF-8''model.zip",
  });
  const files = unzipSync(await response.bytes());
  expect(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)])).toEqual([
    ["a.txt", "first"],
    ["sub/b.txt", "second"],
  ]);
  const folder = `/runs/${api.run}/artifact-folder`;
  expect((await api.call(`GET ${folder}?path=model`)).body).toMatchObject({
    items: [
      { path: "model/a.txt", isFolder: false, size: 5 },
      { path: "model/sub", isFolder: true, size: 6, files: 1 },
    ],
  });
  expect((await api.call(`DELETE /runs/${api.run}/artifact?path=model/sub`)).body).toBe(1);
  expect((await api.call(`GET ${folder}?path=model/sub`)).body).toEqual({ items: [] });
  expect((await api.call(`GET /runs/${api.run}/artifact-zip?path=none`)).status).toBe(404);
});

describe("an upload", () => {
  it.each([
    "../a",
    "a/../b",
    "/a",
    "a//b",
    "..\\a",
    "C:\\a",
    "c:a",
    "%2e%2e/a",
    "a/%252E%252e/b",
    "a%2fb",
    "a%5cb",
    "a;b",
    "a\u0000b",
    "",
    ".",
    "con",
    "x".repeat(501),
    "a/",
  ])("to the path %j is refused, and so is reading it", async (path) => {
    const api = await withRun();
    const refused = { status: 400, body: { error: { code: "invalid_argument" } } };
    expect(await upload(api, path, "x")).toMatchObject(refused);
    expect(await read(api, path)).toMatchObject(refused);
    expect((await api.call(`GET /runs/${api.run}/artifacts`)).body).toEqual([]);
  });

  it.each(["ckpt-2026-01-01T10:00:00.bin", "a?b", "a#b", "100%", "a%2e", "file:a", "a b+ä/c"])(
    "to the path %j is kept, read and removed under it",
    async (path) => {
      const api = await withRun();
      expect((await upload(api, path, "x")).status).toBe(200);
      expect((await api.call(`GET /runs/${api.run}/artifacts`)).body).toMatchObject([{ path }]);
      expect((await read(api, path)).body).toBe("x");
      const address = `/runs/${api.run}/artifact?path=${encodeURIComponent(path)}`;
      expect((await api.call(`DELETE ${address}`)).body).toBe(1);
    },
  );

  it("over the limit is 413, and nothing of it is kept", async () => {
    const api = await withRun("sqlite", 1000);
    expect(await upload(api, "big.bin", new Uint8Array(1001))).toMatchObject({
      status: 413,
      body: { error: { code: "limit_exceeded", details: { limit: 1000 } } },
    });
    expect((await upload(api, "fits.bin", new Uint8Array(1000))).status).toBe(200);
    expect((await api.call(`GET /runs/${api.run}/artifacts`)).body).toMatchObject([
      { path: "fits.bin" },
    ]);
  });

  it("to a run that is not there is 404", async () => {
    const api = await withRun();
    const path = "/api/v1/runs/none/artifact?path=a.txt";
    expect(await api.send(path, { method: "PUT", body: "x" })).toMatchObject({ status: 404 });
    expect(await api.send(path)).toMatchObject({ status: 404 });
    expect((await api.call("GET /runs/none/artifacts")).status).toBe(404);
  });

  it("whose bytes a body parser has changed is refused", async () => {
    const api = await withRun();
    const init = { method: "PUT", body: '{ "a": 1 }' };
    const path = `/api/v1/runs/${api.run}/artifact?path=a.json`;
    expect(await api.send(path, init, { body: "rewritten" })).toMatchObject({ status: 500 });
  });
});

/** An API and a run of its own. */
interface RunApi extends Omit<ApiClient, "errors"> {
  readonly run: string;
}

async function withRun(store?: (typeof STORES)[number], limit = 1_000_000): Promise<RunApi> {
  const options = { maxArtifactBytes: limit };
  const api = store === undefined ? apiOf(shared.rivulet, options) : await anApi(store, options);
  const { body } = await api.call("POST /runs", {});
  return { ...api, run: (body as { id: string }).id };
}

function upload(
  { send, run }: RunApi,
  path: string,
  ...[content, type]: [content: string | Uint8Array<ArrayBuffer>, type?: string]
): ReturnType<ApiClient["send"]> {
  const body = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return send(`/api/v1/runs/${run}/artifact?path=${encodeURIComponent(path)}`, {
    method: "PUT",
    headers: type === undefined ? {} : { "content-type": type },
    body,
  });
}

function read({ send, run }: RunApi, path: string, more = ""): ReturnType<ApiClient["send"]> {
  return send(`/api/v1/runs/${run}/artifact?path=${encodeURIComponent(path)}${more}`);
}

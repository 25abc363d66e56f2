import { hash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type ApiClient, anApi, STORES } from "./api-client.ts";

const HTML = Buffer.from(`<script>1</script>${" ".repeat(300)}`);

/** Records a span with these bytes, said to be of a type. Returns their hash. */
async function recordFile(
  { rivulet }: ApiClient,
  content: Uint8Array,
  mediaType: string,
): Promise<string> {
  const input = { type: "media", kind: "document", name: "größe.x", mediaType, data: content };
  rivulet.startSpan("look", { input }).end();
  await rivulet.flush();
  return hash("sha256", content);
}

function read({ handler }: ApiClient, path: string): Promise<Response> {
  const request = new Request(`http://localhost/api/v1/attachments/${path}`);
  return Promise.resolve(handler(request, { basePath: "", peerAddress: "127.0.0.1" }));
}

describe.each(STORES)("on %s", (store) => {
  it("the bytes of a file of a span come out unchanged, and are listed with its trace", async () => {
    const api = await anApi(store);
    const content = Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 256));
    const id = await recordFile(api, content, "image/png");
    const response = await read(api, id);
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
    const { items } = (await api.call("GET /traces")).body as { items: { id: string }[] };
    expect((await api.call(`GET /traces/${items[0]?.id}/attachments`)).body).toMatchObject([
      { hash: id, size: 1000, mediaType: "image/png", name: "größe.x", state: "stored" },
    ]);
  });
});

describe("what is sent of a file that anybody may have written", () => {
  it.each([
    ["image/png", "image/png", "inline"],
    ["audio/x-wav", "audio/wav", "inline"],
    ["application/pdf", "application/pdf", "inline"],
    ["text/html", "application/octet-stream", "attachment"],
    ["image/svg+xml", "application/octet-stream", "attachment"],
    ["application/xhtml+xml", "application/octet-stream", "attachment"],
    ["text/plain", "application/octet-stream", "attachment"],
    ["", "application/octet-stream", "attachment"],
  ])("said to be '%s', it is sent as %s, %s", async (said, type, disposition) => {
    const api = await anApi();
    const { headers } = await read(api, await recordFile(api, HTML, said));
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": type,
      "content-disposition": `${disposition}; filename="gr__e.x"; filename*=UTF-8''gr%C3%B6%C3%9Fe.x`,
      // The dashboard shows a PDF in a frame.
      "content-security-policy": `default-src 'none'; frame-ancestors ${said === "application/pdf" ? "'self'" : "'none'"}`,
      "x-content-type-options": "nosniff",
      "cache-control": "private, max-age=3600, immutable",
    });
  });

  it("is saved where that is asked for", async () => {
    const api = await anApi();
    const { headers } = await read(
      api,
      `${await recordFile(api, HTML, "image/png")}?download=true`,
    );
    expect(headers.get("content-disposition")).toMatch(/^attachment; /);
  });

  it("is not found by anything but the hash of a file of a span", async () => {
    const api = await anApi();
    for (const name of ["0".repeat(64), "..%2f..%2fetc%2fpasswd", "abc"]) {
      const response = await read(api, name);
      expect([400, 404]).toContain(response.status);
    }
  });
});

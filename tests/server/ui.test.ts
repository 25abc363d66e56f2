import { hash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createHandler, type Handler } from "@rivulet/server";
import { afterAll, describe, expect, it } from "vitest";
import { aFolder, aRivulet, ask, LOCAL } from "./api-client.ts";

const { rivulet, close } = aRivulet("memory:");
afterAll(close);

const SCRIPT = "console.info(1)";

describe("the dashboard", () => {
  it("is served under a policy that allows nothing inline and nothing from elsewhere", async () => {
    const { headers, body, status } = await get(await aDashboard(), "/");
    expect({ status, body }).toEqual({ status: 200, body: "<!doctype html><p>here" });
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; font-src 'self'; connect-src 'self'; frame-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'",
      "x-frame-options": "DENY",
    });
    expect((await get(await aDashboard(), "/index.html")).body).toBe("<!doctype html><p>here");
  });

  it("has assets that may be kept for ever, and others that are asked for each time", async () => {
    const handler = await aDashboard();
    const asset = await get(handler, "/assets/index-B1_x-9.js");
    expect(asset.body).toBe(SCRIPT);
    expect(Object.fromEntries(asset.headers)).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "content-length": String(SCRIPT.length),
      "cache-control": "public, max-age=31536000, immutable",
    });
    const icon = await get(handler, "/favicon.svg");
    expect(Object.fromEntries(icon.headers)).toMatchObject({
      "content-type": "image/svg+xml",
      "cache-control": "no-cache",
    });
  });

  it.each(["/", "/assets/index-B1_x-9.js"])("answers 304 for a %s that is known", async (path) => {
    const handler = await aDashboard();
    const etag = (await get(handler, path)).headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const answer = await get(handler, path, { headers: { "if-none-match": known } });
      expect(answer).toMatchObject({ status: 304, body: "" });
      expect(answer.headers.get("etag")).toBe(etag);
    }
    const stale = await get(handler, path, { headers: { "if-none-match": '"other"' } });
    expect(stale.status).toBe(200);
  });

  it("answers HEAD with the length and no body", async () => {
    const answer = await get(await aDashboard(), "/assets/index-B1_x-9.js", { method: "HEAD" });
    expect(answer).toMatchObject({ status: 200, body: "" });
    expect(answer.headers.get("content-length")).toBe(String(SCRIPT.length));
  });

  it("has names that are no patterns", async () => {
    const handler = await aDashboard({ "assets/a+(1)*.js": "odd" });
    expect((await get(handler, "/assets/a+(1)*.js")).body).toBe("odd");
    expect((await get(handler, "/assets/aa1b.js")).status).toBe(404);
  });

  it("takes no other method", async () => {
    const answer = await get(await aDashboard(), "/", { method: "POST" });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, HEAD");
  });

  it("that is not built is said to be so, with the command", async () => {
    const handler = createHandler(rivulet, {
      auth: "local",
      uiFolder: join(await aFolder(), "none"),
    });
    const { status, body, headers } = await get(handler, "/");
    expect({ status, body }).toMatchObject({
      status: 503,
      body: expect.stringContaining("pnpm build"),
    });
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  });
});

describe("at the mount path without its slash", () => {
  const PAGE =
    '<!doctype html><head><link rel="icon" href="./favicon.svg"><script type="module" crossorigin src="./assets/index-B1_x-9.js"></script></head><body><p>here</body>';
  const getPage = async (init: RequestInit = {}): ReturnType<typeof ask> =>
    ask(await aDashboard({ "index.html": PAGE }), new Request("http://localhost/ml?x=1", init), {
      ...LOCAL,
      basePath: "/ml",
    });

  it("the page finds its files by a script, which alone the policy allows besides them", async () => {
    const { body, headers, status } = await getPage();
    const [, script = ""] = /<script type="module">([\s\S]*)<\/script>/.exec(String(body)) ?? [];
    expect(status).toBe(200);
    expect(String(body).replace(script, "…")).toBe(
      '<!doctype html><head><link rel="icon" data-file="favicon.svg"><script type="module" data-file="assets/index-B1_x-9.js"></script></head><body><p>here<script type="module">…</script></body>',
    );
    expect(headers.get("content-security-policy")).toContain(
      `script-src 'self' 'sha256-${hash("sha256", script, "base64")}'; style-src 'self';`,
    );
    expect(headers.get("content-security-policy")).toContain("base-uri 'none'");
  });

  it("answers 304 for the page that is known", async () => {
    const { headers } = await getPage();
    const known = { "if-none-match": headers.get("etag") ?? "" };
    expect((await getPage({ headers: known })).status).toBe(304);
  });
});

async function aDashboard(more: Readonly<Record<string, string>> = {}): Promise<Handler> {
  const folder = await aFolder();
  const files = {
    "index.html": "<!doctype html><p>here",
    "favicon.svg": "<svg/>",
    "assets/index-B1_x-9.js": SCRIPT,
    ...more,
  };
  await mkdir(join(folder, "assets"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return createHandler(rivulet, { auth: "local", uiFolder: folder });
}

function get(handler: Handler, path: string, init: RequestInit = {}): ReturnType<typeof ask> {
  return ask(handler, new Request(`http://localhost${path}`, init));
}

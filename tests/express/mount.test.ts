import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoadMcp } from "@rivulet/express";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { aMountedApp, aSharedRivulet, EXPRESS, type MountedApp } from "./mounted-app.ts";

const errors: Error[] = [];
const rivulet = aSharedRivulet(errors);
let uiFolder: string;

beforeAll(async () => {
  uiFolder = await mkdtemp(join(tmpdir(), "rivulet-ui-"));
  await mkdir(join(uiFolder, "assets"));
  await writeFile(join(uiFolder, "index.html"), '<script src="./assets/index-a1.js"></script>');
  await writeFile(join(uiFolder, "assets/index-a1.js"), "1");
});

afterAll(async () => {
  await rivulet.close();
  await rm(uiFolder, { recursive: true });
  expect(errors).toEqual([]);
});

describe.each(EXPRESS)("on %s", (_, express) => {
  describe.each(["/", "/mlops", "/a/b/mlops"])("at %s", (mount) => {
    const base = mount === "/" ? "" : mount;
    const start = (): Promise<MountedApp> =>
      aMountedApp({ express, rivulet, mount, options: { uiFolder } });

    it("serves the dashboard, its assets, the API and the health check", async () => {
      const { ask } = await start();
      const page = await ask({ path: `${base}/` });
      expect(page).toMatchObject({ status: 200, body: expect.stringContaining("./assets/") });
      expect(page.headers["content-security-policy"]).toContain("require-trusted-types-for");

      const asset = await ask({ path: `${base}/assets/index-a1.js` });
      expect(asset.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
      const known = { "if-none-match": asset.headers.etag ?? "" };
      expect((await ask({ path: `${base}/assets/index-a1.js`, headers: known })).status).toBe(304);
      const head = await ask({ path: `${base}/assets/index-a1.js`, method: "HEAD" });
      expect(head).toMatchObject({ status: 200, body: "", headers: { "content-length": "1" } });

      expect(JSON.parse((await ask({ path: `${base}/api/v1/me` })).body)).toEqual({
        id: "local",
        access: "admin",
      });
      expect(JSON.parse((await ask({ path: `${base}/health` })).body)).toEqual({ status: "ok" });
    });

    it("takes changes", async () => {
      const { ask } = await start();
      const { status, body } = await ask({
        path: `${base}/api/v1/runs`,
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"name":"from here"}',
      });
      expect({ ...JSON.parse(body), status }).toMatchObject({ status: 200, name: "from here" });
    });

    it.each([
      "/assets/..%2f..%2fpackage.json",
      "/assets/..%5c..%5cpackage.json",
      "/assets/index-a1.js%23",
      "/%252e%252e/package.json",
      "//api/v1/me",
      "/assets//index-a1.js",
      "/index.html/",
    ])("knows nothing at %s", async (path) => {
      expect((await (await start()).ask({ path: base + path })).status).toBe(404);
    });

    it.each([
      "/assets/../../package.json",
      "/assets/%2e%2e/index.html",
      "/./api/v1/me",
      "/x/%2E./api/v1/me",
      "/api\\v1/me",
      "/%00",
      "/api/v1/models/%00",
    ])("refuses %s", async (path) => {
      const { status, body } = await (await start()).ask({ path: base + path });
      expect({ ...JSON.parse(body), status }).toMatchObject({
        status: 400,
        error: { code: "invalid_argument" },
      });
    });
  });

  it("without its slash the page adds the mount to its files, with and without a query", async () => {
    const { ask } = await aMountedApp({ express, rivulet, options: { uiFolder } });
    for (const path of ["/mlops", "/mlops?x=1"]) {
      const { status, body } = await ask({ path });
      expect({ status, body }).toMatchObject({
        status: 200,
        body: expect.stringContaining('data-file="assets/index-a1.js"'),
      });
    }
    expect((await ask({ path: "/mlops/?x=1" })).body).toContain("./assets/");
  });

  it("a mount path in other letters, or with parameters, is taken from the request", async () => {
    const { ask } = await aMountedApp({ express, rivulet, mount: "/t/:team/ml" });
    expect((await ask({ path: "/T/blue/ML/api/v1/me" })).status).toBe(200);
    expect((await ask({ path: "/t/%62lue/ml/api/v1/me" })).status).toBe(200);
  });

  it("a guard of the host app on a path inside cannot be passed by", async () => {
    const { ask } = await aMountedApp({
      express,
      rivulet,
      before: [
        (request, response, next) => {
          if (request.path.startsWith("/mlops/api")) response.status(418).end();
          else next();
        },
      ],
    });
    const statuses = [];
    for (const path of ["/api", "/x/%2e%2e/api", "/x/../api", "//api", "\\api", "/%61pi"]) {
      statuses.push((await ask({ path: `/mlops${path}/v1/me` })).status);
    }
    // Express does not take a backslash for the end of the mount path.
    expect(statuses).toEqual([418, 400, 400, 404, 404, 404]);
  });

  it("an address that the host app has rewritten is served as rewritten", async () => {
    const { ask } = await aMountedApp({
      express,
      rivulet,
      before: [
        (request, _response, next) => {
          request.url = request.url.replace(/^\/old/, "/mlops");
          next();
        },
      ],
    });
    expect((await ask({ path: "/old/api/v1/me" })).status).toBe(200);
  });

  it("inside a router of the host app it works the same", async () => {
    const router = express.Router();
    const { app, ask, middleware } = await aMountedApp({
      express,
      rivulet,
      mount: "/unused",
      options: { uiFolder },
    });
    router.use("/ml", middleware);
    app.use("/admin", router);
    expect((await ask({ path: "/admin/ml/api/v1/me" })).status).toBe(200);
    expect((await ask({ path: "/admin/ml" })).body).toContain('data-file="assets/index-a1.js"');
  });
});

it.each(EXPRESS)(
  "on %s MCP is looked for again after its package was missing, and closed with the mount",
  async (_, express) => {
    let isInstalled = false;
    const close = vi.fn(async () => undefined);
    const handle = async (): Promise<Response> => new Response("loaded");
    const load: LoadMcp = async () => {
      if (!isInstalled) {
        const error = new Error("Cannot find package '@rivulet/mcp'");
        throw Object.assign(error, { code: "ERR_MODULE_NOT_FOUND" });
      }
      const route = { method: "ANY", path: "/mcp", access: "read", handle } as const;
      return { mcpExtension: () => ({ name: "mcp", routes: [route], close }) };
    };
    const { ask, middleware } = await aMountedApp({ express, rivulet, options: { mcp: load } });
    expect((await ask({ path: "/mlops/mcp" })).status).toBe(501);
    isInstalled = true;
    expect((await ask({ path: "/mlops/mcp" })).status).toBe(200);
    await middleware.close();
    expect(close).toHaveBeenCalledOnce();
  },
);

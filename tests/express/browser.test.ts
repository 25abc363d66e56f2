import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mlops } from "@rivulet/express";
import express from "express";
import helmet from "helmet";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { launchChromium } from "../dashboard/chromium.ts";
import { aSharedRivulet } from "./mounted-app.ts";

const PAGE =
  '<link rel="icon" href="data:,"><h1>Here</h1><script type="module" src="./page.js"></script>';
const SCRIPT = `
const api = (method, body) => fetch(new URL("api/v1/experiments", import.meta.url), {
  method, body, headers: { "content-type": "application/json" },
}).then(({ status }) => status);
Promise.all([api("GET"), api("POST", '{"name":""}')]).then((all) => { document.title = all.join(); });
`;

const rivulet = aSharedRivulet();
const servers: Server[] = [];
let uiFolder: string;
let browser: Browser;
let port: number;

beforeAll(async () => {
  uiFolder = await mkdtemp(join(tmpdir(), "rivulet-page-"));
  await writeFile(join(uiFolder, "index.html"), PAGE);
  await writeFile(join(uiFolder, "page.js"), SCRIPT);
  const app = express().use(helmet());
  port = await start(app.use("/mlops", mlops(rivulet, { uiFolder, auth: "local", mcp: false })));
  browser = await launchChromium(["--host-resolver-rules=MAP evil.test 127.0.0.1"]);
});

afterAll(async () => {
  await browser.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await rivulet.close();
  await rm(uiFolder, { recursive: true });
});

describe("the page finds its files and the API", () => {
  it.each([
    ["directly", (own: number) => `http://127.0.0.1:${own}/mlops/`],
    ["by another name of this machine", (own: number) => `http://localhost:${own}/mlops/`],
    ["without the slash", (own: number) => `http://127.0.0.1:${own}/mlops`],
    ["without the slash, with a route", (own: number) => `http://127.0.0.1:${own}/mlops?x=1#/runs`],
  ])("%s", async (_, url) => {
    await expectWorks(url(port));
  });

  it.each([
    ["keeps", true],
    ["replaces", false],
  ])("behind a proxy that rewrites paths and %s the host", async (_, keepsHost) => {
    const proxy = await start(rewritingProxy(keepsHost));
    await expectWorks(`http://127.0.0.1:${proxy}/tools/ml/`);
    await expectWorks(`http://127.0.0.1:${proxy}/tools/ml?x=1#/runs`);
  });
});

describe("a page of another site", () => {
  it("that rebinds its name to this machine gets 421", async () => {
    const page = await aPage();
    const response = await page.goto(`http://evil.test:${port}/mlops/`);
    expect(response?.status()).toBe(421);
  });

  it("reads nothing and changes nothing", async () => {
    const page = await aPage();
    await page.goto(`http://evil.test:${await start(blankPage)}/`);
    const outcomes = await page.evaluate(async (base) => {
      const attempt = (init: RequestInit) =>
        fetch(`${base}/api/v1/experiments`, init).then(
          ({ type, status }) => `${type} ${status}`,
          () => "failed",
        );
      const body = '{"name":"stolen"}';
      const json = { "content-type": "application/json" };
      return [
        await attempt({}),
        await attempt({ method: "POST", headers: json, body }),
        await attempt({ method: "POST", mode: "no-cors", body }),
      ];
    }, `http://127.0.0.1:${port}/mlops`);
    expect(outcomes.slice(0, 2)).toEqual(["failed", "failed"]);
    expect(outcomes[2]).toMatch(/^(opaque 0|failed)$/);
    expect(await rivulet.experiments.find("stolen")).toBeUndefined();
  });

  it("posts no form", async () => {
    const page = await aPage();
    await page.goto(`http://evil.test:${await start(blankPage)}/`);
    const answer = page.waitForResponse((response) => response.url().includes("/mlops/"));
    await page.evaluate((action) => {
      const form = Object.assign(document.createElement("form"), {
        method: "post",
        enctype: "text/plain",
        action,
      });
      const name = '{"name":"stolen","tags":{"a';
      form.append(Object.assign(document.createElement("input"), { name, value: '":"b"}}' }));
      document.body.append(form);
      form.submit();
    }, `http://127.0.0.1:${port}/mlops/api/v1/experiments`);
    expect((await answer).status()).toBe(403);
    expect(await rivulet.experiments.find("stolen")).toBeUndefined();
  });

  it("cannot frame the dashboard", async () => {
    const page = await aPage();
    await page.goto(`http://evil.test:${await start(blankPage)}/`);
    const shown = await page.evaluate(
      (src) =>
        new Promise((resolve) => {
          const frame = Object.assign(document.createElement("iframe"), { src });
          frame.addEventListener("load", () => resolve("loaded"));
          document.body.append(frame);
        }),
      `http://127.0.0.1:${port}/mlops/`,
    );
    expect(shown).toBe("loaded");
    const [, frame] = page.frames();
    expect(await frame?.locator("h1", { hasText: "Here" }).count()).toBe(0);
  });
});

async function expectWorks(url: string): Promise<void> {
  const page = await aPage();
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(message.text());
  });
  await page.goto(url);
  await page.waitForFunction(() => document.title.includes(","));
  // The empty name is refused by the schema: the request has passed all gates.
  expect(await page.title()).toBe("200,400");
  expect(troubles.filter((text) => !text.includes("status of 400"))).toEqual([]);
}

async function aPage(): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  return page;
}

async function start(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const blankPage: RequestListener = (_request, response) => {
  response.setHeader("content-type", "text/html").end("<body>evil</body>");
};

/** Shows `/mlops` as `/tools/ml`, as a gateway does. */
function rewritingProxy(keepsHost: boolean): RequestListener {
  return (incoming, outgoing) => {
    const { method, headers, url = "" } = incoming;
    const path = url.replace(/^\/tools\/ml/, "/mlops");
    const host = keepsHost ? headers.host : `127.0.0.1:${port}`;
    const options = { host: "127.0.0.1", port, method, path, headers: { ...headers, host } };
    const passed = request(options, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(outgoing);
    });
    incoming.pipe(passed);
  };
}

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRivulet } from "@rivulet/core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { findFaults } from "./find-faults.ts";
import { textsOf } from "./texts-of.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;
let hook: string;

/** What the receiver answers, and what it was told. */
const receiver = { status: 200, signatures: [] as unknown[] };
const server = createServer((request, response) => {
  receiver.signatures.push(request.headers["x-mlflow-signature"]);
  response.writeHead(receiver.status).end("in maintenance");
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const rivulet = createRivulet({ store: "memory:", webhooks: { allowPrivate: true } });
  [browser, app] = await Promise.all([launchChromium(), startApp("/mlops", {}, rivulet)]);
  watched = await watchPage(browser, app.origin);
  page = watched.page;
  page.setDefaultTimeout(15_000);
});
afterAll(async () => {
  expect(await watched.problems()).toEqual([]);
  await watched.close();
  await Promise.all([browser.close(), app.close()]);
  server.close();
});

async function open(route: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(app.url + route);
}

const dialog = (): Locator => page.getByRole("dialog");
const toast = (text: string): Locator => page.locator(".toast").getByText(text);
const button = (name: string): Locator => page.getByRole("button", { name, exact: true });
const heading = (name: string): Locator => page.getByRole("heading", { level: 1, name });

describe("webhooks", () => {
  it("are made with the keyboard alone, and their secret is shown once", async () => {
    await open("#/webhooks");
    await page.getByText("No webhooks yet.").waitFor();
    expect(await findFaults(page)).toEqual([]);
    await button("New webhook").press("Enter");
    await dialog().getByLabel("Name", { exact: true }).fill("deploy");
    await dialog()
      .getByLabel(/^Address/)
      .fill(hook);
    expect(await dialog().getByRole("button", { name: "Create" }).isDisabled()).toBe(true);
    await dialog().getByLabel("Alias set", { exact: true }).press("Space");
    await dialog().getByLabel("Prompt alias set").press("Space");
    expect(await findFaults(page)).toEqual([]);
    await dialog().getByRole("button", { name: "Create" }).press("Enter");
    await page.getByRole("dialog", { name: "The secret of deploy" }).waitFor();
    const secret = await dialog().locator("code").textContent();
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(await findFaults(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await heading("deploy").waitFor();
    await page.getByText("Nothing was sent yet.").waitFor();
    expect(await page.content()).not.toContain(secret);
    const { items } = await app.rivulet.webhooks.search();
    expect(items).toMatchObject([
      {
        name: "deploy",
        url: hook,
        isSigned: true,
        events: ["model_version_alias.created", "prompt_alias.created"],
      },
    ]);
  });

  it("show what was sent, how often it was tried and what came of it", async () => {
    await app.rivulet.models.register({ name: "iris", aliases: ["live"] });
    const row = page.getByRole("table").getByRole("row");
    await expect.poll(() => row.count(), { timeout: 15_000 }).toBe(2);
    await expect
      .poll(async () => (await textsOf(row.nth(1).getByRole("cell"))).slice(1), { timeout: 15_000 })
      .toEqual(["Alias set", "Delivered", "1", "200", ""]);
    receiver.status = 404;
    await app.rivulet.prompts.register({ name: "greet", template: "Hi", aliases: ["live"] });
    await expect
      .poll(async () => (await textsOf(row.nth(1).getByRole("cell"))).slice(1), { timeout: 15_000 })
      .toEqual(["Prompt alias set", "Failed", "1", "404", ""]);
    expect(await findFaults(page)).toEqual([]);
  });

  it("are tested, and say what the receiver has answered", async () => {
    receiver.status = 503;
    await button("Send a test").click();
    await toast("Test failed: answer 503, in maintenance").waitFor();
    receiver.status = 200;
    await button("Send a test").click();
    await toast("Test delivered: answer 200, in maintenance").waitFor();
    expect(receiver.signatures.at(-1)).toMatch(/^v1,/);
  });

  it("are disabled and enabled, changed and deleted", async () => {
    const status = async (): Promise<unknown> =>
      (await app.rivulet.webhooks.search()).items.map((one) => [one.name, one.status]);
    await button("Disable").click();
    await button("Enable").waitFor();
    expect(await status()).toEqual([["deploy", "disabled"]]);
    await button("Enable").click();
    await button("Disable").waitFor();
    await button("Edit").click();
    await dialog().getByLabel("Name", { exact: true }).fill("deployment");
    await dialog().getByRole("button", { name: "Save" }).click();
    await heading("deployment").waitFor();
    expect(await status()).toEqual([["deployment", "active"]]);
    await open("#/webhooks");
    await page.getByRole("link", { name: "deployment" }).click();
    await button("Delete").click();
    await dialog().getByRole("button", { name: "Delete webhook" }).click();
    await page.getByText("No webhooks yet.").waitFor();
    expect(await status()).toEqual([]);
  });

  it("say why an address is refused", async () => {
    await button("New webhook").click();
    await dialog().getByLabel("Name", { exact: true }).fill("inside");
    await dialog()
      .getByLabel(/^Address/)
      .fill("ftp://example.org/");
    await dialog().getByLabel("Alias set", { exact: true }).click();
    await dialog().getByRole("button", { name: "Create" }).click();
    await dialog().getByRole("alert").getByText("must be an https URL").waitFor();
    await page.keyboard.press("Escape");
    // The refusal is an answer of 400, which Chromium writes down.
    expect(await watched.problems()).toEqual([expect.stringContaining("400")]);
  });

  it("fit a narrow screen", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await app.rivulet.webhooks.create({ name: "chat", url: hook, events: ["prompt.created"] });
    await open("#/webhooks");
    await page.getByRole("link", { name: "chat" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});

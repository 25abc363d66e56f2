import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { openRoute } from "./open-route.ts";
import { PAGES } from "./pages.ts";
import { type Seeded, seed } from "./seed.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe.each(["/mlops", "/a/b/mlops"])("the dashboard at %s", (mountPath) => {
  let app: DashboardApp;
  let ids: Seeded;
  let watched: WatchedPage;
  beforeAll(async () => {
    app = await startApp(mountPath);
    ids = await seed(app.rivulet);
    watched = await watchPage(browser, app.origin);
  });
  afterAll(async () => {
    await watched.close();
    await app.close();
  });

  it.each(PAGES)(
    "shows the data of $name, with no error and no request to elsewhere",
    async (pageCase) => {
      await openRoute(watched.page, { url: app.url, ids, pageCase });
      expect(await watched.problems()).toEqual([]);
    },
  );

  it("is found without the slash at the end, and keeps the route", async () => {
    await watched.page.goto(`${app.url.slice(0, -1)}#/prompts`);
    await watched.page.getByRole("heading", { level: 1, name: "Prompts" }).waitFor();
    expect(watched.page.url()).toBe(`${app.url.slice(0, -1)}#/prompts`);
  });

  it("leads from experiments to a span by links alone", async () => {
    const { page } = watched;
    await page.goto(app.url);
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await page.getByRole("link", { name: "Experiments" }).click();
    await page.getByRole("link", { name: "Iris classifiers" }).click();
    await page.getByRole("link", { name: "Open", exact: true }).click();
    await page.getByRole("link", { name: "decision tree", exact: true }).click();
    await page.getByRole("link", { name: "Open", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "decision tree" }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
    await page.getByRole("link", { name: "Traces" }).first().click();
    await page.getByRole("heading", { level: 1, name: "Traces" }).waitFor();
    await page.getByRole("button", { name: "Iris classifiers" }).click();
    await page.getByRole("option", { name: "All experiments" }).click();
    await page.getByRole("link", { name: "Evaluations" }).click();
    await page.getByRole("link", { name: "one word" }).click();
    await page.getByRole("link", { name: "Open", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "one word" }).waitFor();
    expect(await watched.problems()).toEqual([]);
  });
});

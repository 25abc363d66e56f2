import { createRivulet, openStore, type Store } from "@rivulet/core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { findFaults } from "./find-faults.ts";
import { textsOf } from "./texts-of.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

const HOUR = 3_600_000;
const TOLD = Date.now() - HOUR;

let store: Store;
let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  store = await openStore("memory:");
  browser = await launchChromium();
  app = await startApp("/mlops", {}, createRivulet({ store }));
  for (const name of ["answer", "weekly report"]) app.rivulet.startSpan(name).end();
  await app.rivulet.flush();
  await store.traces.noteRetention({ told: { at: TOLD, policy: "default" } });
  watched = await watchPage(browser, app.origin);
  page = watched.page;
  page.setDefaultTimeout(15_000);
});
afterAll(async () => {
  expect(await watched.problems()).toEqual([]);
  await watched.close();
  await Promise.all([browser.close(), app.close()]);
});

async function open(route: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${app.url}${route}`);
}

/** Too old to be kept by default. */
async function addOldTrace(): Promise<void> {
  const startTime = Date.now() - 40 * 24 * HOUR;
  app.rivulet.startSpan("long ago", { startTime }).end({ endTime: startTime + 1 });
  await app.rivulet.flush();
}

const notice = () => page.getByText(/^Traces older than 30 days or beyond 5.0 GB will be removed/);
const toast = (text: string) => page.locator(".toast").getByText(text);
const names = () => page.locator("a.row-link");

describe("what a store keeps", () => {
  it.each(["#/traces", "#/overview"])(
    "is nothing to be told of on %s while nothing is about to be removed",
    async (route) => {
      const described = page.waitForResponse(/\/api\/v1\/store$/);
      const counted = page.waitForResponse(/startTime.*pinned/);
      await open(route);
      await Promise.all([described, counted]);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await notice().count()).toBe(0);
    },
  );

  it.each(["#/overview", "#/traces"])(
    "is said on %s before the first traces are removed that nobody has said should be",
    async (route) => {
      if ((await app.rivulet.traces.count()) === 2) await addOldTrace();
      await open(route);
      await notice().waitFor();
      const time = await notice().locator("time").getAttribute("datetime");
      expect(time).toBe(new Date(TOLD + 24 * HOUR).toISOString());
      expect(await findFaults(page)).toEqual([]);
      await page.getByRole("link", { name: "What is kept, and for how long" }).click();
      await page.getByRole("heading", { level: 1, name: "Store" }).waitFor();
    },
  );

  it.each(["light", "dark"] as const)(
    "can be read later on a page of its own: %s",
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await open("#/store");
      await page
        .getByText(
          /^Traces older than 30 days or beyond 5.0 GB are removed, from .* on\. This is the default/,
        )
        .waitFor();
      await page.getByText("Nothing has been removed yet.").waitFor();
      const records = page.getByRole("table", { name: "Records" }).getByRole("row");
      await expect.poll(() => textsOf(records)).toContain("Traces3");
      await page.getByText("Waiting").waitFor();
      expect(await findFaults(page)).toEqual([]);
    },
  );

  it("does not exceed a narrow screen", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const route of ["#/store", "#/traces"]) {
      await open(route);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it("holds a trace that is pinned, which lists mark and find", async () => {
    await open("#/traces");
    await names().filter({ hasText: "weekly report" }).click();
    await page.getByRole("link", { name: /Open/ }).first().click();
    const choose = async (item: string): Promise<void> => {
      await page.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("button", { name: item, exact: true }).click();
    };
    await choose("Pin");
    await toast("Pinned weekly report: it stays, whatever its age.").waitFor();
    await page.getByText("kept whatever its age", { exact: true }).waitFor();
    await open("#/traces");
    await page.getByTitle("Pinned: kept whatever its age").waitFor();
    await page.getByRole("button", { name: "Pinned", exact: true }).click();
    await expect.poll(() => textsOf(names())).toEqual(["weekly report"]);
    await names().click();
    await page.getByRole("link", { name: /Open/ }).first().click();
    await choose("Unpin");
    await toast("Unpinned weekly report.").waitFor();
    expect(await app.rivulet.traces.count({ filter: "pinned = true" })).toBe(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => app.rivulet.traces.count({ filter: "pinned = true" })).toBe(1);
  });

  it("needs no notice once an app has said how long traces are kept", async () => {
    await store.traces.noteRetention({ givenAt: Date.now() });
    await open("#/traces");
    await names().first().waitFor();
    await expect.poll(() => notice().count()).toBe(0);
    await open("#/store");
    await page
      .getByText("As another app of this store says; this server removes nothing.")
      .waitFor();
  });
});

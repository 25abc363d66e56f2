import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

const STEPS = 3_000;

let browser: Browser;
let app: DashboardApp;
let traceId: string;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  const root = app.rivulet.startSpan("root");
  const branch = app.rivulet.startSpan("branch", { parent: root, startTime: root.startTime + 1 });
  app.rivulet.startSpan("leaf", { parent: branch, startTime: root.startTime + 2 }).end();
  branch.end();
  for (let step = 0; step < STEPS; step += 1) {
    const startTime = root.startTime + 3 + step;
    app.rivulet
      .startSpan(`step ${step}`, { parent: root, startTime })
      .end({ endTime: startTime + 1 });
  }
  root.end();
  traceId = root.traceId;
  await app.rivulet.flush();
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(() => Promise.all([browser.close(), app.close()]));

beforeEach(async () => {
  await page.goto("about:blank");
  await page.goto(`${app.url}#/traces/${traceId}`);
  await page.getByRole("treeitem", { name: /root/ }).focus();
});

/** The name of the row that has the focus, once it is `name`. */
async function focusIsOn(name: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.activeElement?.querySelector(".span-label")?.textContent === wanted,
    name,
  );
}

describe("the tree of spans", () => {
  it("has one stop for the Tab key", async () => {
    await expect.poll(() => page.locator('[role=treeitem][tabindex="0"]').count()).toBe(1);
  });

  it("is walked by arrow keys, Home and End", async () => {
    await page.keyboard.press("ArrowDown");
    await focusIsOn("branch");
    await page.keyboard.press("ArrowRight");
    await focusIsOn("leaf");
    await page.keyboard.press("ArrowLeft");
    await focusIsOn("branch");
    await page.keyboard.press("End");
    await focusIsOn(`step ${STEPS - 1}`);
    await page.keyboard.press("Home");
    await focusIsOn("root");
    expect(await watched.problems()).toEqual([]);
  });

  it("closes and opens branches", async () => {
    await page.keyboard.press("ArrowDown");
    await focusIsOn("branch");
    await page.keyboard.press("ArrowLeft");
    await page.locator('[role=treeitem][aria-expanded="false"]').waitFor();
    await expect.poll(() => page.getByRole("treeitem", { name: /leaf/ }).count()).toBe(0);
    await page.keyboard.press("ArrowRight");
    await page.getByRole("treeitem", { name: /leaf/ }).waitFor();
  });

  it("goes to the next span whose name begins with a letter", async () => {
    await page.keyboard.press("l");
    await focusIsOn("leaf");
    await page.keyboard.press("s");
    await focusIsOn("step 0");
  });

  it("shows the span that has the focus", async () => {
    await page.keyboard.press("ArrowDown");
    await page.getByRole("heading", { level: 2, name: "branch" }).waitFor();
  });

  it("finds spans by name, with those above them", async () => {
    await page.getByRole("searchbox", { name: "Find a span" }).fill("step 2999");
    await page.getByRole("treeitem", { name: /branch/ }).waitFor({ state: "detached" });
    await expect
      .poll(() => page.locator(".span-label").allTextContents())
      .toEqual(["root", "step 2999"]);
  });

  it("draws only the rows in view, and says which ones they are", async () => {
    const rows = await page.getByRole("treeitem").count();
    expect(rows).toBeGreaterThan(10);
    expect(rows).toBeLessThan(80);
    const branch = page.getByRole("treeitem", { name: /branch/ });
    await expect.poll(() => branch.getAttribute("aria-level")).toBe("2");
    await expect.poll(() => branch.getAttribute("aria-setsize")).toBe(String(STEPS + 1));
    await expect.poll(() => branch.getAttribute("aria-posinset")).toBe("1");
  });
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { findFaults } from "./find-faults.ts";
import { openRoute } from "./open-route.ts";
import { PAGES } from "./pages.ts";
import { type Seeded, seed } from "./seed.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let ids: Seeded;
beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  ids = await seed(app.rivulet);
});
afterAll(() => Promise.all([browser.close(), app.close()]));

/** What is on no page until somebody opens it. */
const OPENED: readonly {
  readonly name: string;
  readonly route: (ids: Seeded) => string;
  readonly open: (page: Page) => Promise<void>;
}[] = [
  {
    name: "the feedback dialog",
    route: ({ traceId }) => `#/traces/${traceId}`,
    open: async (page) => {
      await page.getByRole("button", { name: "Good" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "the attributes of a span",
    route: ({ traceId }) => `#/traces/${traceId}`,
    open: async (page) => {
      await page.getByRole("tab", { name: "Attributes" }).click();
      await page.getByText("region:").waitFor();
    },
  },
  {
    name: "the alias dialog",
    route: () => "#/prompts/botanist",
    open: async (page) => {
      await page.getByRole("button", { name: "Edit production" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "a row of an evaluation",
    route: ({ baselineId }) => `#/evaluations/${baselineId}`,
    open: async (page) => {
      await page.getByRole("button", { name: /petals 0.25/ }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "the choice of columns",
    route: ({ experimentId }) => `#/experiments/${experimentId}`,
    open: async (page) => {
      await page.getByRole("button", { name: "Columns" }).click();
      await page.getByRole("checkbox", { name: "accuracy" }).waitFor();
    },
  },
  {
    name: "a chart as a table",
    route: ({ experimentId, runId }) => `#/experiments/${experimentId}/runs/${runId}`,
    open: async (page) => {
      await page.getByRole("button", { name: "View accuracy as table" }).click();
      await page.getByRole("region", { name: "accuracy as a table" }).waitFor();
    },
  },
];

describe.each(["light", "dark"] as const)("in the %s theme axe finds no fault", (colorScheme) => {
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    watched = await watchPage(browser, app.origin, { colorScheme });
    page = watched.page;
  });
  afterAll(() => watched.close());

  it.each(PAGES)("on the page of $name", async (pageCase) => {
    await openRoute(page, { url: app.url, ids, pageCase });
    expect(await findFaults(page)).toEqual([]);
  });

  it.each(OPENED)("in $name", async ({ route, open }) => {
    await page.goto("about:blank");
    await page.goto(app.url + route(ids));
    await open(page);
    expect(await findFaults(page)).toEqual([]);
  });
});

describe("the theme", () => {
  it("is chosen by a button, survives a reload and comes before the first paint", async () => {
    const watched = await watchPage(browser, app.origin, { colorScheme: "light" });
    const { page } = watched;
    const ground = () =>
      page.evaluate(
        () => getComputedStyle(document.querySelector("main") ?? document.body).backgroundColor,
      );
    await page.goto(`${app.url}#/traces`);
    const light = await ground();
    await page.getByRole("button", { name: /Theme: system/ }).click();
    await page.getByRole("button", { name: /Theme: light/ }).click();
    await page.getByRole("button", { name: /Theme: dark/ }).waitFor();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByRole("button", { name: /Theme: dark/ }).waitFor();
    expect(await ground()).toBe(dark);
    expect(await watched.problems()).toEqual([]);
    await watched.close();
  });
});

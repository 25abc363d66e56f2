import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
});
afterAll(() => Promise.all([browser.close(), app.close()]));
beforeEach(async () => {
  watched = await watchPage(browser, app.origin);
  page = watched.page;
  return () => watched.close();
});

/** Opens a route, waits for the stream of changes, and marks the document: a reload would lose the mark. */
async function openLive(route: string): Promise<void> {
  await page.goto(app.url + route);
  await page.getByText("Live", { exact: true }).waitFor();
  await page.evaluate(() => Reflect.set(globalThis, "isSameDocument", true));
}

async function isSameDocument(): Promise<boolean> {
  return page.evaluate(() => Reflect.get(globalThis, "isSameDocument") === true);
}

describe("the stream of changes", () => {
  it("is replaced by asking every ten seconds while it is down", async () => {
    await page.clock.install();
    await page.route("**/events", (route) => route.abort());
    await page.goto(`${app.url}#/models`);
    await page.getByText("Polling", { exact: true }).waitFor();
    await page.getByText("No models yet.").waitFor();
    await app.rivulet.models.create({ name: "slow news" });
    await page.clock.runFor(10_000);
    await page.getByRole("link", { name: "slow news" }).waitFor();
  });

  it("rests while the tab is hidden, and catches up afterwards", async () => {
    await openLive("#/datasets");
    await show("hidden");
    await page.getByText("Paused", { exact: true }).waitFor();
    await app.rivulet.datasets.create({ name: "made meanwhile" });
    await show("visible");
    await page.getByRole("link", { name: "made meanwhile" }).waitFor();
    expect(await isSameDocument()).toBe(true);
  });
});

async function show(state: DocumentVisibilityState): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, "visibilityState", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}

describe("without a reload", () => {
  it("shows a run that starts, and its end", async () => {
    await openLive("#/experiments/0");
    await page.getByText("No runs yet.").waitFor();
    const run = await app.rivulet.runs.start({ name: "late run" });
    const row = page.getByRole("row", { name: /late run/ });
    await row.getByText("Running").waitFor();
    await run.finish();
    await row.getByText("Finished").waitFor();
    expect(await isSameDocument()).toBe(true);
    expect(await watched.problems()).toEqual([]);
  });

  it("draws points of a metric as they come", async () => {
    const run = await app.rivulet.runs.start({ name: "growing" });
    run.logMetric("loss", 0.5, { step: 1 });
    await app.rivulet.flush();
    await openLive(`#/experiments/0/runs/${run.id}`);
    await page.getByRole("button", { name: "View loss as table" }).click();
    await page.getByRole("row", { name: "1 0.5" }).waitFor();
    run.logMetric("loss", 0.25, { step: 2 });
    await app.rivulet.flush();
    await page.getByRole("row", { name: "2 0.25" }).waitFor();
    expect(await isSameDocument()).toBe(true);
  });

  it("shows a trace while it is in progress, and its end", async () => {
    await openLive("#/traces");
    const span = app.rivulet.startSpan("slow answer");
    await app.rivulet.flush();
    const row = page.getByRole("row", { name: /slow answer/ });
    await row.getByText("In progress").waitFor();
    span.end({ output: "done" });
    await app.rivulet.flush();
    await row.getByText("OK").waitFor();
    expect(await isSameDocument()).toBe(true);
  });

  it("shows a new prompt version", async () => {
    await app.rivulet.prompts.register({ name: "greet", template: "Hello {{name}}" });
    await openLive("#/prompts/greet");
    await page.getByText("Hello").waitFor();
    await app.rivulet.prompts.register({
      name: "greet",
      template: "Good day, {{name}}",
      commitMessage: "More polite",
    });
    await page.getByText("More polite").waitFor();
    expect(await isSameDocument()).toBe(true);
  });
});

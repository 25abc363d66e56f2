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

describe("a list while others write", () => {
  const rows = () => page.locator("tbody .row-link");
  const news = (words: string) => page.getByRole("button", { name: words, exact: true });

  async function record(names: readonly string[]): Promise<void> {
    for (const name of names) app.rivulet.startSpan(name).end({ output: "done" });
    await app.rivulet.flush();
  }

  function numbered(name: string, count: number): readonly string[] {
    return Array.from({ length: count }, (_, index) => `${name} ${index + 1}`);
  }

  it("stands still, and takes in what is new when it is told to", async () => {
    await record(numbered("old", 60));
    await openLive("#/traces");
    await rows().first().waitFor();
    const region = page.locator(".table-scroll");
    await region.evaluate((element) => element.scrollTo(0, 500));
    const row = page.getByRole("link", { name: "old 40", exact: true });
    const place = await row.boundingBox();
    await record(["new 1", "new 2", "new 3"]);
    await news("3 new").waitFor();
    expect(await row.boundingBox()).toEqual(place);
    await expect.poll(() => page.getByText("new 3").count()).toBe(0);
    await news("3 new").click();
    await expect.poll(() => rows().first().textContent()).toBe("new 3");
    await expect.poll(() => region.evaluate((element) => element.scrollTop)).toBe(0);
    await expect
      .poll(() => page.getByRole("button", { name: "new", exact: false }).count())
      .toBe(0);
  });

  it("grows on while one scrolls, to its last row", async () => {
    const experimentId = (await app.rivulet.experiments.ensure("long")).id;
    for (const name of numbered("step", 450)) app.rivulet.startSpan(name, { experimentId }).end();
    await app.rivulet.flush();
    await openLive(`#/experiments/${experimentId}/traces`);
    await rows().first().waitFor();
    const last = page.getByRole("link", { name: "step 1", exact: true });
    for (let round = 1; (await last.count()) === 0; round += 1) {
      app.rivulet.startSpan(`meanwhile ${round}`, { experimentId }).end();
      await app.rivulet.flush();
      await page.locator(".table-scroll").evaluate((element) => {
        element.scrollTo(0, element.scrollHeight);
      });
    }
    await last.waitFor();
  });

  it("asks for its head and its count, however much is written", async () => {
    await record(numbered("seed", 30));
    await page.clock.install();
    await openLive("#/traces");
    await rows().first().waitFor();
    await page.getByText(/^[\d,]+ traces$/).waitFor();
    const asked: string[] = [];
    page.on("request", (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname.includes("/api/")) asked.push(`${pathname} ${searchParams.get("limit")}`);
    });
    await record(numbered("burst", 50));
    await expect
      .poll(async () => {
        await page.clock.runFor(200);
        return news("25+ new").count();
      })
      .toBe(1);
    expect([...new Set(asked)].sort()).toEqual([
      "/mlops/api/v1/traces 25",
      "/mlops/api/v1/traces/count null",
    ]);
  });

  it("changes a row where it stands", async () => {
    const { runs, experiments } = app.rivulet;
    const { id: experimentId } = await experiments.ensure("changing");
    const first = await runs.start({ experimentId, name: "first" });
    // More than the head of the list has.
    for (const name of numbered("later", 30)) await runs.create({ experimentId, name });
    const filter = "where=status:is:running&order=startTime%20DESC";
    await openLive(`#/experiments/${experimentId}/runs?${filter}`);
    await rows().first().waitFor();
    await page.locator(".table-scroll").evaluate((element) => element.scrollTo(0, 10_000));
    const row = page.getByRole("row", { name: /first/ });
    await row.getByText("Running").waitFor();
    await first.finish();
    await row.getByText("Finished").waitFor();
    expect((await rows().allTextContents()).slice(-2)).toEqual(["later 1", "first"]);
  });

  it("hears of nothing while it is paused", async () => {
    await record(["before"]);
    await openLive("#/traces");
    await rows().first().waitFor();
    await page.getByRole("button", { name: "Pause live changes" }).click();
    await page.getByText("Paused", { exact: true }).waitFor();
    await record(["while paused"]);
    await page.getByRole("button", { name: "Resume live changes" }).click();
    await news("1 new").waitFor();
  });

  it("keeps its rows when access is lost, and says so", async () => {
    await record(["kept"]);
    await openLive("#/traces");
    await rows().first().waitFor();
    const refusal = {
      status: 403,
      json: { error: { code: "permission_denied", message: "This needs read access." } },
    };
    await page.route(/\/api\/v1\/traces/, (route) => route.fulfill(refusal));
    await record(["not seen"]);
    await page.getByRole("alert").getByText("This needs read access.").waitFor();
    await expect.poll(() => page.getByRole("link", { name: "kept", exact: true }).count()).toBe(1);
    await page.unroute(/\/api\/v1\/traces/);
    await record(["seen"]);
    await news("2 new").waitFor();
    await expect.poll(() => page.getByRole("alert").count()).toBe(0);
  });
});

describe("a server that is gone", () => {
  it("leaves what is shown in view, says how old it is, and is tried again later each time", async () => {
    app.rivulet.startSpan("still here").end();
    await app.rivulet.flush();
    await page.clock.install();
    await openLive("#/traces");
    await page.getByRole("link", { name: "still here" }).waitFor();
    await page.route(/\/api\/|\/events$/, (route) => route.abort());
    await page.getByRole("button", { name: "Pause live changes" }).click();
    await page.getByRole("button", { name: "Resume live changes" }).click();
    await page.getByText("Rivulet does not answer.").waitFor();
    await page.getByText(/from just now; it is tried again in 1 s/).waitFor();
    for (const wait of [2, 4, 8]) {
      await page.clock.runFor((wait / 2) * 1_000 + 10);
      await page.getByText(`it is tried again in ${wait} s`).waitFor();
    }
    await expect.poll(() => page.getByRole("link", { name: "still here" }).count()).toBe(1);
    await page.unroute(/\/api\/|\/events$/);
    app.rivulet.startSpan("back again").end();
    await app.rivulet.flush();
    await page.getByRole("button", { name: "Try now" }).click();
    await page.getByText("Rivulet does not answer.").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "1 new", exact: true }).waitFor();
    expect(await isSameDocument()).toBe(true);
  });
});

it("a browser whose clock is an hour ahead shows ages as they are", async () => {
  app.rivulet.startSpan("of this minute").end();
  await app.rivulet.flush();
  await page.clock.install({ time: Date.now() + 3_600_000 });
  await page.goto(`${app.url}#/traces?range=15m`);
  const row = page.getByRole("row", { name: /of this minute/ });
  await row.waitFor();
  await expect.poll(() => row.locator("time").textContent()).toMatch(/^just now$|^\d+s ago$/);
});

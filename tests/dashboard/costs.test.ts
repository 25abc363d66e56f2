import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(() => Promise.all([browser.close(), app.close()]));

async function open(traceId: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${app.url}#/traces/${traceId}`);
}

/** Records a call of each of these models, and shows the trace. */
async function showCalls(
  models: readonly string[],
  attributes: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const root = app.rivulet.startSpan("agent");
  for (const [index, model] of models.entries()) {
    const span = app.rivulet.startSpan(`call ${index}`, {
      type: "chat_model",
      model,
      parent: root,
      attributes,
    });
    span.setUsage({ inputTokens: 1_000_000, audioInputTokens: 2_000 });
    span.end();
  }
  root.end();
  await app.rivulet.flush();
  await open(root.traceId);
}

/** What the first cost on the page says: that of the trace. */
async function costOfTrace(words: string): Promise<void> {
  await page.locator("dd", { hasText: words }).first().waitFor();
}

describe("the cost of a trace", () => {
  it("is what its calls cost", async () => {
    await showCalls(["gpt-4o", "gpt-4o"]);
    await costOfTrace("$5.00");
  });

  it("names the models without a price", async () => {
    await showCalls(["gpt-4o", "acme-1", "acme-1", "acme-2"]);
    await costOfTrace("$2.50, no price for acme-1, acme-2");
    expect(await watched.problems()).toEqual([]);
  });

  it("names some of many", async () => {
    await showCalls(["a-1", "a-2", "a-3", "a-4", "a-5"]);
    await costOfTrace("no price for a-1, a-2, a-3 and 2 more");
  });
});

describe("the cost of a small trace", () => {
  it.each([
    [0.0000855, "$0.000086"],
    [0.000000123, "<$0.000001"],
  ])("of %d dollars has no exponent", async (cost, words) => {
    const span = app.rivulet.startSpan("small");
    span.setCost(cost);
    span.end();
    await app.rivulet.flush();
    await open(span.traceId);
    await costOfTrace(words);
  });
});

describe("the cost of a call", () => {
  it("says that there is no price for the model", async () => {
    await showCalls(["acme-1"]);
    await page.getByRole("treeitem", { name: /call 0/ }).click();
    await page.locator(".span-panel dd", { hasText: "no price for acme-1" }).waitFor();
    await page.locator(".span-panel dd", { hasText: "2,000 audio in" }).waitFor();
  });

  it("says that a cache answered", async () => {
    await showCalls(["acme-1"], { cached: true });
    await page.getByRole("treeitem", { name: /call 0/ }).click();
    await page.locator(".span-panel dd", { hasText: "$0, answered from a cache" }).waitFor();
  });

  it("says in which tier it was served", async () => {
    await showCalls(["gpt-4o"], { serviceTier: "flex" });
    await page.getByRole("treeitem", { name: /call 0/ }).click();
    await page.locator(".span-panel dd", { hasText: "$1.25 (flex)" }).waitFor();
  });
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;
let before: string;
let after: string;

const START = Date.UTC(2026, 4, 4, 9, 30);

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  before = record({
    name: "agent",
    start: START,
    tools: ["lookup", "lookup", "old tool"],
    ms: 400,
  });
  after = record({ name: "agent v2", start: START + 60_000, tools: ["lookup", "lookup"], ms: 900 });
  await app.rivulet.flush();
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(async () => {
  expect(await watched.problems()).toEqual([]);
  await Promise.all([browser.close(), app.close()]);
});

/** An agent that asks a model and calls tools, each for `ms` milliseconds. */
function record(given: { name: string; start: number; tools: string[]; ms: number }): string {
  const { name, start, tools, ms } = given;
  const root = app.rivulet.startSpan(name, { type: "agent", startTime: start, input: "Where?" });
  const model = app.rivulet.startSpan("chat", {
    type: "chat_model",
    parent: root,
    startTime: start,
  });
  model.setUsage({ inputTokens: ms, outputTokens: 100 });
  model.setCost(ms / 1_000);
  model.end({ endTime: start + ms, output: `It took\n${ms} ms\nto say so` });
  for (const [index, tool] of tools.entries()) {
    const startTime = start + (index + 1) * ms;
    app.rivulet
      .startSpan(tool, { type: "tool", parent: root, startTime })
      .end({ endTime: startTime + ms });
  }
  root.end({ endTime: start + (tools.length + 1) * ms, output: "There." });
  return root.traceId;
}

describe("two traces", () => {
  it("are ticked in the list, and the later is compared with the earlier", async () => {
    await page.goto(`${app.url}#/traces`);
    await page.getByRole("checkbox", { name: "Select agent v2", exact: true }).check();
    await page.getByRole("checkbox", { name: "Select agent", exact: true }).check();
    await page.getByRole("link", { name: "Compare 2 traces" }).click();
    await page.getByRole("heading", { level: 1, name: "Compare traces" }).waitFor();
    await expect.poll(() => page.url()).toBe(`${app.url}#/compare-traces?a=${before}&b=${after}`);
  });

  it("are aligned by the names from the root down, with what the second took more", async () => {
    await page.getByRole("row", { name: /old tool/ }).waitFor();
    const rows = await page.locator(".compared-table tr[aria-rowindex]").allInnerTexts();
    expect(rows.map((row) => row.split(/\s*\t\s*|\n+/).filter((cell) => cell !== ""))).toEqual([
      ["A", "Agent", "agent", "2.70 s+1.10 s"],
      ["M", "Chat model", "chat", "900 ms+500 ms", "1,000+500", "$0.900+$0.500"],
      ["T", "Tool", "lookup", "900 ms+500 ms"],
      ["T", "Tool", "lookup", "900 ms+500 ms"],
      ["T", "Tool", "old tool", "only A", "400 ms"],
    ]);
  });

  it("show what came out otherwise, line by line, and what did not", async () => {
    await page.getByRole("button", { name: "chat", exact: true }).click();
    await page.locator(".diff-removed").waitFor();
    await expect
      .poll(() => page.locator(".diff-removed .diff-text").allTextContents())
      .toEqual(["400 ms"]);
    await expect
      .poll(() => page.locator(".diff-added .diff-text").allTextContents())
      .toEqual(["900 ms"]);
    await page.getByRole("button", { name: "agent", exact: true }).click();
    await page.getByRole("heading", { name: "Input, the same in both" }).waitFor();
  });

  it("are swapped, and lead back to the span that is compared", async () => {
    await page.getByRole("link", { name: "Swap" }).click();
    await page.getByText("only B").waitFor();
    await page.getByRole("button", { name: "old tool" }).click();
    await page.getByRole("link", { name: "Open in B" }).click();
    await page.getByRole("heading", { level: 2, name: "old tool" }).waitFor();
    await expect.poll(() => page.url()).toContain(`#/traces/${before}?span=`);
  });
});

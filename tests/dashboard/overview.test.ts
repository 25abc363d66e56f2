import type { FinishedSpan } from "@rivulet/core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { textsOf } from "./texts-of.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

const HOUR = 3_600_000;

let app: DashboardApp;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  app = await startApp();
  browser = await launchChromium();
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

/** A trace of one agent that asked a model and called a tool. */
function spansOf(index: number, hoursAgo: number): FinishedSpan[] {
  const traceId = index.toString(16).padStart(32, "a");
  const startTime = Date.now() - hoursAgo * HOUR;
  const isFailed = index % 5 === 4;
  const model = index % 2 === 0 ? "even-model" : "odd-model";
  const part = { traceId, parentId: "1".repeat(16), startTime };
  return [
    {
      traceId,
      id: "1".repeat(16),
      name: "agent",
      type: "agent",
      status: isFailed ? "error" : "ok",
      ...(isFailed && { statusMessage: `Timeout after ${index} ms` }),
      startTime,
      endTime: startTime + 1_000 * (index + 1),
      userId: "anna",
    },
    {
      ...part,
      id: "2".repeat(16),
      name: "chat",
      type: "chat_model",
      model,
      ...(index === 4 ? { status: "error", statusMessage: "Overloaded" } : { status: "ok" }),
      endTime: startTime + 500,
      prompts: [{ name: "order", version: 1 }],
      usage: { inputTokens: 100, outputTokens: 20 },
      cost: 0.5,
    },
    {
      ...part,
      id: "3".repeat(16),
      name: "find_order",
      type: "tool",
      status: "ok",
      endTime: startTime + 100,
    },
  ];
}

const card = (label: string) => page.locator(".stat", { hasText: label });
const open = async (route: string): Promise<void> => {
  await page.goto("about:blank");
  await page.goto(app.url + route);
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
};

describe("the overview", () => {
  beforeAll(async () => {
    // Ten traces of the last hours, five of the day before.
    const recent = Array.from({ length: 10 }, (_, index) => spansOf(index, 1 + index / 10));
    const earlier = Array.from({ length: 5 }, (_, index) => spansOf(20 + 5 * index, 30));
    await app.rivulet.traces.record([...recent, ...earlier].flat());
    await app.rivulet.flush();
    await app.rivulet.evaluate({
      name: "nightly",
      data: [{ inputs: "2 + 2", expectations: "4" }],
      task: () => "4",
      scorers: [
        function exact({ output, expectations }) {
          return output === expectations;
        },
      ],
    });
    const traceId = (0).toString(16).padStart(32, "a");
    await app.rivulet.traces.logFeedback({ traceId, name: "helpful", value: true });
    await app.rivulet.runs.start({ name: "still training" });
    await app.rivulet.flush();
  });

  it("says how the app is doing, each number against the time before", async () => {
    await open("#/overview");
    const texts = async (label: string) => (await card(label).textContent()) ?? "";
    await card("Requests").getByText("10", { exact: true }).waitFor();
    await card("Requests").getByText("↑").waitFor();
    await expect.poll(() => texts("Requests")).toContain("100 % more than 24 h before");
    await expect.poll(() => texts("Error rate")).toContain("20 % 2 failed");
    await expect.poll(() => texts("Median latency")).toContain("5.50 s");
    await expect.poll(() => texts("p95 latency")).toContain("9.55 s");
    await expect.poll(() => texts("Cost")).toContain("$5.00");
    await expect.poll(() => texts("Tokens")).toContain("1,200 1,000 in · 200 out");
    // More errors are bad, less waiting is good, and more requests are neither.
    const toned = page.locator(".stat .tone-good, .stat .tone-bad");
    await expect
      .poll(() =>
        toned.evaluateAll((all) =>
          all.map(({ className, textContent }) => className + textContent),
        ),
      )
      .toEqual(["tone-bad↑ 20 points more", "tone-good↓ 82.3 % less", "tone-good↓ 76.1 % less"]);
    expect(await watched.problems()).toEqual([]);
  });

  it("asks no more than six questions before one scrolls", async () => {
    const asked = new Set<string>();
    const note = (request: { url(): string }): void => {
      const { pathname } = new URL(request.url());
      if (/\/(traces|runs|evaluations|sessions|users)\b/.test(pathname)) asked.add(request.url());
    };
    page.on("request", note);
    await open("#/overview");
    await page.getByText("even-model").waitFor();
    page.off("request", note);
    expect(asked.size).toBeGreaterThan(0);
    expect(asked.size).toBeLessThanOrEqual(6);
  });

  it.each([
    ["Requests", 10],
    ["Error rate", 2],
    ["p95 latency", 1],
    ["Cost", 10],
  ])("leads from %s to the %i traces it is of", async (label, count) => {
    await open("#/overview");
    await card(label).getByRole("link").click();
    await page.getByRole("heading", { level: 1, name: "Traces" }).waitFor();
    const words = count === 1 ? "1 trace" : `${count} traces`;
    await page.getByText(words, { exact: true }).waitFor();
    const chips = page.getByRole("list", { name: "Conditions" });
    await chips.getByText("Without evaluations", { exact: true }).waitFor();
  });

  it("counts the traces of evaluations when its chip is removed", async () => {
    await open("#/overview");
    await page.getByRole("button", { name: "Count the traces of evaluations, too" }).click();
    await card("Requests").getByText("11", { exact: true }).waitFor();
    await expect.poll(() => page.url()).toContain("evaluations=with");
  });

  it("groups by what one chooses, and leads to each group", async () => {
    await open("#/overview");
    const rows = page.locator(".group-table tbody tr");
    await page.getByText("even-model").waitFor();
    await expect.poll(() => rows.allInnerTexts()).toHaveLength(2);
    await page.locator(".segmented").getByText("User", { exact: true }).click();
    await rows.getByRole("link", { name: "10", exact: true }).click();
    await page.getByText("userId = anna").or(page.getByText("User = anna")).first().waitFor();
    await page.getByText("10 traces", { exact: true }).waitFor();
  });

  it.each([
    ["Model", "even-model", "20 %"],
    ["Prompt", "order/1", "10 %"],
  ])(
    "leads from the errors of a %s to the trace in which its call failed, not to others that failed",
    async (by, group, rate) => {
      await open("#/overview");
      await page.getByText("even-model").waitFor();
      await page.locator(".segmented").getByText(by, { exact: true }).click();
      await page.getByRole("row", { name: group }).getByRole("link", { name: rate }).click();
      // The agents of two traces failed, the call of a model in one of them.
      await page.getByText("1 trace", { exact: true }).waitFor();
      const chips = page.getByRole("list", { name: "Conditions" });
      await chips.getByText(`Failed ${by.toLowerCase()}`, { exact: true }).waitFor();
    },
  );

  it("groups failures by their message, and leads to exactly those traces", async () => {
    await open("#/overview");
    await page.getByRole("heading", { name: "Where it goes" }).waitFor();
    await page.waitForFunction(() => {
      document.querySelector("main")?.scrollTo(0, 100_000);
      return document.body.textContent.includes("still training");
    });
    await page.getByRole("link", { name: "Timeout after <number> ms" }).click();
    await page.getByText("2 traces", { exact: true }).waitFor();
  });

  it("has each course as a table, whose times lead to their traces", async () => {
    await open("#/overview?range=7d&chart=cost");
    await page.getByRole("button", { name: "View Cost as table" }).click();
    const table = page.getByRole("region", { name: "Cost" });
    const costs = await textsOf(table.locator("tbody tr td:nth-child(2)"));
    const sum = costs.reduce((total, text) => total + Number(text.replace("$", "")), 0);
    expect(sum).toBe(7.5);
    await table.getByRole("link").last().click();
    await page.getByRole("heading", { level: 1, name: "Traces" }).waitFor();
  });

  it("shows feedback, evaluations and tools in tabs of their own", async () => {
    await open("#/overview?tab=quality");
    await card("helpful").getByText("of 1").waitFor();
    await page.getByRole("link", { name: "nightly" }).waitFor();
    await page.getByRole("button", { name: "View Mean of helpful as table" }).click();
    const means = page.getByRole("region", { name: "Mean of helpful" }).locator("td:nth-child(2)");
    await expect
      .poll(async () => (await means.allTextContents()).filter((mean) => /\d/.test(mean)), {
        timeout: 15_000,
      })
      .toEqual(["1"]);
    await page.getByRole("tab", { name: "Tools" }).click();
    await page.getByRole("link", { name: "find_order" }).waitFor();
    await expect.poll(() => page.url()).toContain("tab=tools");
    expect(await watched.problems()).toEqual([]);
  });
});

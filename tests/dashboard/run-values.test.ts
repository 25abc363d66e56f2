import { createRivulet, openStore } from "@rivulet/core";
import type { Browser, Page } from "playwright-core";
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
let experimentId = "";
let runningId = "";

beforeAll(async () => {
  const store = await openStore("memory:");
  browser = await launchChromium();
  app = await startApp("/mlops", {}, createRivulet({ store }));
  const curves = { deep: [5, 1, 4], wide: [3, 2, 2.5], shallow: [9, 8, 7] };
  for (const [name, losses] of Object.entries(curves)) {
    const run = await app.rivulet.runs.start({
      experiment: "Sums",
      name,
      params: { optimizer: name === "wide" ? "adam_w" : "sgd" },
      tags: { "mlflow.note.content": name === "deep" ? "Leaks at 50%" : "fine" },
    });
    await run.declareMetrics({ loss: { better: "lower" } });
    for (const loss of losses) run.logMetric("loss", loss);
    await run.finish();
    experimentId = run.experimentId;
  }
  const running = await app.rivulet.runs.start({ experiment: "Sums", name: "at work" });
  runningId = running.id;
  // Clients of one process count as one.
  await store.runs.update({ id: running.id, owner: "another process" });
  await app.rivulet.flush();
  watched = await watchPage(browser, app.origin);
  page = watched.page;
  page.setDefaultTimeout(15_000);
});
afterAll(async () => {
  expect(await watched.problems()).toEqual([]);
  await watched.close();
  await Promise.all([browser.close(), app.close()]);
});

const names = () => page.locator("a.row-link");

async function open(search: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${app.url}#/experiments/${experimentId}/runs${search}`);
  await names().first().waitFor();
}

describe("the metrics of runs", () => {
  it("stand in columns by their least, greatest, first and best value, by which a list is ordered", async () => {
    await open("?columns=name,best.loss,max.loss,first.loss&order=best.loss ASC");
    await expect.poll(() => textsOf(names())).toEqual(["deep", "wide", "shallow", "at work"]);
    const row = page.getByRole("row", { name: "deep" });
    await expect.poll(() => textsOf(row.getByRole("cell"))).toEqual(["", "deep", "1", "5", "5"]);
  });

  it("are told of one run with the best value marked", async () => {
    const { items } = await app.rivulet.runs.search({ filter: "name = 'deep'" });
    await page.goto(`${app.url}#/experiments/${experimentId}/runs/${items[0]?.id}?tab=values`);
    const row = page.getByRole("row", { name: "loss" });
    await expect
      .poll(() => textsOf(row.getByRole("cell")))
      .toEqual(["5", "4", "1", "5", "1", "2", "3"]);
    await expect.poll(() => textsOf(row.getByRole("strong"))).toEqual(["1", "1"]);
  });
});

describe("numbers in lists", () => {
  it("are whole: the best of a metric, and what a cheap call costs", async () => {
    const { runs, traces } = app.rivulet;
    const run = await runs.start({ experiment: "Small", name: "small" });
    await run.declareMetrics({ loss: { better: "lower" } });
    run.logMetric("loss", 0.002_528_8);
    await run.finish();
    const other = await runs.start({ experiment: "Small", name: "other" });
    other.logMetric("loss", 0.012_917);
    await other.finish();
    const [id, traceId] = ["1".repeat(16), "2".repeat(32)];
    await traces.record([
      { id, traceId, name: "cheap", startTime: 1, endTime: 2, cost: 0.000_036 },
    ]);
    for (const [route, number] of [
      [`#/experiments/${run.experimentId}/runs`, "0.0025288"],
      ["#/traces", "$0.000036"],
    ] as const) {
      await page.goto(app.url + route);
      const cell = page.locator("td.number").filter({ hasText: number });
      await cell.waitFor();
      expect(await cell.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
    }
  });
});

describe("long keys", () => {
  it("are broken where a part of them ends", async () => {
    const key = "system/system_memory_usage_megabytes";
    const run = await app.rivulet.runs.start({ experiment: "Keys", params: { [key]: 1 } });
    await run.finish();
    await page.goto(`${app.url}#/experiments/${run.experimentId}/runs/${run.id}`);
    const head = page.getByRole("table", { name: "Parameters" }).getByRole("rowheader");
    await head.waitFor();
    expect(await head.textContent()).toBe(key);
    const ends = await head.evaluate(lineEnds);
    expect(ends.length).toBeGreaterThan(0);
    expect(ends.filter((end) => !/[/_]/.test(end))).toEqual([]);
  });
});

/** The last letter of each line but the last. Runs in the page. */
function lineEnds(element: Element): readonly string[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const letters: { readonly letter: string; readonly top: number }[] = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent ?? "";
    for (let at = 0; at < text.length; at += 1) {
      const range = document.createRange();
      range.setStart(walker.currentNode, at);
      range.setEnd(walker.currentNode, at + 1);
      letters.push({ letter: text.charAt(at), top: range.getBoundingClientRect().top });
    }
  }
  return letters.flatMap(({ letter, top }, at) => {
    const next = letters[at + 1];
    return next !== undefined && next.top > top ? [letter] : [];
  });
}

describe("a running run", () => {
  it("tells how many processes write to it, and when it was last heard of", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${app.url}#/experiments/${experimentId}/runs/${runningId}`);
      await page.getByText(/^last heard of (?:just now|\d+ s ago), 2 processes$/).waitFor();
      expect(await findFaults(page)).toEqual([]);
    }
  });
});

describe("runs", () => {
  it.each([
    ["leaks 50%", ["deep"]],
    ["adam_w", ["wide"]],
    ["DEEP", ["deep"]],
  ])("are found by %s, in name, note, params and tags", async (words, found) => {
    await open("");
    const box = page.getByRole("combobox", { name: "Find runs" });
    await box.fill(words);
    await box.press("Enter");
    await expect.poll(() => textsOf(names())).toEqual(found);
  });

  it("keep their words while the rest of the filter is written as text", async () => {
    await open("?q=fine");
    await expect.poll(() => textsOf(names())).toEqual(["shallow", "wide"]);
    await page.getByRole("button", { name: "Filter text" }).click();
    await page.getByRole("textbox", { name: /filter/i }).fill("best.loss < 5");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect.poll(() => textsOf(names())).toEqual(["wide"]);
  });

  it.each([
    ["duration:less:600000", ["shallow", "wide", "deep"]],
    ["note:contains:leaks", ["deep"]],
    ["experiment.name:is:Sums", ["at work", "shallow", "wide", "deep"]],
    ["dataset.name:missing:", ["at work", "shallow", "wide", "deep"]],
  ])("are narrowed by the condition %s", async (where, found) => {
    await open(`?where=${encodeURIComponent(where)}`);
    await expect.poll(() => textsOf(names())).toEqual(found);
  });
});

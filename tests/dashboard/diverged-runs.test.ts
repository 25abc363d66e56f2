import { readFile } from "node:fs/promises";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { findFaults } from "./find-faults.ts";
import { textsOf } from "./texts-of.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

const STEPS = 60;
const PARAMS = {
  long: "x".repeat(900),
  lines: "one\ntwo",
  rtl: "שלום עולם",
  empty: "",
  json: '{"a":[1,null]}',
};

const BREAKS: Readonly<Record<number, number>> = { 20: Number.NaN, 40: Number.POSITIVE_INFINITY };

function metricsAt(step: number): Record<string, number> {
  return {
    loss: BREAKS[step] ?? 5 / (step + 1),
    lost: Number.NaN,
    huge: (step % 2 === 0 ? -1 : 1) * 1e308,
    below: -step,
    spike: step === 30 ? 1e6 : Math.sin(step / 5),
  };
}

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;
let experimentId: string;
const ids: string[] = [];

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  const { rivulet } = app;
  for (const name of ["first", "second"]) {
    const run = await rivulet.runs.start({ experiment: "diverged", name, params: PARAMS });
    for (let step = 0; step < STEPS; step += 1) run.logMetrics(metricsAt(step), { step });
    run.logMetric("end", Number.NEGATIVE_INFINITY, { step: 0 });
    await run.finish();
    ({ experimentId } = run);
    ids.push(run.id);
  }
  await rivulet.flush();
  watched = await watchPage(browser, app.origin, { viewport: { width: 1280, height: 1600 } });
  page = watched.page;
  page.setDefaultTimeout(15_000);
}, 60_000);
afterAll(async () => {
  expect(await watched.problems()).toEqual([]);
  await watched.close();
  await Promise.all([browser.close(), app.close()]);
});

async function open(state: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${app.url}#/experiments/${experimentId}/runs/${ids[0]}?${state}`);
  await page.getByRole("heading", { level: 1, name: "first" }).waitFor();
}

const chart = (title: string): Locator =>
  page.locator(".chart", { has: page.getByRole("heading", { name: title, exact: true }) });

/** Pixels of a chart's drawing that have a curve's colour: the grid is grey. */
function colored(of: Locator): Promise<number> {
  return of.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
    // From a copy that is made to be read.
    const copy = document.createElement("canvas");
    Object.assign(copy, { width: canvas.width, height: canvas.height });
    const context = copy.getContext("2d", { willReadFrequently: true });
    if (context === null) throw new Error("Nothing can be drawn");
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    return data.reduce((count, red, place) => {
      if (place % 4 !== 0) return count;
      const blue = data[place + 2] ?? 0;
      return count + Number((data[place + 3] ?? 0) > 200 && Math.abs(blue - red) > 60);
    }, 0);
  });
}

describe("metrics that diverged", () => {
  it("have marks where a value has no place on the axis, which are told in words, too", async () => {
    await open("");
    await chart("loss").getByText("1 × NaN, 1 × ∞").waitFor();
    await chart("lost").getByText(`${STEPS} × NaN`).waitFor();
    await expect.poll(() => colored(chart("lost"))).toBeGreaterThan(0);
    await expect.poll(() => chart("end").textContent()).toContain("-∞");
    expect(await findFaults(page)).toEqual([]);
  });

  it("are drawn up to the largest numbers that there are", async () => {
    await open("chart=huge");
    await expect.poll(() => colored(chart("huge"))).toBeGreaterThan(1_000);
  });

  it("say what a log axis leaves out", async () => {
    await open("y=log");
    await chart("below").getByText(`${STEPS} × not above 0, where a log axis ends`).waitFor();
  });

  it("are drawn without their outliers when one asks", async () => {
    await open("");
    await chart("spike").locator("canvas").waitFor();
    // A line that one spike presses flat has fewer pixels than its waves.
    await expect.poll(() => colored(chart("spike"))).toBeGreaterThan(0);
    const flat = await colored(chart("spike"));
    await page.getByLabel("Cut outliers").check();
    await expect.poll(() => colored(chart("spike"))).toBeGreaterThan(flat);
    await expect.poll(() => page.url()).toContain("outliers=cut");
  });

  it("are in tables and comparisons what they are", async () => {
    await open("tab=values");
    const cells = (name: string): Promise<readonly string[]> =>
      textsOf(page.getByRole("row", { name }).getByRole("cell"));
    await expect.poll(() => cells("lost")).toEqual(["NaN", "NaN", "–", "–", "–", "59", "60"]);
    await expect.poll(() => cells("end")).toEqual(["-∞", "-∞", "-∞", "-∞", "–", "0", "1"]);
    await page.goto(`${app.url}#/compare-runs?runs=${ids.join(",")}&view=values&show=all`);
    const compared = page.getByRole("row", { name: "lost" }).locator("td:not(.room)");
    await expect.poll(() => textsOf(compared)).toEqual(["NaN", "NaN"]);
  });

  it("are in a saved list what they are", async () => {
    const columns = "columns=name,metrics.lost,metrics.end,metrics.huge,params.lines";
    await page.goto(`${app.url}#/experiments/${experimentId}/runs?${columns}&order=name+ASC`);
    await page.getByRole("link", { name: "second" }).waitFor();
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV of" }).click(),
    ]);
    const text = await readFile(await download.path(), "utf8");
    expect(text.split("\r\n")[1]).toBe('first,NaN,-Infinity,1e+308,"one\ntwo"');
  });
});

describe("params of every kind", () => {
  it("keep their lines and their direction, are cut where they are long, and say when they are empty", async () => {
    await open("");
    const table = page.getByRole("table", { name: "Parameters" });
    const cell = (key: string): Locator => table.getByRole("row", { name: key }).getByRole("cell");
    await expect.poll(() => cell("empty").textContent()).toBe("empty");
    await expect.poll(() => cell("lines").textContent()).toBe("one\ntwo");
    const lines = cell("lines").locator("span");
    expect(await lines.evaluate((span) => getComputedStyle(span).whiteSpace)).toBe("pre-wrap");
    expect(
      await cell("rtl")
        .locator("span")
        .evaluate((span) => getComputedStyle(span).direction),
    ).toBe("rtl");
    expect((await cell("long").textContent())?.length).toBeLessThan(500);
    await cell("long").getByRole("button", { name: "500 more characters" }).click();
    await expect.poll(() => cell("long").textContent()).toBe(PARAMS.long);
  });
});

import { readFile } from "node:fs/promises";
import type { Rivulet } from "@rivulet/core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { textsOf } from "./texts-of.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

const RUNS = 20;
/** Runs log at different steps: only every third one has a point where another has one. */
const STEPS = 60;

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;
let experimentId = "";
const ids: string[] = [];
let long = "";
let diverged = "";

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  for (let index = 0; index < RUNS; index += 1) {
    const run = await app.rivulet.runs.start({ experiment: "Curves", name: `run ${index}` });
    for (let step = index % 3; step < STEPS; step += 3) {
      run.logMetrics({ "train/loss": 100 * index + step, "system/cpu": index }, { step });
    }
    for (let key = 0; key < 14; key += 1) run.logMetric(`val/score ${key}`, key, { step: 1 });
    run.logMetric("accuracy", index / RUNS, { step: 1 });
    await run.finish();
    ids.push(run.id);
    experimentId = run.experimentId;
  }
  long = await logLong(app.rivulet);
  diverged = await logDiverged(app.rivulet);
  await app.rivulet.flush();
  watched = await watchPage(browser, app.origin, { viewport: { width: 1280, height: 1600 } });
  page = watched.page;
  page.setDefaultTimeout(15_000);
});
afterAll(async () => {
  await watched.close();
  await Promise.all([browser.close(), app.close()]);
});
beforeEach(async () => {
  await page.mouse.move(0, 0);
  return async () => expect(await watched.problems()).toEqual([]);
});

/** A run of 5,000 points, one a second: more than a chart has room for. */
async function logLong(rivulet: Rivulet): Promise<string> {
  const run = await rivulet.runs.start({ experiment: "Curves", name: "long" });
  const { startTime } = await rivulet.runs.get(run.id);
  for (let step = 0; step < 5_000; step += 1)
    run.logMetric("wave", step % 12, { step, timestamp: startTime + 1_000 * step });
  await run.finish();
  return run.id;
}

/** A run whose loss is lost now and then, and at the end. */
async function logDiverged(rivulet: Rivulet): Promise<string> {
  const run = await rivulet.runs.start({ experiment: "Curves", name: "diverged" });
  for (const [step, loss] of [9, 4, Number.NaN, 1, Number.NaN].entries())
    run.logMetric("loss", loss, { step });
  run.logMetrics({ never: Number.NaN, tiny: 1.1e-13 });
  await run.finish();
  return run.id;
}

async function openComparison(state = ""): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${app.url}#/compare-runs?runs=${ids.join(",")}${state}`);
  await chart("train/loss").locator(".u-over").waitFor();
}

function chart(title: string): Locator {
  return page.locator("figure", { has: page.getByRole("heading", { name: title, exact: true }) });
}

describe("charts of many runs", () => {
  it("tell the values of all of them at the cursor, each at its own nearest step", async () => {
    await openComparison();
    const over = chart("train/loss").locator(".u-over");
    await over.hover({ position: { x: 120, y: 100 } });
    const tooltip = chart("train/loss").locator(".curve-tooltip");
    await tooltip.waitFor();
    const step = Number(/Step (\d+)/.exec((await tooltip.textContent()) ?? "")?.[1]);
    expect(step).toBeGreaterThan(0);
    const expected = ids
      .map((_, index) => {
        const own = [step, step - 1, step + 1].find((at) => at % 3 === index % 3) ?? -1;
        const note = own === step ? "" : `at ${own}`;
        return `run ${index}${note}${(100 * index + own).toLocaleString("en-US")}`;
      })
      .toReversed();
    await expect
      .poll(() => textsOf(tooltip.getByRole("listitem", { includeHidden: true })))
      .toEqual(expected);
    await expect.poll(() => tooltip.locator(".is-nearest").count()).toBe(1);
  });

  it("hide a line by a click on its name, and isolate it by a click with Alt; the URL says so", async () => {
    await openComparison();
    const legend = page.getByRole("list", { name: "Lines in the charts" });
    await legend.getByRole("button", { name: "run 3", exact: true }).click();
    await expect.poll(() => page.url()).toContain(`hide=${ids[3]?.slice(-12)}`);
    await legend.getByRole("button", { name: "run 4" }).click({ modifiers: ["Alt"] });
    await expect.poll(() => page.url()).toContain(`only=${ids[4]?.slice(-12)}`);
    const shown = legend.locator('[aria-pressed="true"]');
    await expect.poll(() => textsOf(shown)).toEqual(["run 4"]);
    await page.reload();
    await chart("train/loss").getByText("last 458").waitFor();
    await page.getByRole("button", { name: "Show all lines" }).click();
    await expect.poll(() => shown.count()).toBe(RUNS);
  });

  it("tell 20 lines apart by colour and pattern", async () => {
    await openComparison();
    const looks = await page
      .getByRole("list", { name: "Lines in the charts" })
      .locator("line")
      .evaluateAll((lines) =>
        lines.map(
          (line) => `${getComputedStyle(line).stroke} ${line.getAttribute("stroke-dasharray")}`,
        ),
      );
    expect(new Set(looks).size).toBe(RUNS);
  });

  it("stand in sections by prefix, with those of the machine folded and more than 12 on demand", async () => {
    await openComparison();
    const headings = page.getByRole("heading", { level: 3 }).getByRole("button");
    await expect
      .poll(() => textsOf(headings))
      .toEqual(["Metrics 1", "train 1", "val 14", "System metrics 1"]);
    await expect.poll(() => chart("system/cpu").count()).toBe(0);
    await headings.getByText("System metrics").click();
    await chart("system/cpu").waitFor();
    await page.getByRole("heading", { name: "val 14" }).scrollIntoViewIfNeeded();
    await chart("val/score 11").waitFor();
    await expect.poll(() => chart("val/score 12").count()).toBe(0);
    await page.getByRole("button", { name: "2 more" }).click();
    await chart("val/score 13").waitFor();
    expect(new URL(page.url()).hash).toMatch(/fold=system&more=val$/);
  });

  it("zoom into what is dragged over, all together, and back", async () => {
    await openComparison();
    const box = await chart("train/loss").locator(".u-over").boundingBox();
    if (box === null) throw new Error("The chart has no place");
    await page.mouse.move(box.x + box.width * 0.25, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 60, { steps: 4 });
    await page.mouse.up();
    const reset = page.getByRole("button", { name: "Reset zoom" });
    await reset.waitFor();
    const [from = 0, to = 0] =
      /zoom=([\d.]+)%7E([\d.]+)/.exec(page.url())?.slice(1).map(Number) ?? [];
    expect([Math.round(from), Math.round(to)]).toEqual([15, 44]);
    await reset.click();
    await expect.poll(() => page.url()).not.toContain("zoom");
  });

  it("have all points of a part that is zoomed into, whatever runs along the axis", async () => {
    const table = chart("wave").getByRole("row");
    const steps = (): Promise<string[]> => table.getByRole("rowheader").allTextContents();
    await page.goto(`${app.url}#/compare-runs?runs=${long},${ids[0]}&zoom=2000.4~2009.7`);
    await page.getByRole("button", { name: "View wave as table" }).click();
    const between = Array.from({ length: 9 }, (_, index) => `2,00${index + 1}`);
    await expect.poll(steps, { timeout: 15_000 }).toEqual(between);
    expect(await table.last().textContent()).toBe("2,0095");
    await page.goto(
      `${app.url}#/compare-runs?runs=${long},${ids[0]}&x=relative&zoom=2000.5~2009.5`,
    );
    const since = Array.from({ length: 9 }, (_, index) => `33 m ${21 + index} s`);
    await expect.poll(steps, { timeout: 15_000 }).toEqual(since);
  });

  it("are pinned above the others, and enlarged with the values of their lines", async () => {
    await openComparison();
    await page.getByRole("button", { name: "More of train/loss" }).click();
    await page.getByRole("button", { name: "Pin to the top" }).click();
    await page.getByRole("heading", { name: "Pinned 1" }).waitFor();
    await page.getByRole("button", { name: "Enlarge train/loss" }).click();
    const dialog = page.getByRole("dialog", { name: "train/loss" });
    const row = dialog.getByRole("row", { name: "run 19" });
    await expect.poll(() => textsOf(row.getByRole("cell"))).toEqual(["1,958", "1,901", "1,958"]);
    await expect.poll(() => page.url()).toMatch(/pins=train%2Floss&chart=train%2Floss$/);
    await dialog.getByRole("button", { name: "Close" }).click();
  });

  it("keep the ends of long names, which tell them apart, and have them whole where one points", async () => {
    const names = [
      "resnet50, cosine schedule, warm-up, seed 1",
      "resnet50, cosine schedule, warm-up, seed 2",
    ];
    const twins: string[] = [];
    for (const name of names) {
      const run = await app.rivulet.runs.start({ experiment: "Twins", name });
      for (const step of [0, 1, 2]) run.logMetric("loss", step * twins.length, { step });
      await run.finish();
      twins.push(run.id);
    }
    await page.goto(`${app.url}#/compare-runs?runs=${twins.join(",")}`);
    const legend = page.getByRole("list", { name: "Lines in the charts" }).getByRole("button");
    await expect
      .poll(() => textsOf(legend))
      .toEqual(["resnet50, cosi…warm-up, seed 1", "resnet50, cosi…warm-up, seed 2"]);
    expect(await legend.last().getAttribute("title")).toContain(names[1]);
    await chart("loss")
      .locator(".u-over")
      .hover({ position: { x: 200, y: 8 } });
    await expect
      .poll(() => textsOf(chart("loss").locator(".curve-tooltip .legend-name")))
      .toEqual([names[1], "resnet50,…up, seed 1"]);
  });

  it.each(["PNG", "SVG", "CSV"])("are kept as %s", async (format) => {
    await openComparison();
    await page.getByRole("button", { name: "More of train/loss" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: `Download ${format}` }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`train-loss.${format.toLowerCase()}`);
    const content = await readFile(await download.path());
    if (format === "PNG") expect(content.subarray(1, 4).toString()).toBe("PNG");
    if (format === "SVG") expect(content.toString()).toMatch(/^<svg [^>]*viewBox="0 0 960 540"/);
    if (format !== "CSV") return;
    const lines = content.toString().trim().split("\r\n");
    expect(lines).toHaveLength(1 + (RUNS * STEPS) / 3);
    expect(lines.slice(0, 2)).toEqual(["run,run_id,step,value", `run 0,${ids[0]},0,0`]);
  });
});

describe("charts of one run", () => {
  it("have no legend, and say the last value and the range in words", async () => {
    await page.goto(`${app.url}#/experiments/${experimentId}/runs/${ids[2]}`);
    await chart("train/loss").getByText("last 259 of 202 to 259").waitFor();
    await expect
      .poll(() => page.getByRole("list", { name: "Lines in the charts" }).count())
      .toBe(0);
  });

  it("say what was logged as NaN, whose place is a gap in the line and no value of the range", async () => {
    await page.goto(`${app.url}#/experiments/${experimentId}/runs/${diverged}`);
    await chart("loss").getByText("last NaN of 1 to 9").waitFor();
    await expect
      .poll(() => chart("never").locator(".value-bar").getAttribute("style"))
      .toBe("width: 0%;");
    await expect
      .poll(() => chart("tiny").locator(".value-bar").getAttribute("style"))
      .toBe("width: 100%;");
    await page.getByRole("button", { name: "More of loss" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download SVG" }).click(),
    ]);
    const svg = (await readFile(await download.path())).toString();
    // A line through the first two, and the one after the gap by itself.
    expect(svg).toMatch(/ d="M[\d. ]+L[\d. ]+M[\d. ]+m-2 0h4"/);
  });
});

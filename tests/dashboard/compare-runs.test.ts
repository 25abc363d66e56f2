import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { textsOf } from "./texts-of.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

/** More than fit into one page of a search, or one request for curves. */
const RUNS = 240;

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;
const ids: string[] = [];

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  const { id: experimentId } = await app.rivulet.experiments.create({
    name: "Sweep",
    metrics: { accuracy: { better: "higher" }, loss: { better: "lower" } },
  });
  const parent = await app.rivulet.runs.start({ experimentId, name: "all of them" });
  for (let index = 0; index < RUNS; index += 1) {
    const run = await app.rivulet.runs.create({
      experimentId,
      name: `run ${index}`,
      parentRunId: parent.id,
      params: { lr: 10 ** (-4 + index / 80), solver: index % 2 === 0 ? "adam" : "sgd", seed: 7 },
    });
    const values = { accuracy: index / 1000, loss: 3 - index / 100, toxicity: index / 500 };
    const metrics = Object.entries(values).flatMap(([key, value]) =>
      [1, 2].map((step) => ({ key, value: step === 1 ? value + 1 : value, step })),
    );
    await app.rivulet.runs.logBatch({ runId: run.id, metrics });
    ids.push(run.id);
  }
  await parent.finish();
  await app.rivulet.flush();
  watched = await watchPage(browser, app.origin, { viewport: { width: 1280, height: 1200 } });
  page = watched.page;
  page.setDefaultTimeout(15_000);
});
afterAll(async () => {
  expect(await watched.problems()).toEqual([]);
  await watched.close();
  await Promise.all([browser.close(), app.close()]);
});

async function open(state: string, some: readonly string[] = ids): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${app.url}#/compare-runs?runs=${some.join(",")}&${state}`);
}

function row(name: string): Locator {
  return page
    .getByRole("row", { name, exact: false })
    .filter({ hasNot: page.locator(".group-title") });
}

describe("many runs side by side", () => {
  it("are all there, the first drawn as lines and the others on demand", async () => {
    await open("");
    await page.getByText(`${RUNS} runs`, { exact: true }).waitFor();
    await page.getByText(`Lines of the first 50 of ${RUNS} runs.`).waitFor();
    await page.getByRole("button", { name: "Draw 200" }).click();
    await page.getByRole("button", { name: `Draw ${RUNS}` }).click();
    const legend = page.getByRole("list", { name: "Lines in the charts" });
    await legend.getByRole("button", { name: `run ${RUNS - 1}` }).waitFor();
    await expect.poll(() => page.url()).toContain(`lines=${RUNS}`);
  });

  it("are found among the lines by words of their names, and drawn alone when one asks", async () => {
    await open("");
    const legend = page.getByRole("list", { name: "Lines in the charts" });
    await page.getByRole("searchbox", { name: "Find a line" }).fill("N 4");
    await expect.poll(() => legend.getByRole("button").count()).toBe(14);
    await page.getByRole("button", { name: "Show only these 14" }).click();
    await expect.poll(() => legend.getByRole("button", { pressed: true }).count()).toBe(14);
    await page.getByRole("searchbox", { name: "Find a line" }).fill("");
    await expect.poll(() => legend.getByRole("button", { pressed: true }).count()).toBe(14);
    await page.getByRole("button", { name: "Show all lines" }).click();
    await expect.poll(() => legend.getByRole("button", { pressed: true }).count()).toBe(50);
  });

  it("have a short address once they are many, and a link with all of them to give away", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await open("view=sweep");
    const grip = page.locator(".parallel-axis", { hasText: "lr" }).locator(".grip");
    await page.getByText("Narrow by sliders").click();
    await grip.waitFor();
    await page.getByRole("slider", { name: "lr from" }).fill("0.5");
    await page.getByRole("link", { name: "Compare 120 runs" }).click();
    await page.getByText("120 runs", { exact: true }).waitFor();
    const chosen = page.url();
    expect(chosen).toMatch(/#\/compare-runs\?chosen=120-\w+$/);
    await page.getByRole("button", { name: "Copy a link that has all of them" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const elsewhere = await browser.newContext();
    const other = await elsewhere.newPage();
    await other.goto(link);
    await other.getByText("120 runs", { exact: true }).waitFor();
    await other.goto("about:blank");
    await other.goto(chosen);
    await other.getByText("These runs were chosen in another browser").waitFor();
    await elsewhere.close();
    // A link that was kept opens again.
    await page.goto("about:blank");
    await page.goto(`${chosen}&view=values`);
    await page.getByText("120 runs", { exact: true }).waitFor();
  });

  it("are columns of which only those in view are drawn, and the last can be scrolled to", async () => {
    await open("view=values");
    const heads = page.getByRole("columnheader").getByRole("link");
    await heads.first().waitFor();
    await expect.poll(() => heads.count()).toBeLessThan(30);
    await expect
      .poll(async () => {
        await page
          .getByRole("region", { name: "Values of the runs" })
          .evaluate((region) => region.scrollTo({ left: region.scrollWidth }));
        return heads.getByText(`run ${RUNS - 1}`, { exact: true }).count();
      })
      .toBe(1);
  });

  it("are drawn where a window that has become wider has room for them", async () => {
    await page.setViewportSize({ width: 600, height: 1200 });
    await open("view=values");
    const heads = page.getByRole("columnheader").getByRole("link");
    await heads.first().waitFor();
    await page.setViewportSize({ width: 2400, height: 1200 });
    const right = async (place: Locator): Promise<number> => {
      const box = await place.boundingBox();
      return (box?.x ?? 0) + (box?.width ?? 0);
    };
    // Nothing is scrolled, and the whole width has columns.
    const region = page.getByRole("region", { name: "Values of the runs" });
    await expect
      .poll(async () => (await right(heads.last())) - (await right(region)))
      .toBeGreaterThan(0);
    await page.setViewportSize({ width: 1280, height: 1200 });
  });

  it("mark what is best, and colour differences, only where the experiment says which way is good", async () => {
    await open("view=values&show=all", [ids[10] ?? "", ids[110] ?? ""]);
    await row("accuracy").waitFor();
    const cells = (name: string): Promise<readonly string[]> =>
      textsOf(row(name).locator("td:not(.room)"));
    expect(await cells("accuracy")).toEqual(["0.01", "0.11 +0.1, betterbest"]);
    expect(await cells("loss")).toEqual(["2.9", "1.9 −1, betterbest"]);
    expect(await cells("toxicity")).toEqual(["0.02", "0.22 +0.2"]);
    await expect.poll(() => row("toxicity").locator(".tone-good, .tone-bad").count()).toBe(0);
  });

  it("are held against the run that is chosen, ordered by a value, with or without what is the same", async () => {
    await open("view=values", ids.slice(0, 3));
    await row("solver").waitFor();
    await expect.poll(() => row("seed").count()).toBe(0);
    await page.getByRole("columnheader", { name: "run 1" }).getByRole("button").click();
    await page.getByRole("button", { name: "accuracy" }).click();
    const heads = page.getByRole("columnheader").getByRole("link");
    await expect.poll(() => textsOf(heads)).toEqual(["run 1", "run 2", "run 0"]);
    await expect.poll(() => page.url()).toContain(`baseline=${ids[1]}`);
    await page.getByLabel("Only differences").uncheck();
    await row("seed").waitFor();
  });

  it("come last without a value, whichever way they are ordered", async () => {
    const { items } = await app.rivulet.runs.search({ filter: "name = 'all of them'" });
    const some = [ids[5] ?? "", items[0]?.id ?? "", ids[1] ?? "", ids[3] ?? ""];
    const heads = page.getByRole("columnheader").getByRole("link");
    for (const [direction, names] of [
      ["ASC", ["run 5", "run 1", "run 3", "all of them"]],
      ["DESC", ["run 5", "run 3", "run 1", "all of them"]],
    ] as const) {
      await open(`view=values&sort=metrics.accuracy+${direction}`, some);
      await expect.poll(() => textsOf(heads)).toEqual(names);
    }
  });
});

describe("the values of many runs on a narrow screen", () => {
  it("scroll by themselves, and leave the page as wide as it is", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open("view=values");
    await page.getByRole("link", { name: "run 0", exact: true }).waitFor();
    const widths = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
    await expect.poll(widths).toBe(390);
    // A run has room beside the names of what is compared.
    const box = await page.getByRole("columnheader").filter({ hasText: "run 0" }).boundingBox();
    expect((box?.x ?? 390) + (box?.width ?? 390)).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 1200 });
  });
});

describe("a sweep", () => {
  it("ranks its runs by a metric, the best first, and by its extremes", async () => {
    await open("view=sweep");
    const ranked = page.getByRole("region", { name: "Runs by accuracy" });
    const first = ranked.getByRole("row").nth(1);
    await first.getByRole("link", { name: "run 239" }).waitFor();
    await expect
      .poll(() => textsOf(first.getByRole("cell")))
      .toEqual(["1", "0.239best", "0.097163", "sgd"]);
    await page.getByText("Lowest first").click();
    await first.getByRole("link", { name: "run 0", exact: true }).waitFor();
    await page.getByText("Max", { exact: true }).click();
    await expect.poll(() => textsOf(first.getByRole("cell"))).toEqual(["1", "1", "0.0001", "adam"]);
    await expect.poll(() => page.url()).toMatch(/order=lowest&of=max$/);
  });

  it("ranks runs that diverged or have no value behind all others, whichever end is best", async () => {
    const values = { diverged: Number.NaN, low: 1, without: undefined, high: 2 };
    const some: string[] = [];
    for (const [name, value] of Object.entries(values)) {
      await app.rivulet.runs.with({ experiment: "few", name, params: { name } }, (run) => {
        if (value !== undefined) run.logMetric("score", value);
        some.push(run.id);
      });
    }
    await open("view=sweep", some);
    const links = page.getByRole("region", { name: "Runs by score" }).getByRole("link");
    await expect.poll(() => textsOf(links)).toEqual(["high", "low", "diverged", "without"]);
    await page.getByText("Lowest first").click();
    await expect.poll(() => textsOf(links)).toEqual(["low", "high", "diverged", "without"]);
  });

  it("is narrowed by dragging along an axis, or by sliders, to runs that can be compared", async () => {
    await open("view=sweep");
    const grip = page.locator(".parallel-axis", { hasText: "lr" }).locator(".grip");
    const box = await grip.boundingBox();
    if (box === null) throw new Error("The axis has no place");
    await page.mouse.move(box.x + box.width / 2, box.y + 1);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 3 });
    await page.mouse.up();
    await page.getByText(/^1[12]\d of 240 runs$/).waitFor();
    await page.getByText("Narrow by sliders").click();
    await page.getByRole("slider", { name: "solver from" }).fill("0.5");
    await page.getByText(/^(?:59|6\d) of 240 runs$/).waitFor();
    await page.getByRole("link", { name: /^Compare (?:59|6\d) runs$/ }).click();
    await page.getByText(/^(?:59|6\d) runs$/).waitFor();
  });
});

describe("parallel coordinates", () => {
  it("are walked by arrow keys, line by line, which tell their values", async () => {
    await open("view=sweep");
    const line = page.locator('.parallel a[tabindex="0"]');
    await line.focus();
    const run = /^(run \d+): .*lr /;
    const name = run.exec((await line.getAttribute("aria-label")) ?? "")?.[1];
    await page
      .locator(".parallel-note strong")
      .getByText(name ?? "", { exact: true })
      .waitFor();
    await page.keyboard.press("ArrowDown");
    await expect
      .poll(async () => page.locator(".parallel-note strong").textContent())
      .not.toBe(name);
    expect(await page.locator('.parallel a[tabindex="0"]').count()).toBe(1);
    await page.keyboard.press("Tab");
    await expect.poll(() => page.locator(".parallel a:focus").count()).toBe(0);
  });
});

describe("a scatter plot", () => {
  it("has round numbers along its axes, and powers of ten where they span hundreds", async () => {
    const some: string[] = [];
    for (const [depth, loss] of [
      [2, 0.001],
      [5, 0.3],
      [8, 0.7],
    ] as const) {
      await app.rivulet.runs.with({ experiment: "round", params: { depth } }, (run) => {
        run.logMetric("loss", loss);
        some.push(run.id);
      });
    }
    await open("view=scatter&across=params.depth&up=metrics.loss", some);
    const labels = (name: string) => page.locator(`.scatter-frame .${name}`);
    await expect
      .poll(() => textsOf(labels("is-tick")))
      .toEqual(["2", "3", "4", "5", "6", "7", "8"]);
    expect(await textsOf(labels("tick-label"))).toEqual(["0.001", "0.01", "0.1"]);
  });

  it("has a dot per run that leads to it", async () => {
    await open(
      "view=scatter&across=params.lr&up=metrics.loss",
      [0, 80, 160].map((index) => ids[index] ?? ""),
    );
    const dots = page.locator(".scatter a");
    await dots.first().waitFor();
    await expect.poll(() => dots.count()).toBe(3);
    await dots.nth(1).hover();
    await page.getByText("run 80 lr 0.001 · loss 2.2").waitFor();
    await expect.poll(() => dots.nth(1).getAttribute("href")).toContain(`/runs/${ids[80]}`);
  });

  it("is one stop of the Tab key, and walked by arrow keys from left to right", async () => {
    const dots = page.locator(".scatter a");
    await dots.first().focus();
    await page.keyboard.press("Tab");
    await expect.poll(() => page.locator(".scatter a:focus").count()).toBe(0);
    const label = (): Promise<string | null> => page.locator("a:focus").getAttribute("aria-label");
    await dots.first().focus();
    const first = await label();
    await page.keyboard.press("ArrowRight");
    await expect.poll(label).toBe("run 80: lr 0.001 · loss 2.2");
    await page.keyboard.press("End");
    await page.keyboard.press("Home");
    await expect.poll(label).toBe(first);
    await page.keyboard.press("ArrowRight");
    await page.getByText("run 80 lr 0.001 · loss 2.2").waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.hash.includes(`/runs/${ids[80]}`));
  });
});

import { readFile } from "node:fs/promises";
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
let runs: string;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  const { rivulet } = app;
  await rivulet.experiments.create({
    name: "sweeps",
    metrics: { score: { better: "higher" } },
  });
  const start = async (name: string, parentRunId?: string): Promise<string> => {
    const parent = parentRunId === undefined ? {} : { parentRunId };
    const run = await rivulet.runs.start({ experiment: "sweeps", name, ...parent });
    const value = Number(/\d+$/.exec(name)?.[0] ?? Number.NaN);
    if (!Number.isNaN(value)) run.logMetrics({ score: value, size: -value });
    await run.finish();
    return run.id;
  };
  const sweep = await start("sweep");
  for (const name of ["trial a", "trial b"]) {
    const trial = await start(name, sweep);
    if (name === "trial b") await start("fold 1", trial);
  }
  const wide = await start("wide sweep");
  for (let number = 100; number < 220; number += 1) await start(`point ${number}`, wide);
  await start("alone");
  await rivulet.flush();
  const { id } = await rivulet.experiments.ensure("sweeps");
  runs = `#/experiments/${id}/runs?columns=name,metrics.score,metrics.size&order=name+ASC`;
  watched = await watchPage(browser, app.origin);
  page = watched.page;
  page.setDefaultTimeout(15_000);
}, 60_000);
afterAll(async () => {
  expect(await watched.problems()).toEqual([]);
  await watched.close();
  await Promise.all([browser.close(), app.close()]);
});

const links = (): Promise<string[]> => page.locator("tbody .row-link").allTextContents();

async function open(route: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(app.url + route);
  await page.getByRole("table").waitFor();
}

describe("runs as a tree", () => {
  it("list only those that are nested in none, and the others under theirs once it is opened", async () => {
    await open(runs);
    await page.getByLabel("Group by").selectOption("As a tree");
    await expect.poll(links).toEqual(["alone", "sweep", "wide sweep"]);
    await page.getByRole("button", { name: "2 under sweep", exact: true }).click();
    await expect.poll(links).toEqual(["alone", "sweep", "trial a", "trial b", "wide sweep"]);
    await page.getByRole("button", { name: "1 under trial b" }).click();
    await expect
      .poll(links)
      .toEqual(["alone", "sweep", "trial a", "trial b", "fold 1", "wide sweep"]);
    expect(await findFaults(page)).toEqual([]);
    await page.getByRole("button", { name: "2 under sweep", exact: true }).click();
    await expect.poll(links).toEqual(["alone", "sweep", "wide sweep"]);
  });

  it("narrow what is under one to what is looked for, or show all of it where nothing is found", async () => {
    await open(
      `${runs}&group=/tree&filter=${encodeURIComponent("status = 'finished' AND name != 'trial a'")}`,
    );
    await page.getByRole("button", { name: "1 of 2 under sweep", exact: true }).click();
    await expect.poll(links).toEqual(["alone", "sweep", "trial b", "wide sweep"]);
    await open(`${runs}&group=/tree`);
    await page.getByRole("combobox", { name: "Find runs" }).fill("sweep");
    await page.keyboard.press("Enter");
    await expect.poll(links).toEqual(["sweep", "wide sweep"]);
    await page.getByRole("button", { name: "2 under sweep", exact: true }).click();
    await expect.poll(links).toEqual(["sweep", "trial a", "trial b", "wide sweep"]);
  });

  it("can be ticked at every depth, and are open again after Back", async () => {
    await open(`${runs}&group=/tree`);
    await page.getByRole("button", { name: "2 under sweep", exact: true }).click();
    await page.getByRole("checkbox", { name: "Select trial a" }).click();
    await page.getByRole("checkbox", { name: "Select alone" }).click();
    await page.getByRole("link", { name: "Compare 2 runs" }).click();
    await page.getByRole("heading", { name: "Compare runs" }).waitFor();
    await page.goBack();
    await expect.poll(links).toEqual(["alone", "sweep", "trial a", "trial b", "wide sweep"]);
  });

  it("show the first hundred under one, and all of them in a list when one asks", async () => {
    await open(`${runs}&group=/tree`);
    await page.getByRole("button", { name: "120 under wide sweep" }).click();
    await page.getByRole("link", { name: "point 100" }).waitFor();
    await page.getByRole("button", { name: "all", exact: true }).click();
    await page.getByText("120 runs", { exact: true }).waitFor();
    await page.getByRole("link", { name: "point 100" }).waitFor();
  });

  it("are all exported once they are ticked, also more than an address could name", async () => {
    await open(runs);
    await page.getByRole("checkbox", { name: "Select all rows that are loaded" }).click();
    await page.getByRole("button", { name: /^Select all 1\d\d$/ }).click();
    await page.getByText("126 selected").waitFor();
    for (const format of ["CSV", "JSON", "JSON lines", "Parquet"]) {
      await page.getByRole("button", { name: "Export" }).click();
      const [saved] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: `Metric points as ${format}`, exact: true }).click(),
      ]);
      const file = (await readFile(await saved.path())).toString("latin1");
      expect(file.startsWith("PAR1")).toBe(format === "Parquet");
      if (format === "JSON lines") expect(file.trim().split("\n")).toHaveLength(242);
    }
    await page.getByRole("button", { name: "Clear" }).click();
  });

  it("are grouped by their datasets, whose names are suggested", async () => {
    const { rivulet } = app;
    for (const [name, digest] of [
      ["iris", "d1"],
      ["zoo", "d2"],
    ] as const) {
      const run = await rivulet.runs.start({ experiment: "sweeps", name: `on ${name}` });
      const dataset = { name, digest, sourceType: "local", source: `${name}.csv` };
      for (const context of ["training", "validation"])
        await rivulet.runs.logInputs({ runId: run.id, inputs: [{ dataset, context }] });
      await run.finish();
    }
    await open(runs);
    await page.getByLabel("Group by").selectOption("By dataset");
    await expect
      .poll(() => page.locator(".group-value").allTextContents())
      .toEqual(["iris", "zoo", "None"]);
    await page.getByText("1 run", { exact: true }).first().waitFor();
    await page.getByLabel("Group by").selectOption("Not grouped");
    const box = page.locator("input[role=combobox]");
    await box.fill("Dataset");
    await page.getByRole("option", { name: "Dataset dataset.name" }).click();
    await page.getByRole("option", { name: "Dataset = zoo" }).click();
    await expect.poll(links).toEqual(["on zoo"]);
  });

  it("say of a run with nested ones what is best of them, or between what they are", async () => {
    await open(`${runs}&group=/tree`);
    const row = page.getByRole("row", { name: "wide sweep" });
    await expect
      .poll(() => textsOf(row.getByRole("cell").nth(2)))
      .toEqual(["★ 219 (Best of 120 nested runs: point 219)"]);
    await expect
      .poll(() => textsOf(row.getByRole("cell").nth(3)))
      .toEqual(["-219–-100 (Of 120 nested runs)"]);
    // Those of its own stay what they are.
    await page.getByRole("button", { name: "120 under wide sweep" }).click();
    const point = page.getByRole("row", { name: "point 100" }).getByRole("cell");
    await expect.poll(async () => (await textsOf(point)).slice(2)).toEqual(["100", "-100"]);
  });
});

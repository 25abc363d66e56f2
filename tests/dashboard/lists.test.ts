import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;
let runs: string;
let manyRuns: string;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  const { rivulet } = app;
  const { id } = await rivulet.experiments.create({ name: "sweep" });
  runs = `#/experiments/${id}/runs`;
  await rivulet.experiments.update(id, { metrics: { loss: { better: "lower" } } });
  for (const [name, depth, loss] of [
    ["one", "2", 0.5],
    ["two", "2", 0.3],
    ["=HYPERLINK()", "4", -0.25],
  ] as const) {
    const run = await rivulet.runs.start({ experiment: "sweep", name, params: { depth } });
    for (let step = 0; step < 5; step += 1) run.logMetric("loss", loss + 4 - step, { step });
    await run.finish();
  }
  const many = await rivulet.experiments.create({ name: "many" });
  manyRuns = `#/experiments/${many.id}/runs?order=name+ASC`;
  for (let number = 0; number < 250; number += 1) {
    const name = `run ${String(number).padStart(3, "0")}`;
    await rivulet.runs.create({ experiment: "many", name });
  }
  for (let number = 1; number <= 5; number += 1) {
    rivulet.startSpan(`answer ${number}`, { input: "a, b" }).end({ output: `reply ${number}` });
    await rivulet.flush();
  }
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(() => Promise.all([browser.close(), app.close()]));

async function open(route: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(app.url + route);
  await page.getByRole("table").waitFor();
}

const tick = (name: string) => page.getByRole("checkbox", { name: `Select ${name}`, exact: true });
const button = (name: string) => page.getByRole("button", { name, exact: true });
const bar = () => page.getByRole("region", { name: "Selected rows" });

async function saved(format: "CSV" | "JSON"): Promise<string> {
  await button("Export").click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: `${format} of` }).click(),
  ]);
  return readFile(await download.path(), "utf8");
}

describe("ticked rows", () => {
  it("are ticked as a range with Shift, and all at once", async () => {
    await open("#/traces?order=startTime+ASC");
    await tick("answer 2").click();
    await tick("answer 4").click({ modifiers: ["Shift"] });
    await bar().getByText("3 selected").waitFor();
    await page.getByRole("checkbox", { name: "Select all rows that are loaded" }).click();
    await bar().getByText("5 selected").waitFor();
    await button("Clear").click();
    await bar().waitFor({ state: "detached" });
  });

  it("are also those that are not loaded, once all of them are ticked", async () => {
    await open(manyRuns);
    const all = page.getByRole("checkbox", { name: "Select all rows that are loaded" });
    await all.click();
    await button("Select all 250").click();
    await bar().getByText("250 selected").waitFor();
    await tick("run 003").click();
    await bar().getByText("249 selected").waitFor();
    expect(await all.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true);
    const names = (JSON.parse(await saved("JSON")) as { readonly name: string }[]).map(
      ({ name }) => name,
    );
    expect([names.length, names[2], names[3], names.at(-1)]).toEqual([
      249,
      "run 002",
      "run 004",
      "run 249",
    ]);
    await page.getByText("249 runs saved to runs.json.").first().waitFor();
    await all.click();
    await bar().getByText("250 selected").waitFor();
    await page.getByRole("link", { name: "Compare 250 runs" }).waitFor();
    await all.click();
    await bar().waitFor({ state: "detached" });
  });

  it("begin a range only in the list they were ticked in", async () => {
    await open(`${manyRuns}&q=run+00`);
    await tick("run 001").click();
    await page.evaluate(() => {
      location.hash = location.hash.replace("q=run+00", "q=run");
    });
    await bar().waitFor({ state: "detached" });
    await tick("run 004").click({ modifiers: ["Shift"] });
    await bar().getByText("1 selected").waitFor();
  });

  it("are ticked no longer once the list is narrowed to others", async () => {
    await open("#/traces?order=startTime+ASC");
    await tick("answer 2").click();
    await bar().getByText("1 selected").waitFor();
    await page.evaluate(() => {
      location.hash = "#/traces?order=startTime+ASC&where=name:is:answer+3";
    });
    await bar().waitFor({ state: "detached" });
    await page.getByText("1 trace", { exact: true }).waitFor();
  });

  it("are told of when one of them could not be changed", async () => {
    await open("#/traces?order=startTime+ASC");
    const gone = await app.rivulet.withSpan("gone", async ({ traceId }) => traceId);
    await app.rivulet.flush();
    await page.reload();
    await tick("gone").click();
    await tick("answer 4").click();
    await button("Tags…").click();
    await app.rivulet.traces.delete([gone]);
    await page.getByLabel("Tag", { exact: true }).fill("late");
    await page.getByLabel("Value").fill("yes");
    await button("Set").click();
    await page.getByRole("alert").getByText("1 of 2 could not be changed").waitFor();
    await page.keyboard.press("Escape");
  });

  it("are tagged together", async () => {
    await open("#/traces?order=startTime+ASC");
    await tick("answer 1").click();
    await tick("answer 3").click();
    await button("Tags…").click();
    await page.getByLabel("Tag", { exact: true }).fill("review");
    await page.getByLabel("Value").fill("yes");
    await button("Set").click();
    await page.getByText("2 traces tagged review: yes.").first().waitFor();
    const found = await app.rivulet.traces.search({ filter: "tags.review = 'yes'" });
    expect(found.items.map(({ name }) => name)).toEqual(["answer 3", "answer 1"]);
  });

  it("are deleted after a question where that is for good", async () => {
    await open("#/traces?order=startTime+ASC");
    await tick("answer 5").click();
    await button("Delete…").click();
    await page.getByRole("dialog").getByText("This cannot be undone.").waitFor();
    await button("Delete").click();
    await page.getByText("1 trace deleted.").first().waitFor();
    await page.getByRole("link", { name: "answer 5", exact: true }).waitFor({ state: "detached" });
    await expect.poll(() => app.rivulet.traces.count()).toBe(4);
  });

  it("stay, and say why, when they cannot be deleted", async () => {
    await open(runs);
    await page.route("**/runs/delete-many", (route) =>
      route.fulfill({
        status: 503,
        json: { error: { code: "store_unavailable", message: "The disk is full." } },
      }),
    );
    await tick("one").click();
    await button("Delete").click();
    await bar().getByRole("alert").getByText("The disk is full.").waitFor();
    await bar().getByText("1 selected").waitFor();
    await page.unroute("**/runs/delete-many");
    // The browser's own note of the answer.
    await watched.problems();
  });

  it("are deleted at once where they can be brought back: by Undo, or from the list of what was deleted", async () => {
    await open(runs);
    await tick("one").click();
    await button("Delete").click();
    await page.getByRole("link", { name: "one", exact: true }).waitFor({ state: "detached" });
    await button("Undo").click();
    await page.getByRole("link", { name: "one", exact: true }).waitFor();
    await tick("two").click();
    await button("Delete").click();
    await page.getByText("1 run deleted.").first().waitFor();
    await button("Deleted").click();
    await page.getByText("1 run", { exact: true }).waitFor();
    await tick("two").click();
    await button("Restore").click();
    await page.getByText("1 run restored.").first().waitFor();
    await button("Deleted").click();
    await page.getByText("3 runs", { exact: true }).waitFor();
  });
});

describe("an export", () => {
  it("has the columns that are shown, unrounded, and no cell that a spreadsheet would run", async () => {
    await open(`${runs}?order=name+DESC`);
    const lines = (await saved("CSV")).split("\r\n").map((line) => line.split(","));
    expect(lines.map(([name]) => name)).toEqual(["Run", "two", "one", "'=HYPERLINK()", ""]);
    expect(lines[0]?.slice(-2)).toEqual(["loss", "depth"]);
    expect(lines[3]?.slice(-2)).toEqual(["-0.25", "4"]);
    const { items } = await app.rivulet.runs.search({ filter: "name = 'two'" });
    expect(lines[1]?.[lines[0]?.indexOf("Started") ?? -1]).toBe(
      new Date(items[0]?.startTime ?? 0).toISOString(),
    );
    await page.getByText("3 runs saved to runs.csv.").first().waitFor();
  });

  it("has all that the filter finds, not only what is loaded", async () => {
    await open(manyRuns);
    const lines = (await saved("CSV")).trimEnd().split("\r\n");
    expect([lines.length, lines[1]?.split(",")[0], lines[250]?.split(",")[0]]).toEqual([
      251,
      "run 000",
      "run 249",
    ]);
  });

  it("has also what one answer has no room for", async () => {
    const { id: experimentId } = await app.rivulet.experiments.create({ name: "a day" });
    for (let number = 0; number <= 1_000; number += 1)
      app.rivulet.startSpan(`call ${number}`, { experimentId }).end();
    await app.rivulet.flush();
    await open(`#/experiments/${experimentId}/traces?order=startTime+ASC`);
    const records = JSON.parse(await saved("JSON")) as { readonly name: string }[];
    expect([records.length, records[0]?.name, records[1_000]?.name]).toEqual([
      1_001,
      "call 0",
      "call 1000",
    ]);
  });

  it("has the ticked rows whole as JSON", async () => {
    await open("#/traces?order=startTime+ASC");
    await tick("answer 2").click();
    const records: unknown = JSON.parse(await saved("JSON"));
    expect(records).toMatchObject([{ name: "answer 2", inputPreview: "a, b", status: "ok" }]);
  });
});

describe("the columns of a list", () => {
  const heads = () => page.locator("thead th[data-column]").allInnerTexts();
  const column = (name: string) => page.getByRole("checkbox", { name, exact: true });

  it("are chosen, kept in the URL, and remembered where a link says nothing of them", async () => {
    await open(runs);
    await expect.poll(heads).toEqual(["Run", "Status", "Started", "Duration", "loss", "depth"]);
    await button("Columns").click();
    await column("Duration").uncheck();
    await column("User").check();
    await page.keyboard.press("Escape");
    await expect.poll(heads).toEqual(["Run", "Status", "Started", "loss", "depth", "User"]);
    await expect
      .poll(() => page.url())
      .toContain("columns=name%2Cstatus%2CstartTime%2Cmetrics.loss%2Cparams.depth%2CuserId");
    await open(runs);
    await expect.poll(heads).toEqual(["Run", "Status", "Started", "loss", "depth", "User"]);
    await open(`${runs}?columns=name,params.depth:200`);
    await expect.poll(heads).toEqual(["Run", "depth"]);
    expect((await page.locator("th[data-column='params.depth']").boundingBox())?.width).toBe(200);
  });

  it("are moved and made wider by keyboard", async () => {
    await open(`${runs}?columns=name,status,metrics.loss`);
    await button("Columns").click();
    await column("loss").focus();
    await page.keyboard.press("Alt+ArrowUp");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Escape");
    await expect.poll(heads).toEqual(["Run", "loss", "Status"]);
    await expect.poll(() => page.url()).toContain("columns=name%2Cmetrics.loss%3A128%2Cstatus");
  });

  it("are dragged to another place, and drawn wider at their edge", async () => {
    await open(`${runs}?columns=name,status,startTime`);
    await page.locator("thead").hover();
    await page.locator("thead[data-can-drag]").waitFor();
    await page
      .getByRole("columnheader", { name: "Started" })
      .dragTo(page.getByRole("columnheader", { name: "Status" }));
    await page.waitForURL(/columns=name%2CstartTime%2Cstatus/);
    await expect.poll(heads).toEqual(["Run", "Started", "Status"]);
    const box = await page.getByRole("columnheader", { name: "Started" }).boundingBox();
    const edge = (box?.x ?? 0) + (box?.width ?? 0) - 3;
    await page.mouse.move(edge, (box?.y ?? 0) + 12);
    await page.mouse.down();
    await page.mouse.move(edge + 60, (box?.y ?? 0) + 12);
    await page.mouse.up();
    await page.waitForURL(/startTime%3A164/);
  });

  it("stand in groups, with the best of a metric marked and its curve on demand", async () => {
    await open(`${runs}?columns=name,metrics.loss,curves.loss,params.depth`);
    await expect
      .poll(() => page.locator("th[scope='colgroup']").allInnerTexts())
      .toEqual(["Metrics", "Curves", "Parameters"]);
    await expect
      .poll(() => page.getByTitle("The best of the runs listed").allTextContents())
      .toEqual(["★ -0.25 (best)"]);
    await page.getByRole("img", { name: "loss from 4.5 to 0.5" }).waitFor();
  });

  it("are first those of metrics that are said to be better one way, and none of the details of scores", async () => {
    const { id } = await app.rivulet.experiments.create({
      name: "Many metrics",
      metrics: { "val/auc": { better: "higher" } },
    });
    const run = await app.rivulet.runs.start({ experiment: "Many metrics", name: "only" });
    run.logMetrics({ epoch: 1, "exact/coverage": 1, "exact/mean": 1, memory: 1, "val/auc": 1 });
    await run.finish();
    await open(`#/experiments/${id}/runs`);
    await page.getByRole("columnheader", { name: "val/auc" }).waitFor();
    const heads = await page.getByRole("columnheader").allInnerTexts();
    expect(heads.map((text) => text.trim()).slice(-4)).toEqual([
      "val/auc",
      "epoch",
      "memory",
      "exact/mean",
    ]);
  });

  it("show what was said of traces, with one request for all rows", async () => {
    const { items } = await app.rivulet.traces.search({ orderBy: ["startTime ASC"] });
    for (const { id } of items.slice(0, 3)) {
      await app.rivulet.traces.logFeedback({ traceId: id, name: "tone", value: "warm" });
    }
    let requests = 0;
    page.on("request", (request) => {
      if (request.url().includes("/assessments")) requests += 1;
    });
    await open("#/traces?order=startTime+ASC");
    await page.getByRole("cell", { name: "tone warm" }).nth(2).waitFor();
    await expect.poll(() => page.getByRole("cell", { name: "tone warm" }).count()).toBe(3);
    expect(requests).toBe(1);
  });
});

describe("runs that are grouped", () => {
  const lines = (): Promise<string[]> =>
    page
      .locator("tbody tr:not(.gap)")
      .evaluateAll((rows: HTMLTableRowElement[]) =>
        rows.map((row) => [...row.cells].map((cell) => cell.textContent).join(" | ")),
      );

  it("stand in a line for each value, with how many they are and the mean of their metrics", async () => {
    await open(`${runs}?columns=name,metrics.loss`);
    await page.getByLabel("Group by").selectOption("By params.depth");
    await page.getByRole("button", { name: "2 2 runs" }).waitFor();
    expect(await lines()).toEqual([
      " | 2 2 runs | 0.4 (Mean of 2, from 0.3 to 0.5)",
      " | 4 1 run | ★ -0.25 (best) (Mean of 1, from -0.25 to -0.25)",
    ]);
    await page.getByRole("button", { name: "2 2 runs" }).click();
    await page.getByRole("link", { name: "two" }).waitFor();
    expect((await lines()).map((line) => line.split(" | ")[1])).toEqual([
      "2 2 runs",
      "two",
      "one",
      "4 1 run",
    ]);
    await tick("two").click();
    await bar().getByText("1 selected").waitFor();
    await page.getByRole("link", { name: "one" }).click();
    await page.getByRole("heading", { name: "one" }).waitFor();
    await page.keyboard.press("k");
    await page.getByRole("heading", { name: "two" }).waitFor();
    await button("Close").click();
  });

  it("stand in the order of a mean, those without one last", async () => {
    for (const [kind, values] of [
      ["none", []],
      ["low", [1, 2]],
      ["high", [3]],
    ] as const) {
      const params = { kind };
      const run = await app.rivulet.runs.start({ experiment: "ordered", name: kind, params });
      for (const [step, value] of values.entries()) run.logMetric("gain", value, { step });
      await run.finish();
    }
    const { id } = await app.rivulet.experiments.ensure("ordered");
    for (const [order, kinds] of [
      ["DESC", ["high", "low", "none"]],
      ["ASC", ["low", "high", "none"]],
    ] as const) {
      await open(
        `#/experiments/${id}/runs?columns=name,metrics.gain&group=params.kind&order=metrics.gain+${order}`,
      );
      await expect.poll(() => page.locator(".group-value").allTextContents()).toEqual(kinds);
    }
  });

  it("stand under the run that they are nested in, and those of a large group are one click away", async () => {
    const { rivulet } = app;
    const parent = await rivulet.runs.create({ experiment: "many", name: "parent" });
    const parentRunId = parent.id;
    for (let number = 0; number < 120; number += 1) {
      const name = `child ${String(number).padStart(3, "0")}`;
      await rivulet.runs.create({ experiment: "many", name, parentRunId });
    }
    await open(`${manyRuns}&columns=name&group=parentRunId`);
    await page.getByRole("button", { name: "parent 120 runs" }).click();
    await page.getByRole("link", { name: "child 000" }).waitFor();
    expect((await lines())[0]).toBe(" | parent 120 runs");
    await page.getByRole("region", { name: "Runs" }).evaluate((region) => region.scrollTo(0, 1e6));
    await page.getByRole("button", { name: "None 251 runs" }).waitFor();
    await button("20 more").click();
    await page.getByText("120 runs", { exact: true }).waitFor();
    await page.getByRole("link", { name: "child 000" }).waitFor();
  });
});

describe("what a list shows of one thing", () => {
  it("stands beside the list also for datasets, experiments and users", async () => {
    const { rivulet } = app;
    await rivulet.withSpan("ask", async () => "yes", { userId: "ann", sessionId: "talk" });
    await rivulet.flush();
    await page.goto(`${app.url}#/datasets`);
    await button("New dataset").click();
    await page.getByLabel("Name", { exact: true }).fill("sums");
    await button("Create").click();
    await page.waitForURL(/#\/datasets\/sums/);
    await rivulet.datasets.addRecords("sums", [{ inputs: "2 + 2?" }]);
    for (const [list, name, found] of [
      ["datasets", "sums", "2 + 2?"],
      ["experiments", "many", "Latest runs"],
      ["users", "ann", "talk"],
    ] as const) {
      await open(`#/${list}`);
      await page.getByRole("link", { name, exact: true }).click();
      const panel = page.getByRole("dialog", { name });
      await panel.getByText(found).waitFor();
      await page.keyboard.press("Escape");
      await panel.waitFor({ state: "detached" });
    }
  });

  it("has the first of very many tags, and finds the others", async () => {
    const { rivulet } = app;
    const tagged = (from: number) =>
      Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`key ${from + at}`, "same"]));
    const run = await rivulet.runs.create({
      experiment: "many",
      name: "tagged",
      tags: tagged(100),
    });
    await rivulet.runs.update(run.id, { tags: tagged(200) });
    await page.goto(`${app.url}#/experiments/${run.experimentId}/runs/${run.id}`);
    await page.getByText("and 100 more", { exact: true }).waitFor();
    expect(await page.getByRole("table", { name: "Tags" }).getByRole("row").count()).toBe(100);
    await page.getByLabel("Find among the tags").fill("key 299");
    await page.getByRole("rowheader", { name: "key 299" }).waitFor();
    await expect
      .poll(() => page.getByRole("table", { name: "Tags" }).getByRole("row").count())
      .toBe(1);
  });
});

describe("a saved view", () => {
  const save = async (name: string): Promise<void> => {
    await page.getByLabel("Name", { exact: true }).fill(name);
    await button("Save").click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  };

  it("is a list as it was arranged, under a name and a link", async () => {
    await open(`${runs}?order=metrics.loss+ASC&columns=name,metrics.loss`);
    await button("Views").click();
    await page.getByText("No saved views yet.").waitFor();
    await button("Save as a view").click();
    await save("Best first");
    await page.waitForURL(/view=[0-9a-f]{32}/);
    await open(runs);
    await button("Views").click();
    await page.getByRole("link", { name: "Best first" }).click();
    await button("Best first").waitFor();
    await page.getByRole("columnheader", { name: "loss" }).waitFor();
    await expect
      .poll(() => page.locator("tbody .row-link").allInnerTexts())
      .toEqual(["=HYPERLINK()", "two", "one"]);
    const { items } = await app.rivulet.views.search();
    expect(items).toMatchObject([
      {
        name: "Best first",
        page: "runs",
        query: "columns=name%2Cmetrics.loss&order=metrics.loss+ASC",
      },
    ]);
  });

  it("takes changes and another name, and comes back when its deletion is undone", async () => {
    await open(runs);
    await button("Views").click();
    await page.getByRole("link", { name: "Best first" }).click();
    await page.getByRole("columnheader", { name: "Run" }).getByRole("button").click();
    await button("Best first").click();
    await button("Save changes").click();
    await page.getByText("Saved the view Best first.").first().waitFor();
    await button("Best first").click();
    await button("Rename Best first").click();
    await save("By name");
    await button("By name").click();
    await button("Delete By name").click();
    await page.getByText("No saved views yet.").waitFor();
    await page.keyboard.press("Control+z");
    await page.getByRole("link", { name: "By name" }).waitFor();
    const { items } = await app.rivulet.views.search();
    expect(items).toMatchObject([
      { name: "By name", query: "columns=name%2Cmetrics.loss&order=name+DESC" },
    ]);
  });
});

it("does all of this with nothing untoward in the console", async () => {
  expect(await watched.problems()).toEqual([]);
});

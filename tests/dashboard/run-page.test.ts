import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { textsOf } from "./texts-of.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;
let route = "";
let runId = "";

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  const run = await app.rivulet.runs.start({
    experiment: "Trees",
    name: "forest",
    params: { depth: 3 },
    tags: { stage: "search" },
  });
  for (const [index, loss] of [5, 9, 1, 4].entries())
    run.logMetric("loss", loss, { step: index * 10 });
  await run.logArtifact("model/weights/a.txt", "0.1");
  await run.logArtifact("model/weights/b.txt", "0.22");
  await run.logArtifact("torn.csv", 'name\r\nsetosa\r\nx"y\r\n');
  await run.logArtifact("table.csv", 'name,note\nsetosa,"small, blue"\n');
  for (const depth of [1, 2]) {
    const fold = await app.rivulet.runs.start({
      experiment: "Trees",
      name: `depth ${depth}`,
      parentRunId: run.id,
      params: { depth },
    });
    fold.logMetric("score", depth / 2);
    await fold.finish();
  }
  await run.finish();
  await app.rivulet.flush();
  runId = run.id;
  route = `#/experiments/${run.experimentId}/runs/${run.id}`;
  watched = await watchPage(browser, app.origin);
  page = watched.page;
  page.setDefaultTimeout(15_000);
});
afterAll(async () => {
  expect(await watched.problems()).toEqual([]);
  await watched.close();
  await Promise.all([browser.close(), app.close()]);
});

async function open(tab: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${app.url}${route}?tab=${tab}`);
  await page.getByRole("heading", { level: 1, name: "forest" }).waitFor();
}

async function choose(item: string): Promise<void> {
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("button", { name: item, exact: true }).click();
}

describe("the page of a run", () => {
  it("tells of each metric the last value, the extremes, the step and how many points there are", async () => {
    await open("values");
    const row = page.getByRole("row", { name: "loss" });
    await expect
      .poll(() => textsOf(row.getByRole("cell")))
      .toEqual(["5", "4", "1", "9", "–", "30", "4"]);
  });

  it("shows files as a tree whose folders fold, and CSV as a table", async () => {
    await open("artifacts");
    const rows = page.getByRole("list", { name: "Files" }).locator("button:not(.icon-button)");
    await rows.first().waitFor();
    await expect
      .poll(() => textsOf(rows))
      .toEqual(["model7 B", "weights7 B", "a.txt3 B", "b.txt4 B", "table.csv31 B", "torn.csv19 B"]);
    await rows.getByText("weights").click();
    await expect
      .poll(() => textsOf(rows))
      .toEqual(["model7 B", "weights7 B", "table.csv31 B", "torn.csv19 B"]);
    await rows.getByText("table.csv").click();
    const table = page.getByRole("region", { name: "Rows of the file" });
    await table.waitFor();
    await expect.poll(() => textsOf(table.getByRole("cell"))).toEqual(["setosa", "small, blue"]);
    // Where it is no CSV after all, it is shown whole, as text.
    await rows.getByText("torn.csv").click();
    await page.getByText('x"y').waitFor();
    await expect.poll(() => table.count()).toBe(0);
  });

  it("shows files that are text whatever their type, SVG as a picture, and nothing of bytes", async () => {
    const run = await app.rivulet.runs.start({ experiment: "Trees", name: "files" });
    const svg = "<svg xmlns='http://www.w3.org/2000/svg' width='7' height='3'/>";
    await run.logArtifact("config.yaml", "lr: 0.1\n");
    await run.logArtifact("MLmodel", Buffer.from("flavors: {}\n"));
    await run.logArtifact("model.bin", Buffer.from([0, 255, 7]));
    await run.logArtifact("plot & more (ü).svg", svg);
    await run.finish();
    await app.rivulet.flush();
    const preview = async (path: string): Promise<void> => {
      const at = `${run.id}?tab=artifacts&artifact=${encodeURIComponent(path)}`;
      await page.goto(`${app.url}#/experiments/${run.experimentId}/runs/${at}`);
    };
    await preview("config.yaml");
    await page.getByText("lr: 0.1").waitFor();
    await preview("MLmodel");
    await page.getByText("flavors: {}").waitFor();
    await preview("model.bin");
    await page.getByText("There is no view for application/octet-stream.").waitFor();
    await preview("plot & more (ü).svg");
    const image = page.getByRole("img", { name: "plot & more (ü).svg" });
    await expect
      .poll(() => image.evaluate((drawn: HTMLImageElement) => drawn.naturalWidth))
      .toBe(7);
  });

  it("shows its nested runs as a sweep", async () => {
    await open("sweep");
    await page.getByRole("heading", { name: "Ranked by score" }).waitFor();
    const links = page.getByRole("region", { name: "Runs by score" }).getByRole("link");
    await expect.poll(() => textsOf(links)).toEqual(["depth 2", "depth 1"]);
  });

  it("takes a tag, and gives one that was removed back", async () => {
    await open("metrics");
    await page.getByRole("button", { name: "Add tag" }).click();
    await page.getByRole("textbox", { name: "Key" }).fill("team");
    await page.getByRole("textbox", { name: "Value" }).fill("botany");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("row", { name: "team" }).waitFor();
    await page.getByRole("button", { name: "Remove stage" }).click();
    await page.getByRole("row", { name: "stage" }).waitFor({ state: "detached" });
    expect((await app.rivulet.runs.get(runId)).tags).toEqual({ team: "botany" });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("row", { name: "stage" }).waitFor();
    expect((await app.rivulet.runs.get(runId)).tags).toEqual({ stage: "search", team: "botany" });
  });

  it("takes notes in Markdown, where MLflow's clients keep theirs", async () => {
    await open("metrics");
    await page.getByRole("button", { name: "Write" }).click();
    await page.getByRole("textbox", { name: "Markdown" }).fill("Too **deep**.");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("strong", { hasText: "deep" }).waitFor();
    expect((await app.rivulet.runs.get(runId)).tags["mlflow.note.content"]).toBe("Too **deep**.");
  });

  it("registers one of its files as a model", async () => {
    await open("metrics");
    await choose("Register as model");
    await page.getByRole("textbox", { name: "Model" }).fill("tree");
    await page.getByRole("dialog").getByLabel("File or folder").fill("model/weights/a.txt");
    await page.getByRole("button", { name: "Register", exact: true }).click();
    await page.getByRole("link", { name: "tree v1" }).waitFor();
    expect(await app.rivulet.models.getVersion("tree@1")).toMatchObject({
      runId,
      artifactPath: "model/weights/a.txt",
    });
  });

  it("names the version of the dataset that an evaluation ran on", async () => {
    await app.rivulet.datasets.create({ name: "flowers", records: [{ inputs: { q: 1 } }] });
    const scorers = [
      function fine() {
        return true;
      },
    ];
    const data = "flowers@1";
    const { id } = await app.rivulet.evaluate({ name: "nightly", data, task: () => 1, scorers });
    const { experimentId } = await app.rivulet.runs.get(id);
    await page.goto(`${app.url}#/experiments/${experimentId}/runs/${id}`);
    const link = page.locator("main").getByRole("link", { name: "flowers v1" });
    expect(await link.getAttribute("href")).toBe("#/datasets/flowers?version=1");
  });

  it("is deleted with a way back, and renamed", async () => {
    await open("metrics");
    await choose("Delete");
    await page.getByText("Hidden from lists").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Hidden from lists").waitFor({ state: "detached" });
    await choose("Rename");
    await page.getByRole("textbox", { name: "Name" }).fill("wood");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 1, name: "wood" }).waitFor();
    const { name, lifecycleStage } = await app.rivulet.runs.get(runId);
    expect([name, lifecycleStage]).toEqual(["wood", "active"]);
  });

  it("is ended by hand where its process is gone", async () => {
    const run = await app.rivulet.runs.create({ experiment: "Trees", name: "lost" });
    await page.goto(`${app.url}#/experiments/${run.experimentId}/runs/${run.id}`);
    await page.getByRole("heading", { level: 1, name: "lost" }).waitFor();
    await choose("End as killed");
    await page.getByRole("status").getByText("The run lost has ended: killed.").waitFor();
    const { status, endTime } = await app.rivulet.runs.get(run.id);
    expect([status, typeof endTime]).toEqual(["killed", "number"]);
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("button", { name: "Rename" }).waitFor();
    expect(await page.getByRole("button", { name: /^End as/ }).count()).toBe(0);
  });

  it("offers no writes once it is deleted but to restore it, on its page and in the list", async () => {
    const tags = { stage: "search" };
    const run = await app.rivulet.runs.create({ experiment: "Trees", name: "felled", tags });
    await app.rivulet.runs.delete(run.id);
    await page.goto("about:blank");
    await page.goto(`${app.url}#/experiments/${run.experimentId}/runs/${run.id}`);
    await page.getByText("Hidden from lists").waitFor();
    await page.getByRole("row", { name: "stage" }).waitFor();
    for (const write of ["Add tag", "Remove stage", "Edit stage", "Write"])
      expect(await page.getByRole("button", { name: write }).count()).toBe(0);
    await page.getByRole("button", { name: "More", exact: true }).click();
    const items = page.locator(".menu-list").getByRole("button");
    await expect.poll(() => textsOf(items)).toEqual(["Restore"]);
    await page.goto(`${app.url}#/experiments/${run.experimentId}/runs?deleted=1`);
    await page.getByRole("checkbox", { name: "Select felled" }).click();
    const bar = page.getByRole("region", { name: "Selected rows" });
    await bar.getByRole("button", { name: "Restore" }).waitFor();
    expect(await bar.getByRole("button", { name: "Tags…" }).count()).toBe(0);
    await bar.getByRole("button", { name: "Restore" }).click();
    await expect
      .poll(async () => (await app.rivulet.runs.get(run.id)).lifecycleStage)
      .toBe("active");
  });
});

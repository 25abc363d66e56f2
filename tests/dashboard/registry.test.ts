import { readFile } from "node:fs/promises";
import { inputDataset, type LoggedModel, type Run } from "@rivulet/core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { findFaults } from "./find-faults.ts";
import { textsOf } from "./texts-of.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;
let run: Run;
let logged: LoggedModel;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Two versions of a folder, of which the alias production needs an accuracy of 0.95, as the first has. */
beforeEach(async () => {
  app = await startApp();
  const { rivulet } = app;
  for (const accuracy of [0.96, 0.9]) {
    const started = await rivulet.runs.start({
      experiment: "Flowers",
      name: `accuracy ${accuracy}`,
      params: { depth: 3 },
    });
    const rows = [{ length: 5.1, kind: "setosa" }];
    await started.logInput(inputDataset.fromRows(rows, { name: "iris", source: "iris.csv" }), {
      context: "training",
    });
    const model = await started.logModel(
      "tree",
      { "model.json": '{"layers":2}', "weights/first.bin": new Uint8Array([1, 2, 3]) },
      {
        modelType: "mine",
        params: { depth: 3 },
        signature: { inputs: [{ name: "length", type: "number" }] },
      },
    );
    const dataset = { name: "holdout", digest: "d1" };
    started.logMetric("accuracy", accuracy, { modelId: model.id, dataset });
    started.logMetric("system/cpu_utilization_percentage", 40);
    await started.finish();
    await rivulet.models.register({ name: "iris", modelId: model.id });
    [run, logged] = [await rivulet.runs.get(started.id), model];
  }
  await rivulet.models.setGates("iris", [
    { alias: "production", requires: "metrics.accuracy >= 0.95" },
    { stage: "production", requires: "tags.reviewed = 'yes'" },
  ]);
  await rivulet.models.setAlias({ name: "iris", alias: "production", version: 1 });
  watched = await watchPage(browser, app.origin);
  page = watched.page;
  page.setDefaultTimeout(15_000);
  return async () => {
    expect(await watched.problems()).toEqual([]);
    await watched.close();
    await app.close();
  };
});

async function open(route: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(app.url + route);
  await page.locator("main [role=tabpanel], main table").first().waitFor();
}

const button = (name: string): Locator => page.getByRole("button", { name, exact: true });
const dialog = (): Locator => page.getByRole("dialog");
const save = async (name = "Save"): Promise<void> => {
  await dialog().getByRole("button", { name, exact: true }).click();
  await dialog().waitFor({ state: "detached" });
};
const said = (text: string): Promise<void> => page.getByText(text).first().waitFor();
const cells = (row: string): Promise<readonly string[]> =>
  textsOf(page.getByRole("row", { name: row }).first().getByRole("cell"));

/** Does something between a click on "Save" and the request that comes of it. */
const meanwhile = (work: () => Promise<unknown>): Promise<unknown> =>
  page.route(
    "**/models/iris/aliases/canary",
    async (route) => {
      await work();
      await route.continue();
    },
    { times: 1 },
  );

describe("an alias of a model", () => {
  it("is moved past a gate that is not met for a reason only, which the history keeps", async () => {
    await open("#/models/iris?tab=aliases");
    await button("Move production").click();
    await dialog().getByRole("combobox", { name: "Version" }).selectOption("2");
    const gates = dialog().getByRole("list", { name: "Gates" });
    await gates.getByText("Not met").waitFor();
    await gates.getByText("metrics.accuracy >= 0.95").waitFor();
    await gates.getByText("metrics.accuracy = 0.9").waitFor();
    expect(await button("Save").isDisabled()).toBe(true);
    await dialog()
      .getByRole("checkbox", { name: /Override/ })
      .check();
    expect(await button("Save").isDisabled()).toBe(true);
    await dialog().getByLabel("Why").fill("version 1 leaks memory");
    await save();
    await said("iris@production is v2 now.");
    expect((await app.rivulet.models.get("iris")).aliases).toEqual({ production: 2 });
    await page.getByRole("tab", { name: "History" }).click();
    await expect
      .poll(() => cells("production forced"))
      .toEqual([
        expect.any(String),
        "Alias set production forced",
        "v2",
        "v1 → v2",
        "",
        "version 1 leaks memory",
      ]);
  });

  it("is moved at once where its gates are met", async () => {
    await app.rivulet.models.setAlias({
      name: "iris",
      alias: "production",
      version: 2,
      force: true,
      why: "in a hurry",
    });
    await open("#/models/iris?tab=aliases");
    await button("Move production").click();
    await dialog().getByRole("combobox", { name: "Version" }).selectOption("1");
    await dialog().getByText("Met", { exact: true }).waitFor();
    await save();
    expect((await app.rivulet.models.get("iris")).aliases).toEqual({ production: 1 });
  });

  it("is not moved where somebody else has moved it meanwhile, nor where a gate came meanwhile", async () => {
    await app.rivulet.models.setAlias({ name: "iris", alias: "canary", version: 1 });
    await open("#/models/iris?tab=aliases");
    await button("Move canary").click();
    await dialog().getByRole("combobox", { name: "Version" }).selectOption("2");
    await meanwhile(() => app.rivulet.models.deleteAlias({ name: "iris", alias: "canary" }));
    await button("Save").click();
    await dialog().getByText("Somebody changed this meanwhile.").waitFor();
    const gate = { alias: "canary", requires: "metrics.accuracy >= 1" };
    await meanwhile(() => app.rivulet.models.setGates("iris", [gate]));
    await button("Save").click();
    await dialog().getByText("requires metrics.accuracy >= 1").first().waitFor();
    expect((await app.rivulet.models.get("iris")).aliases).toEqual({ production: 1 });
    expect(await watched.problems()).toEqual([
      expect.stringContaining("409"),
      expect.stringContaining("409"),
    ]);
  });

  it("is rolled back, and removed, with why", async () => {
    await app.rivulet.models.setAlias({
      name: "iris",
      alias: "production",
      version: 2,
      force: true,
      why: "try it",
    });
    await open("#/models/iris?tab=aliases");
    await button("Roll back production").click();
    await dialog().getByLabel("Why").fill("it is worse");
    await save("Roll back");
    await said("iris@production is v1 again.");
    await button("Remove production").click();
    await dialog().getByLabel("Why").fill("moved elsewhere");
    await save("Remove alias");
    await said("Removed the alias production of iris.");
    expect((await app.rivulet.models.get("iris")).aliases).toEqual({});
    const { items } = await app.rivulet.models.history({ name: "iris", limit: 2 });
    expect(items).toMatchObject([
      { kind: "alias_deleted", why: "moved elsewhere" },
      { kind: "alias_rolled_back", version: 1, why: "it is worse" },
    ]);
    await button("Undo").first().click();
    await expect
      .poll(async () => (await app.rivulet.models.get("iris")).aliases)
      .toEqual({ production: 1 });
  });
});

describe("the gates of a model", () => {
  it("are read and edited, of filters and of evaluations", async () => {
    await open("#/models/iris?tab=aliases");
    const table = page.getByRole("table", { name: "Gates" });
    await expect
      .poll(() => textsOf(table.getByRole("row")))
      .toEqual([
        "alias productionrequires metrics.accuracy >= 0.95",
        "stage Productionrequires tags.reviewed = 'yes'",
      ]);
    await button("Edit gates").click();
    await button("Remove Gate 1").click();
    await button("Add gate").click();
    const added = dialog().getByRole("group", { name: "Gate 2" });
    await added.getByRole("textbox", { name: "Alias" }).fill("champion");
    await added.getByLabel("Requires").selectOption("evaluation");
    await added.getByLabel("Score").fill("correct");
    await added.getByLabel("At least").fill("0.8");
    await dialog().getByLabel("Why").fill("champions are evaluated");
    await save();
    await expect
      .poll(() => textsOf(table.getByRole("row")))
      .toEqual([
        "stage Productionrequires tags.reviewed = 'yes'",
        "alias championrequires evaluation: correct at least 0.8 and not worse",
      ]);
    expect((await app.rivulet.models.get("iris")).gates).toEqual([
      { stage: "production", requires: "tags.reviewed = 'yes'" },
      { alias: "champion", requires: { score: "correct", atLeast: 0.8, verdict: "not_worse" } },
    ]);
  });

  it("say what is wrong with a filter, and keep what was typed", async () => {
    await open("#/models/iris?tab=aliases");
    await button("Edit gates").click();
    const first = dialog()
      .getByRole("group", { name: "Gate 1" })
      .getByRole("textbox", { name: "Filter" });
    await first.fill("metrics.accuracy >=");
    await button("Save").click();
    await dialog().getByRole("alert").waitFor();
    expect(await first.inputValue()).toBe("metrics.accuracy >=");
    expect(await watched.problems()).toEqual([expect.stringContaining("400")]);
  });
});

describe("a version of a model", () => {
  it("comes to a stage past its gates, and archives the others there when one asks for it", async () => {
    const { models } = app.rivulet;
    await models.setStage({ name: "iris", version: 1, stage: "Staging" });
    await open("#/models/iris/versions/2");
    await button("Change stage").click();
    await dialog().getByLabel("Stage").selectOption("Production");
    await dialog().getByText("Not met", { exact: true }).waitFor();
    expect(await button("Save").isDisabled()).toBe(true);
    await dialog().getByLabel("Stage").selectOption("Staging");
    await dialog().getByRole("checkbox", { name: "Archive the others in Staging" }).check();
    await save();
    await said("iris v2 is in the stage Staging now.");
    const { items } = await models.searchVersions({ filter: "name = 'iris'" });
    expect(items.map(({ version, stage }) => [version, stage])).toEqual([
      [2, "staging"],
      [1, "archived"],
    ]);
    await open("#/models/iris");
    await expect.poll(() => cells("v1")).toContain("Archived");
  });

  it("shows its files as a tree with a look into each, and saves one of them", async () => {
    await open("#/models/iris/versions/1?tab=files");
    const files = page.getByRole("list", { name: "Files" });
    await expect
      .poll(() => textsOf(files.getByRole("button")))
      .toEqual(["weights3 B", "first.bin3 B", "model.json12 B"]);
    await files.getByRole("button", { name: "model.json" }).click();
    await page.locator(".artifact-view").getByText("layers:").waitFor();
    await files.getByRole("button", { name: "first.bin" }).click();
    await expect.poll(() => page.url()).toContain("artifact=weights%2Ffirst.bin");
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download", exact: true }).click(),
    ]);
    expect([...(await readFile(await saved.path()))]).toEqual([1, 2, 3]);
    const [archive] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "All as ZIP" }).click(),
    ]);
    expect((await readFile(await archive.path())).includes("weights/first.bin")).toBe(true);
    expect(await page.getByRole("button", { name: "Delete…" }).count()).toBe(0);
  });

  it("is linked to its run, its logged model, its copies, and the traces and prompts that used it", async () => {
    const { rivulet } = app;
    await rivulet.prompts.register({ name: "greet", template: "Hello" });
    const span = rivulet.startSpan("predict", { metadata: { modelVersion: "iris@2" } });
    span.linkPrompt({ name: "greet", version: 1 });
    span.end();
    await rivulet.flush();
    await rivulet.models.copyVersion({ from: "iris@2", to: "iris-prod" });
    await open("#/models/iris/versions/2?tab=lineage");
    const way = page.locator(".lineage");
    await expect
      .poll(() => textsOf(way.getByRole("listitem")))
      .toEqual([
        "Runaccuracy 0.9",
        "Logged modeltree",
        "Versioniris v2",
        "Traces1 trace",
        "Prompts of thesegreet v1",
      ]);
    await page.getByRole("table", { name: "Related versions" }).getByText("iris-prod v1").waitFor();
    await way.getByRole("link", { name: "1 trace" }).click();
    await page.getByRole("link", { name: "predict" }).waitFor();
  });

  it("is copied to another model, and a model is renamed", async () => {
    await open("#/models/iris/versions/1");
    await button("Copy").click();
    await dialog().getByLabel("To the model").fill("iris-prod");
    await dialog().getByLabel("Why").fill("promoted");
    await save("Copy");
    await page.getByRole("heading", { level: 1, name: "iris-prod v1" }).waitFor();
    await open("#/models/iris-prod");
    await button("Rename").click();
    await dialog().getByLabel("New name").fill("flowers");
    await save("Rename");
    await page.getByRole("heading", { level: 1, name: "flowers" }).waitFor();
    const { items } = await app.rivulet.models.history({ name: "flowers" });
    expect(items.map(({ kind, why }) => [kind, why])).toContainEqual([
      "version_created",
      "promoted",
    ]);
  });
});

describe("what a run was made with", () => {
  const runPage = (): string => `#/experiments/${run.experimentId}/runs/${run.id}`;

  it("is shown: the data that it was given, with its digest, columns and profile", async () => {
    await open(runPage());
    const data = page.getByRole("list", { name: "Data of the run" });
    await data.getByText("iris").first().click();
    await data.getByText("training").waitFor();
    await data.getByRole("heading", { name: "Schema" }).waitFor();
    await data.getByRole("heading", { name: "Profile" }).waitFor();
    await data.getByRole("link", { name: "Runs with the same data" }).click();
    await page.getByRole("link", { name: "accuracy 0.96" }).waitFor();
    await page.getByRole("link", { name: "accuracy 0.9", exact: true }).waitFor();
  });

  it("is told apart from how busy the machine was", async () => {
    await open(runPage());
    const latest = page.getByRole("table", { name: "Latest metrics" });
    await expect.poll(() => textsOf(latest.getByRole("row"))).toEqual(["accuracy0.9"]);
    await page.getByRole("button", { name: "System metrics 1", expanded: false }).waitFor();
  });
});

describe("runs", () => {
  it.each([
    ["dataset.name:is:iris", ["accuracy 0.9", "accuracy 0.96"]],
    ["dataset.context:is-not:training", []],
    ["experiment.name:contains:lower", ["accuracy 0.9", "accuracy 0.96"]],
    ["note:contains:100_%", ["accuracy 0.9"]],
    ["durationMs:at-least:0", ["accuracy 0.9", "accuracy 0.96"]],
  ])("are found by %s", async (clause, found) => {
    await app.rivulet.runs.update(run.id, { note: "is 100_% good" });
    await page.goto("about:blank");
    await page.goto(`${app.url}#/runs?order=name+ASC&where=${encodeURIComponent(clause)}`);
    await page
      .getByText(/^(\d+ runs?|No run matches.*|Nothing.*)$/)
      .first()
      .waitFor();
    await expect.poll(() => page.locator("a.row-link").allTextContents()).toEqual(found);
  });

  it("are saved as the files that the API makes, those that are ticked or all that are found", async () => {
    await open("#/runs?order=name+ASC");
    const file = async (title: string, format: string): Promise<string> => {
      await button("Export").click();
      const [saved] = await Promise.all([
        page.waitForEvent("download"),
        page
          .getByRole("link", { name: `${title} as ${format}`, exact: true })
          .or(page.getByRole("button", { name: `${title} as ${format}`, exact: true }))
          .click(),
      ]);
      return (await readFile(await saved.path())).toString("latin1");
    };
    const rows = (await file("All params, metrics and tags", "JSON lines")).trim().split("\n");
    expect(rows.map((row) => (JSON.parse(row) as Run).name)).toEqual([
      "accuracy 0.9",
      "accuracy 0.96",
    ]);
    expect(await file("All params, metrics and tags", "Parquet")).toMatch(/^PAR1/);
    await page.getByRole("checkbox", { name: "Select accuracy 0.96", exact: true }).click();
    const points = (await file("Metric points", "CSV")).trim().split("\r\n");
    expect(points).toHaveLength(3);
    expect(points.join("\n")).toContain("0.96");
  });
});

describe("the models that a run has made", () => {
  it("are listed with their metrics by dataset, and registered from there", async () => {
    await open(`#/experiments/${run.experimentId}/runs/${run.id}?tab=models`);
    await expect
      .poll(() => cells("tree"))
      .toEqual(["tree", "Ready", "mine", expect.any(String), "0.9", "Register tree"]);
    await page.getByRole("columnheader", { name: "accuracy on holdout" }).waitFor();
    await button("Register tree").click();
    await dialog().getByLabel("Model").fill("trees");
    await save("Register");
    await said("Registered trees v1.");
    const version = await app.rivulet.models.getVersion("trees@1");
    expect(version).toMatchObject({ modelId: logged.id, runId: run.id, artifactPath: "tree" });
    expect((await app.rivulet.models.files("trees@1")).map(({ path }) => path)).toEqual([
      "model.json",
      "weights/first.bin",
    ]);
  });

  it("have a page each, with what they take, what they were measured on and what became of them", async () => {
    await open(`#/experiments/${run.experimentId}/models/${logged.id}`);
    await page.getByRole("heading", { level: 1, name: "tree" }).waitFor();
    await expect.poll(() => cells("accuracy")).toEqual(["holdout", "0.9", expect.any(String)]);
    await expect.poll(() => cells("length")).toEqual(["number"]);
    await page.getByRole("link", { name: "iris v2" }).waitFor();
    await page.getByRole("link", { name: "accuracy 0.9" }).click();
    await page.getByRole("heading", { level: 1, name: "accuracy 0.9" }).waitFor();
  });
});

describe("these pages", () => {
  it.each(["light", "dark"] as const)("have no faults of access in %s", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    const runPage = `#/experiments/${run.experimentId}/runs/${run.id}`;
    for (const route of [
      "#/models/iris",
      "#/models/iris?tab=aliases",
      "#/models/iris?tab=history",
      "#/models/iris/versions/2",
      "#/models/iris/versions/2?tab=files",
      "#/models/iris/versions/2?tab=lineage",
      `#/experiments/${run.experimentId}/models/${logged.id}`,
      `${runPage}?tab=models`,
      runPage,
    ]) {
      await open(route);
      await page.locator("main table, main .lineage, main .artifact-view").first().waitFor();
      expect(await findFaults(page)).toEqual([]);
    }
    await open("#/models/iris?tab=aliases");
    for (const name of ["Edit gates", "Move production", "Roll back production"]) {
      await button(name).click();
      await dialog().waitFor();
      expect(await findFaults(page)).toEqual([]);
      await page.keyboard.press("Escape");
    }
  });
});

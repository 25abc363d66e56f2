import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type Seeded, seed } from "./seed.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let ids: Seeded;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  ids = await seed(app.rivulet);
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(() => Promise.all([browser.close(), app.close()]));

async function open(route: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(app.url + route);
}

describe("feedback", () => {
  it("is stored with its comment and shown at once", async () => {
    await open(`#/traces/${ids.traceId}`);
    await page.getByRole("button", { name: "Bad" }).click();
    await page.getByLabel("Comment (optional)").fill("Wrong flower");
    await page.getByRole("button", { name: "Save feedback" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("tab", { name: "Assessments 1" }).click();
    await page.getByText("Wrong flower").waitFor();
    const stored = await app.rivulet.traces.listAssessments({ traceIds: [ids.traceId] });
    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject({
      traceId: ids.traceId,
      kind: "feedback",
      name: "user_feedback",
      value: false,
      source: "human",
      rationale: "Wrong flower",
    });
    expect(await watched.problems()).toEqual([]);
  });

  it("can be taken back", async () => {
    const { id } = await app.rivulet.traces.logFeedback({
      traceId: ids.failedTraceId,
      name: "tone",
      value: 3,
    });
    await open(`#/traces/${ids.failedTraceId}`);
    await page.getByRole("tab", { name: "Assessments 1" }).click();
    await page.getByRole("button", { name: "Delete tone" }).click();
    await page.getByText("Nobody has judged this trace yet.").waitFor();
    const stored = await app.rivulet.traces.listAssessments({ traceIds: [ids.failedTraceId] });
    expect(stored.map((assessment) => assessment.id)).not.toContain(id);
  });
});

describe("the alias of a prompt", () => {
  it("is split between versions by weight", async () => {
    await open("#/prompts/botanist");
    await page.getByRole("button", { name: "Edit production" }).click();
    await page.getByRole("button", { name: "Split with another version" }).click();
    await page.getByLabel("Weight of v1").fill("3");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByText("75 %").waitFor();
    const { aliases } = await app.rivulet.prompts.getEntry("botanist");
    expect(aliases["production"]).toEqual([
      { version: 1, weight: 3 },
      { version: 2, weight: 1 },
    ]);
    expect(await watched.problems()).toEqual([]);
  });

  it("is not moved when somebody else has moved it meanwhile", async () => {
    await open("#/prompts/botanist");
    await page.getByRole("button", { name: "Edit staging" }).click();
    await app.rivulet.prompts.setAlias({ name: "botanist", alias: "staging", version: 1 });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").getByText("Somebody changed this meanwhile.").waitFor();
    const { aliases } = await app.rivulet.prompts.getEntry("botanist");
    expect(aliases["staging"]).toEqual([{ version: 1, weight: 1 }]);
  });

  it("is made and deleted", async () => {
    await open("#/prompts/botanist");
    await page.getByRole("button", { name: "New alias" }).click();
    await page.getByLabel("Name").fill("canary");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Delete canary" }).click();
    await page.getByRole("button", { name: "Delete canary" }).waitFor({ state: "detached" });
    const { aliases } = await app.rivulet.prompts.getEntry("botanist");
    expect(Object.keys(aliases)).not.toContain("canary");
  });
});

describe("the alias of a model", () => {
  it("is set to another version", async () => {
    await open("#/models/iris");
    await page.getByRole("button", { name: "Set alias" }).click();
    await page.getByRole("textbox", { name: "Alias" }).fill("champion");
    await page.getByRole("combobox", { name: "Version" }).selectOption("1");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("link", { name: "champion → v1" }).waitFor();
    expect((await app.rivulet.models.get("iris")).aliases["champion"]).toBe(1);
  });
});

describe("tables", () => {
  it("are searched by words and by filters, and say what is wrong with a filter", async () => {
    await open(`#/experiments/${ids.experimentId}`);
    const box = page.getByRole("combobox", { name: "Find runs" });
    await box.fill("logistic");
    await box.press("Enter");
    await page
      .getByRole("link", { name: "decision tree", exact: true })
      .waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Remove the words" }).click();
    await page.getByRole("button", { name: "Filter text" }).click();
    const filter = page.getByRole("textbox", { name: "Filter text" });
    await filter.fill("params.depth = '3'");
    await filter.press("Enter");
    await page.getByRole("link", { name: "decision tree", exact: true }).waitFor();
    await filter.fill("boom = 3");
    await filter.press("Enter");
    await page.getByRole("alert").getByText('unknown field "boom"').waitFor();
  });

  it("find a word with an apostrophe", async () => {
    const experiment = await app.rivulet.experiments.ensure("apostrophes");
    for (const name of ["don't stop", "do stop"]) {
      await app.rivulet.runs.start({ experimentId: experiment.id, name });
    }
    await open(`#/experiments/${experiment.id}`);
    await page.getByRole("link", { name: "do stop" }).waitFor();
    const box = page.getByRole("combobox", { name: "Find runs" });
    await box.fill("don't");
    await box.press("Enter");
    await page.getByRole("link", { name: "do stop" }).waitFor({ state: "detached" });
    await expect.poll(() => page.getByRole("link", { name: "don't stop" }).count()).toBe(1);
    await expect.poll(() => page.getByRole("alert").count()).toBe(0);
  });

  it("find traces by words of their inputs and outputs", async () => {
    await open("#/traces");
    await page.getByRole("link", { name: "broken agent" }).waitFor();
    const box = page.getByRole("combobox", { name: "Find traces" });
    await box.fill("see [the key]");
    await box.press("Enter");
    await page.getByRole("link", { name: "broken agent" }).waitFor({ state: "detached" });
    await expect.poll(() => page.getByRole("link", { name: "flower agent" }).count()).toBe(1);
    await page.getByRole("button", { name: "Remove the words" }).click();
    await page.getByRole("button", { name: "Filter text" }).click();
    const filter = page.getByRole("textbox", { name: "Filter text" });
    await filter.fill("prompt = 'botanist/1' AND status = 'error'");
    await filter.press("Enter");
    await page.getByRole("link", { name: "broken agent" }).waitFor();
    await expect.poll(() => page.getByRole("link", { name: "flower agent" }).count()).toBe(0);
  });

  it("ask for more near their end, and draw only what is in view", async () => {
    const experiment = await app.rivulet.experiments.ensure("many");
    for (let index = 0; index < 230; index += 1) {
      await app.rivulet.runs.start({ experimentId: experiment.id, name: `run ${index}` });
    }
    await open(`#/experiments/${experiment.id}`);
    await page.getByRole("link", { name: "run 229" }).waitFor();
    await expect.poll(() => page.getByRole("link", { name: "run 0", exact: true }).count()).toBe(0);
    await page.waitForFunction(() => {
      const region = document.querySelector(".table-scroll");
      region?.scrollTo(0, region.scrollHeight);
      const names = [...document.querySelectorAll(".row-link")].map((link) => link.textContent);
      return names.includes("run 0");
    });
    await expect.poll(() => page.getByRole("row").count()).toBeLessThan(80);
    await expect.poll(() => page.getByRole("table").getAttribute("aria-rowcount")).toBe("231");
  });

  it("are sorted by a metric", async () => {
    await open(`#/experiments/${ids.experimentId}`);
    await page.getByRole("button", { name: "loss" }).click();
    await page.locator('th[aria-sort="descending"]').getByText("loss").waitFor();
    const names = page.locator("tbody .row-link");
    await page.waitForFunction(
      () => document.querySelector("tbody .row-link")?.textContent === "logistic regression",
    );
    expect((await names.allTextContents()).slice(0, 2)).toEqual([
      "logistic regression",
      "decision tree",
    ]);
    await page.getByRole("button", { name: "loss" }).click();
    await page.locator('th[aria-sort="ascending"]').getByText("loss").waitFor();
    await expect
      .poll(async () => (await names.allTextContents()).slice(0, 2))
      .toEqual(["decision tree", "logistic regression"]);
  });

  it("let runs be ticked and compared", async () => {
    await open(`#/experiments/${ids.experimentId}`);
    await page.getByRole("checkbox", { name: "Select decision tree", exact: true }).check();
    await page.getByRole("checkbox", { name: "Select logistic regression", exact: true }).check();
    await page.getByRole("link", { name: "Compare 2 runs" }).click();
    await page.getByRole("heading", { level: 1, name: "Compare runs" }).waitFor();
    await page.getByRole("tab", { name: "Values" }).click();
    await page.getByRole("rowheader", { name: "solver" }).waitFor();
    await page.getByRole("checkbox", { name: "Only differences" }).check();
    await page.getByRole("rowheader", { name: "solver" }).waitFor({ state: "detached" });
    await expect.poll(() => page.getByRole("rowheader", { name: "depth" }).count()).toBe(1);
  });
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

/** One of each kind that is sought, and one that a pattern would find, too. */
const NAMES = ["a_b", "axb"] as const;

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  const { rivulet } = app;
  for (const name of NAMES) {
    await rivulet.experiments.create({ name });
    const run = await rivulet.runs.start({ experiment: name, name });
    await run.logArtifact("model.txt", "weights");
    await run.finish();
    await rivulet.models.create({ name });
    await rivulet.prompts.register({ name, template: "Hello" });
    await rivulet.datasets.create({ name, records: [{ inputs: "1" }] });
    await rivulet.evaluate({
      name,
      data: [{ inputs: "1" }],
      task: () => "2",
      scorers: [
        function fine() {
          return true;
        },
      ],
    });
  }
  await rivulet.runs.create({ experiment: "a_b", name: "50% status = 'failed' OR 1" });
  await rivulet.runs.create({ experiment: "a_b", name: "50 status failed 1" });
  await rivulet.flush();
  watched = await watchPage(browser, app.origin);
  page = watched.page;
  page.setDefaultTimeout(15_000);
}, 60_000);
afterAll(async () => {
  expect(await watched.problems()).toEqual([]);
  await watched.close();
  await Promise.all([browser.close(), app.close()]);
});

const names = (): Promise<string[]> => page.locator("tbody .row-link").allTextContents();

async function find(list: string, words: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${app.url}#/${list}`);
  const box = page.getByRole("combobox", { name: `Find ${list}` });
  await box.fill(words);
  await box.press("Enter");
}

describe("words in the box over a list", () => {
  it.each(["experiments", "runs", "models", "prompts", "datasets", "evaluations"])(
    "are letters, also _ : %s",
    async (list) => {
      await find(list, "a_b");
      // An evaluation is a run, too.
      await expect.poll(async () => [...new Set(await names())]).toEqual(["a_b"]);
    },
  );

  it.each([
    ["50%", ["50% status = 'failed' OR 1"]],
    ["status = 'failed'", ["50% status = 'failed' OR 1"]],
    ["status failed", ["50 status failed 1", "50% status = 'failed' OR 1"]],
    ["' OR name LIKE '%", []],
    ["name = a_b", []],
  ])("are never a filter, whatever they look like: %s", async (words, found) => {
    await find("runs", words);
    await expect.poll(async () => (await names()).sort()).toEqual(found);
  });

  it.each(["experiments", "prompts", "datasets"])("are no filter in %s either", async (list) => {
    await find(list, "name IS NOT NULL");
    await expect.poll(() => page.getByText(/No .* match/).count()).toBe(1);
  });
});

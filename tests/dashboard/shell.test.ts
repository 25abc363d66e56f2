import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
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
  for (let count = 1; count <= 120; count += 1) {
    await app.rivulet.experiments.create({ name: `sweep ${count}` });
  }
  await app.rivulet.views.create({ name: "slow ones", page: "traces", query: "q=flower" });
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(() => Promise.all([browser.close(), app.close()]));

beforeEach(async () => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto("about:blank");
  await page.goto(`${app.url}#/overview`);
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await title("Overview");
});

const title = (name: string) =>
  page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
const route = () => page.evaluate(() => location.hash);
const option = (name: string | RegExp) => page.getByRole("option", { name }).first();

describe("the command palette", () => {
  /** Types into the palette, and takes what it marks first once that is what is wanted. */
  async function take(text: string, wanted: string | RegExp): Promise<void> {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: /Find pages/ }).fill(text);
    await page.getByRole("option", { selected: true, name: wanted }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }

  it.each<readonly [what: string, text: string, opens: readonly [string | RegExp, string]]>([
    ["a page", "evalu", [/^Evaluations/, "Evaluations"]],
    ["an experiment", "iris cl", ["Iris classifiers", "Overview"]],
    ["a run", "decision tree, f", [/decision tree, fold 1/, "decision tree, fold 1"]],
    ["a trace", "broken", [/broken agent/, "broken agent"]],
    ["a prompt", "botan", ["botanist", "botanist"]],
    ["a dataset", "flower quest", ["flower questions", "flower questions"]],
    ["an evaluation", "one wo", [/one word/, "one word"]],
    ["a saved view", "slow on", ["slow ones", "Traces"]],
  ])("opens %s by its name", async (_what, text, [wanted, heading]) => {
    await take(text, wanted);
    await title(heading);
  });

  it("opens a trace and a run by an id that is pasted", async () => {
    await take(` ${ids.traceId.toUpperCase()} `, /flower agent/);
    await title("flower agent");
    await take(ids.runId, /decision tree/);
    expect(await route()).toBe(`#/experiments/${ids.experimentId}/runs/${ids.runId}`);
  });

  it("opens a saved view as it was arranged", async () => {
    await take("slow on", "slow ones");
    expect(await route()).toBe("#/traces?q=flower");
  });

  it("keeps to the experiment that is looked at", async () => {
    await page.goto(`${app.url}#/experiments/${ids.experimentId}/runs`);
    await title("Runs");
    await take("trac", /^Traces/);
    expect(await route()).toBe(`#/experiments/${ids.experimentId}/traces`);
  });

  it("changes the theme and the time zone, and says so when nothing fits", async () => {
    await take("dark", "Theme: dark");
    await expect
      .poll(() => page.evaluate(() => document.documentElement.dataset["theme"]))
      .toBe("dark");
    await take("utc", "Show times in UTC");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: /Find pages/ }).fill("local time");
    await option("Show times in the local time zone").waitFor();
    await page.getByRole("combobox", { name: /Find pages/ }).fill("no such thing");
    await page.getByText("Nothing has this name or id.").waitFor();
    await page.keyboard.press("Escape");
    expect(await watched.problems()).toEqual([]);
  });
});

describe("shortcuts", () => {
  it.each([
    ["t", "Traces"],
    ["r", "Runs"],
    ["p", "Prompts"],
    ["x", "Experiments"],
    [",", "Settings"],
  ])("g, then %s goes to %s", async (letter, heading) => {
    await page.keyboard.press("g");
    await page.keyboard.press(letter);
    await title(heading);
  });

  it("/ goes to the search of the page, where letters are letters", async () => {
    await page.goto(`${app.url}#/traces`);
    await title("Traces");
    await page.keyboard.press("/");
    await page.keyboard.type("gr?");
    await expect.poll(() => page.locator("main input:focus").inputValue()).toBe("gr?");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    await title("Traces");
  });

  it("? shows all of them, and none acts below it", async () => {
    await page.keyboard.press("?");
    const map = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await map.getByRole("definition").first().waitFor();
    await expect.poll(() => map.getByRole("definition").allTextContents()).toContain("GT");
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    expect(await route()).toBe("#/overview");
    await page.keyboard.press("Escape");
    await map.waitFor({ state: "detached" });
  });

  it("the first key of Tab skips the navigation", async () => {
    await page.reload();
    await title("Overview");
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Skip to the page" }).waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("MAIN");
    expect(await route()).toBe("#/overview");
  });
});

describe("the experiment switcher", () => {
  it("finds one of hundreds by its name, with the keyboard alone, and stays on the list", async () => {
    await page.goto(`${app.url}#/traces`);
    await title("Traces");
    await page.getByRole("button", { name: "All experiments" }).press("Enter");
    await page.getByRole("combobox", { name: "Find an experiment" }).fill("SWEEP 7");
    await page.waitForFunction(
      () => document.querySelectorAll(".switcher [role=option]").length === 11,
    );
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    const list = page.getByRole("listbox", { name: "Find an experiment" });
    const marked = await list.getByRole("option", { selected: true }).textContent();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: marked ?? "", exact: true }).waitFor();
    expect(await route()).toMatch(/^#\/experiments\/\d+\/traces$/);
  });

  it("has those that were used last on top, and more pages below", async () => {
    await page.goto(`${app.url}#/experiments/${ids.experimentId}/runs`);
    await title("Runs");
    await page.getByRole("button", { name: "Iris classifiers" }).click();
    const recent = page.getByRole("group", { name: "Recent" }).getByRole("option");
    await expect.poll(() => recent.allTextContents()).toEqual(["Iris classifiers"]);
    const newest = page.getByRole("group", { name: "Newest" }).getByRole("option");
    await newest.first().waitFor();
    const before = await newest.count();
    await page.getByRole("option", { name: "Show more…" }).click();
    await page.waitForFunction(
      (count) => document.querySelectorAll(".switcher [role=option]").length > count + 2,
      before,
    );
  });
});

describe("on a narrow screen", () => {
  it("the bar names the experiment, and the pages are in a drawer that closes behind one's choice", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(`${app.url}#/experiments/${ids.experimentId}/runs`);
    await title("Runs");
    const name = page.getByRole("button", { name: "Iris classifiers" });
    await expect.poll(() => name.isVisible()).toBe(true);
    const bar = await page.locator(".sidebar").boundingBox();
    expect(bar?.height).toBeLessThanOrEqual(56);
    const traces = page.getByRole("navigation", { name: "Pages" }).getByRole("link", {
      name: "Traces",
    });
    await expect.poll(() => traces.count()).toBe(0);
    await page.getByRole("button", { name: "Pages and account" }).click();
    await traces.click();
    await title("Traces");
    await expect.poll(() => traces.count()).toBe(0);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});

describe("settings", () => {
  it("hold at once, and after a reload", async () => {
    await page.goto(`${app.url}#/settings`);
    await page.getByText("Compact", { exact: true }).click();
    await page.getByText("UTC", { exact: true }).click();
    await page.getByText(/^It is now .* UTC\.$/).waitFor();
    await page.locator("main .switcher button").first().click();
    await page.getByRole("combobox", { name: "Find an experiment" }).fill("iris");
    await option("Iris classifiers").click();
    await page.goto(`${app.url}#/`);
    await page.reload();
    await title("Overview");
    expect(await route()).toBe(`#/experiments/${ids.experimentId}/overview`);
    await page.goto(`${app.url}#/traces`);
    const time = page.getByRole("row").nth(1).locator("time");
    await expect.poll(() => time.getAttribute("title")).toMatch(/ UTC$/);
    const row = await page.getByRole("row").nth(1).boundingBox();
    expect(Math.round(row?.height ?? 0)).toBe(29);
  });

  it("numbers and times are written as the browser's language has them", async () => {
    const german = await watchPage(browser, app.origin, { locale: "de-DE" });
    await german.page.goto(`${app.url}#/settings`);
    await german.page.getByText("German (Germany): 1.234,5").waitFor();
    await german.page.goto(`${app.url}#/traces/${ids.traceId}`);
    await german.page
      .getByText(/0,0031\s\$/)
      .first()
      .waitFor();
    await german.close();
  });

  it("a time that nobody has recorded is a dash, never 1970", async () => {
    await page.goto(`${app.url}#/experiments?q=Default`);
    await page.getByRole("row", { name: /Default/ }).waitFor();
    await expect.poll(() => page.locator("main").textContent()).not.toContain("1970");
  });
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type Seeded, seed } from "./seed.ts";
import { textsOf } from "./texts-of.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let ids: Seeded;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp("/mlops", { readOnly: true })]);
  ids = await seed(app.rivulet);
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(() => Promise.all([browser.close(), app.close()]));

/** Opens a page, and waits until it knows that nothing may be changed. */
async function open(route: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(app.url + route);
  await page.getByText("Read-only", { exact: true }).first().waitFor({ state: "attached" });
}

describe("with read-only access", () => {
  it("offers nothing that would be refused", async () => {
    await open("#/prompts/botanist");
    await page.getByText("First wording").waitFor();
    await expect
      .poll(() => page.getByRole("button", { name: /alias|Edit|Delete/ }).count())
      .toBe(0);
    await page.goto(`${app.url}#/experiments/${ids.experimentId}/runs/${ids.runId}`);
    await page.getByRole("heading", { name: "Tags" }).waitFor();
    await expect.poll(() => page.getByRole("button", { name: /^More$|tag|Write/ }).count()).toBe(0);
    await page.goto(`${app.url}#/traces/${ids.traceId}`);
    await page.getByText("Feedback needs more than read-only access.").waitFor();
    expect(await watched.problems()).toEqual([]);
  });

  it("lets rows be ticked and views be picked, and changes neither", async () => {
    const { experimentId } = ids;
    const view = { name: "Mine", page: "runs", experimentId, query: "order=name+ASC" };
    await app.rivulet.views.create(view);
    await open(`#/experiments/${experimentId}/runs`);
    await page.getByRole("checkbox", { name: "Select decision tree", exact: true }).click();
    const bar = page.getByRole("region", { name: "Selected rows" });
    await expect.poll(() => textsOf(bar.getByRole("button"))).toEqual(["Compare", "Clear"]);
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("link", { name: "Mine" }).waitFor();
    await expect
      .poll(() => page.getByRole("button", { name: /^(?:Save|Rename|Delete)\b/ }).count())
      .toBe(0);
  });

  it("is told which way a score is better, and does not say so itself", async () => {
    const { baselineId, candidateId } = ids;
    await open(`#/evaluations/compare?baseline=${baselineId}&candidate=${candidateId}`);
    const scorers = page.getByRole("table", { name: "Verdict per scorer" });
    await expect
      .poll(() => textsOf(scorers.getByRole("rowheader")))
      .toEqual(["correctbetter: not known", "briefbetter: not known"]);
    await expect.poll(() => scorers.getByRole("combobox").count()).toBe(0);
  });

  it.each([
    ["#/prompts", "botanist"],
    ["#/prompts/botanist", "First wording"],
    ["#/models/iris", "v2"],
    ["#/models/iris/versions/2", "accuracy"],
    ["#/datasets/flower%20questions", "setosa"],
    ["#/experiments", "Iris classifiers"],
    ["#/experiments/0/about", "Nobody has written any yet."],
  ])("offers no change at %s", async (route, text) => {
    await open(route);
    await page.locator("main").getByText(text).first().waitFor();
    const names = /^(?:New|Edit|Delete\b|Restore|Import|From traces|Set alias|Remove)/;
    await expect
      .poll(() => page.locator("main").getByRole("button", { name: names }).count())
      .toBe(0);
  });

  it("says so politely when a write is refused all the same", async () => {
    await page.goto("about:blank");
    await page.route("**/api/v1/me", (route) =>
      route.fulfill({ json: { id: "stale", access: "admin" } }),
    );
    await page.goto(`${app.url}#/traces/${ids.traceId}`);
    await page.getByRole("button", { name: "Good" }).click();
    await page.getByRole("button", { name: "Save feedback" }).click();
    const notice = page.getByRole("alert");
    await notice.getByText("permission_denied").waitFor();
    await notice.getByText("read-only access").waitFor();
    expect(await app.rivulet.traces.listAssessments({ traceIds: [ids.traceId] })).toEqual([]);
  });
});

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type Seeded, seed } from "./seed.ts";
import { watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let ids: Seeded;
beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp("/mlops", { readOnly: true })]);
  ids = await seed(app.rivulet);
});
afterAll(() => Promise.all([browser.close(), app.close()]));

describe("with read-only access", () => {
  it("offers nothing that would be refused", async () => {
    const watched = await watchPage(browser, app.origin);
    const { page } = watched;
    await page.goto(`${app.url}#/prompts/botanist`);
    await page.getByText("Read-only", { exact: true }).waitFor();
    await page.getByText("First wording").waitFor();
    expect(await page.getByRole("button", { name: /alias|Edit|Delete/ }).count()).toBe(0);
    await page.goto(`${app.url}#/traces/${ids.traceId}`);
    await page.getByText("Feedback needs more than read-only access.").waitFor();
    expect(await watched.problems()).toEqual([]);
    await watched.close();
  });

  it("says so politely when a write is refused all the same", async () => {
    const watched = await watchPage(browser, app.origin);
    const { page } = watched;
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
    await watched.close();
  });
});

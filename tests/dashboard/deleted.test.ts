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
const ids: Record<string, string> = {};
let experimentId = "";

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  const { rivulet } = app;
  for (const name of ["first try", "second try", "in the registry", "alone"]) {
    const run = await rivulet.runs.start({ experiment: "Trial", name });
    await run.logArtifact("model.txt", name);
    await run.finish();
    ids[name] = run.id;
    experimentId = run.experimentId;
  }
  await rivulet.models.register({
    name: "kept",
    runId: ids["in the registry"] ?? "",
    artifactPath: "model.txt",
  });
  await rivulet.flush();
  watched = await watchPage(browser, app.origin);
  page = watched.page;
  page.setDefaultTimeout(15_000);
});
afterAll(async () => {
  expect(await watched.problems()).toEqual([]);
  await watched.close();
  await Promise.all([browser.close(), app.close()]);
});

const button = (name: string) => page.getByRole("button", { name, exact: true });
const said = (text: string) => page.locator(".toast").getByText(text, { exact: true }).waitFor();

async function open(route: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${app.url}${route}`);
}

async function tickAll(): Promise<void> {
  await page.getByRole("checkbox").first().check();
}

describe("what was deleted", () => {
  it.each(["light", "dark"] as const)(
    "is removed for good after it was said what goes, what stays and why: %s",
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      const names = colorScheme === "light" ? ["first try"] : ["second try", "in the registry"];
      await app.rivulet.runs.deleteMany(names.map((name) => ids[name] ?? ""));
      await open(`#/experiments/${experimentId}/runs?deleted=1`);
      await page.getByRole("link", { name: names[0] ?? "" }).waitFor();
      await tickAll();
      await button("Remove for good…").click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText(`1 of ${names.length} will be removed, along with:`).waitFor();
      const reasons = dialog.getByText(/model "?kept/);
      await expect.poll(() => reasons.count()).toBe(names.length - 1);
      expect(await findFaults(page)).toEqual([]);
      await dialog.getByRole("button", { name: "Remove for good" }).click();
      await said(names.length === 1 ? "1 removed for good." : "1 removed for good; 1 kept.");
      expect(await app.rivulet.runs.find(ids[names[0] ?? ""] ?? "")).toBeUndefined();
    },
  );

  it("is seen to be what is listed", async () => {
    await open(`#/experiments/${experimentId}/runs`);
    const ground = () => button("Deleted").evaluate((one) => getComputedStyle(one).backgroundColor);
    await button("Deleted").hover();
    const hovered = await ground();
    await button("Deleted").click();
    await expect.poll(() => button("Deleted").getAttribute("aria-pressed")).toBe("true");
    expect(await ground()).not.toBe(hovered);
  });

  it("is removed from its own page, which leads back to the list then", async () => {
    const id = ids["alone"] ?? "";
    await app.rivulet.runs.delete(id);
    await open(`#/experiments/${experimentId}/runs/${id}`);
    await button("Remove for good…").click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove for good" }).click();
    await said("1 removed for good.");
    await page.getByRole("heading", { level: 1, name: "Runs" }).waitFor();
    expect(await app.rivulet.runs.find(id)).toBeUndefined();
  });

  it("takes the runs of an experiment along, which is said, and undone with it", async () => {
    const { id, experimentId: other } = await app.rivulet.runs.create({ experiment: "Other" });
    await open("#/experiments");
    await page.getByRole("checkbox", { name: "Other" }).check();
    await button("Delete").click();
    await said("1 experiment deleted, and its 1 run with it.");
    expect((await app.rivulet.runs.get(id)).lifecycleStage).toBe("deleted");
    await button("Undo").click();
    await expect.poll(async () => (await app.rivulet.runs.get(id)).lifecycleStage).toBe("active");
    await app.rivulet.experiments.delete(other);
    await open("#/experiments?deleted=1");
    await page.getByRole("link", { name: "Other" }).waitFor();
    await tickAll();
    await button("Remove for good…").click();
    const dialog = page.getByRole("dialog");
    await expect
      .poll(() => textsOf(dialog.getByRole("listitem")))
      .toEqual(["1 run", "0 traces", "evaluations and saved views"]);
    await dialog.getByRole("button", { name: "Remove for good" }).click();
    await said("1 removed for good.");
    expect((await app.rivulet.experiments.search({ lifecycle: "deleted" })).items).toEqual([]);
  });

  it("is removed for good by administrators alone", async () => {
    const { id } = await app.rivulet.runs.create({ experimentId, name: "stays" });
    await app.rivulet.runs.delete(id);
    await page.route("**/api/v1/me", (route) =>
      route.fulfill({ json: { id: "writer", access: "write" } }),
    );
    await open(`#/experiments/${experimentId}/runs?deleted=1`);
    await page.getByRole("link", { name: "stays" }).waitFor();
    await tickAll();
    await button("Restore").waitFor();
    await expect.poll(() => button("Remove for good…").count()).toBe(0);
    await page.unroute("**/api/v1/me");
  });
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  await app.rivulet.experiments.create({ name: "answers" });
  for (let number = 1; number <= 60; number += 1) {
    const span = app.rivulet.startSpan(`answer ${number}`, { input: `question ${number}` });
    if (number === 59) span.end({ error: new Error("The model is away") });
    else span.end({ output: `reply ${number}` });
    await app.rivulet.flush();
  }
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(() => Promise.all([browser.close(), app.close()]));

const heading = (name: string) => page.getByRole("heading", { level: 2, name, exact: true });
const focusedText = () => page.evaluate(() => document.activeElement?.textContent);

async function openList(route = "#/traces", first = "answer 60"): Promise<void> {
  await page.goto("about:blank");
  await page.goto(app.url + route);
  await page.getByRole("link", { name: first, exact: true }).waitFor();
}

describe("the side panel of a list", () => {
  it("opens beside the list by Enter, goes on with J and K, and gives the focus back when it closes", async () => {
    await openList();
    await page.getByRole("link", { name: "answer 60", exact: true }).focus();
    await page.keyboard.press("Enter");
    await heading("answer 60").waitFor();
    await expect.poll(focusedText).toBe("answer 60");
    await page.keyboard.press("j");
    await heading("answer 59").waitFor();
    await page.getByRole("dialog").getByText("The model is away").first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await heading("answer 59").waitFor();
    await expect.poll(() => page.url()).toMatch(/open=[0-9a-f]{32}$/);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(focusedText).toBe("answer 59");
  });

  it("follows the arrows in the list, which keeps the focus", async () => {
    await openList();
    await page.getByRole("link", { name: "answer 60", exact: true }).click();
    await heading("answer 60").waitFor();
    await page.getByRole("link", { name: "answer 60", exact: true }).focus();
    for (let step = 0; step < 40; step += 1) await page.keyboard.press("ArrowDown");
    await heading("answer 20").waitFor();
    await expect.poll(focusedText).toBe("answer 20");
    await page.getByRole("dialog").getByText("reply 20").waitFor();
  });

  it("stands beside the list, not over it, with the row that it was opened with in view", async () => {
    await openList();
    const link = page.getByRole("link", { name: "answer 40", exact: true });
    const id = /[0-9a-f]{32}/.exec((await link.getAttribute("href")) ?? "")?.[0];
    await openList(`#/traces?open=${id}`, "answer 40");
    await heading("answer 40").waitFor();
    const box = (selector: string) => page.locator(selector).first().boundingBox();
    const [list, panel] = [await box(".table-scroll"), await box(".row-panel")];
    expect((list?.x ?? 0) + (list?.width ?? 0)).toBeLessThanOrEqual(panel?.x ?? 0);
    const bottom = async (): Promise<number> => {
      const row = await page.getByRole("row", { name: "answer 40" }).boundingBox();
      return (row?.y ?? 0) + (row?.height ?? 0);
    };
    // Whole, with the head above it and nothing of it below the list's edge.
    await expect.poll(bottom).toBeLessThanOrEqual((list?.y ?? 0) + (list?.height ?? 0));
  });

  it("covers the page where there is little room", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await openList();
    await page.getByRole("link", { name: "answer 60", exact: true }).click();
    await heading("answer 60").waitFor();
    const box = await page.getByRole("dialog").boundingBox();
    expect(box).toEqual({ x: 0, y: 0, width: 390, height: 800 });
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it("leads to a full page that goes on through the list as it was filtered", async () => {
    await openList("#/traces?order=startTime+ASC&filter=name+!%3D+%27answer+2%27", "answer 1");
    await page.getByRole("link", { name: "answer 1", exact: true }).press("Enter");
    await heading("answer 1").waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "answer 1", exact: true }).waitFor();
    await page.getByRole("link", { name: "1 of 59" }).waitFor();
    await page.getByRole("link", { name: "Next trace" }).click();
    await page.getByRole("heading", { level: 1, name: "answer 3", exact: true }).waitFor();
    await page.reload();
    await page.getByRole("link", { name: "2 of 59" }).waitFor();
    await page.getByRole("link", { name: "Previous trace" }).click();
    await page.getByRole("heading", { level: 1, name: "answer 1", exact: true }).waitFor();
    await page.getByRole("link", { name: "1 of 59" }).click();
    await page.getByRole("heading", { level: 1, name: "Traces" }).waitFor();
    await expect.poll(() => page.url()).toContain("?order=startTime+ASC&filter=");
  });
});

describe("a list", () => {
  it("is found by Back as it was left: scrolled and open", async () => {
    await openList();
    await page.getByRole("region", { name: "Traces" }).focus();
    await page.keyboard.press("End");
    await page.getByRole("link", { name: "answer 2", exact: true }).click();
    await heading("answer 2").waitFor();
    await page.getByRole("dialog").getByRole("link", { name: "Open" }).click();
    await page.getByRole("heading", { level: 1, name: "answer 2", exact: true }).waitFor();
    await page.goBack();
    await heading("answer 2").waitFor();
    await page.getByRole("link", { name: "answer 2", exact: true }).waitFor();
    await expect
      .poll(() => page.getByRole("link", { name: "answer 60", exact: true }).count())
      .toBe(0);
  });

  it("has nothing untoward in the console", async () => {
    expect(await watched.problems()).toEqual([]);
  });
});

import type { ChatMessage } from "@rivulet/core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let app: DashboardApp;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  app = await startApp();
  browser = await launchChromium();
  watched = await watchPage(browser, app.origin);
  page = watched.page;
  await talk("short", 3);
  await talk("long", 120);
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

/** A conversation in which each turn is sent all that was said before. */
async function talk(sessionId: string, turns: number): Promise<void> {
  const said: ChatMessage[] = [{ role: "system", content: "You are a gardener." }];
  for (let turn = 1; turn <= turns; turn += 1) {
    said.push({ role: "user", content: `Question ${turn}` });
    const span = app.rivulet.startSpan("answer", {
      type: "chat_model",
      sessionId,
      userId: "ben",
      startTime: Date.now() - 60_000 + turn,
      input: { messages: said.slice(-9) },
      model: "m-1",
    });
    span.setUsage({ inputTokens: 10 * turn, outputTokens: 5 });
    span.setCost(0.25);
    const answer: ChatMessage = { role: "assistant", content: `Answer ${turn}` };
    span.end(turn === 2 ? { error: new Error("The model is away") } : { output: answer });
    if (turn !== 2) said.push(answer);
    if (turn === 1) {
      await app.rivulet.flush();
      await app.rivulet.traces.logFeedback({
        traceId: span.traceId,
        name: "helpful",
        value: true,
        rationale: "It grew",
      });
    }
  }
  await app.rivulet.flush();
}

const turn = (number: number) => page.getByRole("article", { name: `Turn ${number}`, exact: true });
const open = async (id: string): Promise<void> => {
  await page.goto(`${app.url}#/sessions/${id}`);
  await page.getByRole("heading", { level: 1, name: id.split("?")[0] ?? id }).waitFor();
};

describe("a session", () => {
  it("shows of each turn what is new, with what was sent again one click away", async () => {
    await open("short");
    await turn(3).waitFor();
    await expect
      .poll(() => turn(1).locator(".chat .message").allTextContents())
      .toEqual(["SystemYou are a gardener.", "UserQuestion 1", "AssistantAnswer 1"]);
    await expect
      .poll(() => turn(3).locator(":scope > .chat .message").allTextContents())
      .toEqual(["UserQuestion 3", "AssistantAnswer 3"]);
    await turn(3).getByText("4 messages sent again").click();
    await turn(3).getByText("You are a gardener.").waitFor();
  });

  it("says of each turn what it took, what went wrong, and what was thought of it", async () => {
    await open("short");
    await turn(2).getByText("The model is away").waitFor();
    await turn(2).getByText("25 tokens").waitFor();
    await turn(2).getByText("$0.250").waitFor();
    await turn(1).getByText("It grew").waitFor();
    await page.getByText("$0.750").waitFor();
  });

  it("leads from a turn to its trace", async () => {
    await open("short");
    await turn(1).getByRole("link", { name: "answer" }).click();
    await page.getByRole("heading", { level: 1, name: "answer" }).waitFor();
    expect(await watched.problems()).toEqual([]);
  });

  it("draws a long conversation as one scrolls, and has all of it in its outline", async () => {
    await open("long");
    await turn(1).waitFor();
    const outline = page.getByRole("region", { name: "Outline" });
    await outline.getByRole("button", { name: "20 Question 20", exact: true }).click();
    await turn(20).waitFor();
    await expect.poll(() => page.getByRole("article").count()).toBeLessThan(20);
    // It stands on top, whatever the turns above it turned out to be high.
    const topOf = async (place: Locator) => (await place.boundingBox())?.y ?? Number.NaN;
    const conversation = page.getByRole("region", { name: "Conversation" });
    const fromTop = async () =>
      (await topOf(page.locator(".turn").filter({ has: turn(20) }))) - (await topOf(conversation));
    await expect.poll(fromTop).toBeLessThan(2);
    expect(await fromTop()).toBeGreaterThan(-2);
    await expect.poll(() => turn(1).count()).toBe(0);
  });

  it("begins at its end when that is asked for, under an address of its own", async () => {
    await open("long?turns=newest");
    await turn(120).waitFor();
    await expect
      .poll(() => turn(120).locator(":scope > .chat .message").allTextContents())
      .toEqual(["UserQuestion 120", "AssistantAnswer 120"]);
    expect(await watched.problems()).toEqual([]);
  });
});

describe("a user", () => {
  it("has totals, a course over time, sessions and traces", async () => {
    await page.goto(`${app.url}#/users/ben`);
    await page.getByRole("heading", { level: 1, name: "ben" }).waitFor();
    await page
      .locator(".stat", { hasText: "Requests" })
      .getByText("123", { exact: true })
      .waitFor();
    await page.locator(".facts").getByText("helpful").waitFor();
    await page.getByRole("heading", { name: "Where it goes" }).waitFor();
    await page.mouse.move(600, 500);
    await page.mouse.wheel(0, 3_000);
    await page.getByRole("link", { name: "All traces" }).waitFor();
    await page.getByRole("link", { name: "short" }).click();
    await page.getByRole("heading", { level: 1, name: "short" }).waitFor();
    expect(await watched.problems()).toEqual([]);
  });
});

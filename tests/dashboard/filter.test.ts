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
  recordTraces();
  await app.rivulet.flush();
  const scored = await app.rivulet.traces.search({ filter: "name = 'greet'", limit: 1 });
  await app.rivulet.traces.logFeedback({
    traceId: scored.items[0]?.id ?? "",
    name: "kind",
    value: true,
  });
  const run = await app.rivulet.runs.start({ name: "tree", params: { depth: 3 } });
  run.logMetric("accuracy", 0.9);
  await run.finish();
  await app.rivulet.flush();
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(() => Promise.all([browser.close(), app.close()]));

function recordTraces(): void {
  for (const [name, tags, output] of [
    ["greet", { env: "prod" }, "100% of a_b = c"],
    ["greet", { env: "prod" }, "status = 'error'"],
    ["search", { env: "test", path: "C:/50%_x:1" }, "1000 of axb IN d"],
    ["o'neill", { path: "C:\\50%_x:1" }, "nothing"],
  ] as const) {
    app.rivulet.startSpan(name, { input: "a question", tags }).end({ output });
  }
}

const box = () => page.locator("input[role=combobox]");
const option = (name: string) => page.getByRole("option", { name, exact: true });

/** Opens the list anew and waits for its rows. */
/** Opens a list as it is without conditions of its own, or with others. */
async function open(search = "?where=any", list = "traces"): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${app.url}#/${list}${search}`);
  await page.getByRole("button", { name: "Filter text" }).waitFor();
}

/** Waits until the list says that it has so many. */
async function found(count: number): Promise<void> {
  const words = count === 1 ? "1 trace" : `${count} traces`;
  await page.getByText(words, { exact: true }).waitFor();
}

async function conditions(): Promise<readonly string[]> {
  const chips = page.getByRole("list", { name: "Conditions" }).getByRole("listitem");
  return (await chips.allInnerTexts()).map((text) =>
    text.replace(/\s*Remove .*$/s, "").replace(/\s+/g, " "),
  );
}

describe("words", () => {
  it.each([
    ["100%", 1],
    ["a_b", 1],
    ["of", 2],
    ["status = 'error'", 1],
    ["IN", 1],
    ["100 <", 1],
  ])("are looked for as they stand: %s", async (words, count) => {
    await open();
    await box().fill(words);
    await expect.poll(() => page.getByRole("option").first().textContent()).toContain(words);
    await box().press("Enter");
    await found(count);
    expect(await conditions()).toEqual([`“${words}”`]);
    // What was found is not covered by suggestions of what else could be asked.
    expect(await page.getByRole("option").count()).toBe(0);
  });
});

describe("a condition", () => {
  it("is made of a field, and of a value that is in use, which says how many have it", async () => {
    await open();
    await box().fill("env");
    await option("tags.env").click();
    await page.getByRole("option", { name: "tags.env = prod" }).getByText("2").waitFor();
    await option("tags.env = prod 2").click();
    await found(2);
    expect(await conditions()).toEqual(["tags.env = prod"]);
  });

  it("is made without the mouse, compared otherwise than with =", async () => {
    await open();
    await box().fill("Name");
    await box().press("ArrowDown");
    await box().press("ArrowDown");
    await box().press("Enter");
    await option("contains").click();
    await box().pressSequentially("o'n");
    await box().press("Enter");
    await found(1);
    expect(await conditions()).toEqual(["Name contains o'n"]);
  });

  it("takes signs as they stand, also by its link", async () => {
    await open();
    await box().fill("path");
    await option("tags.path").click();
    await option("contains").click();
    await box().pressSequentially("\\50%_x:");
    await box().press("Enter");
    await found(1);
    await page.reload();
    await found(1);
    expect(await conditions()).toEqual(["tags.path contains \\50%_x:"]);
  });

  it("is turned round, edited, taken back and removed", async () => {
    await open("?where=tags.env:is:prod&where=status:is:ok");
    await page.getByRole("button", { name: "=", exact: true }).first().click();
    // Those without the tag are not of prod, either.
    await found(2);
    expect(await conditions()).toEqual(["tags.env ≠ prod", "Status = ok"]);
    await page.getByRole("button", { name: "prod", exact: true }).click();
    await box().fill("test");
    await box().press("Enter");
    await expect.poll(conditions).toEqual(["tags.env ≠ test", "Status = ok"]);
    await box().press("Backspace");
    await expect.poll(() => box().inputValue()).toBe("ok");
    await box().press("Escape");
    await box().press("Escape");
    await box().press("Escape");
    expect(await conditions()).toEqual(["tags.env ≠ test", "Status = ok"]);
    await page.getByRole("button", { name: "Remove the condition Status = ok" }).click();
    await page.getByRole("button", { name: "Remove the condition tags.env ≠ test" }).click();
    await found(4);
  });

  it("takes nothing but a number where one is compared, and says so", async () => {
    await open();
    await box().fill("Latency");
    await option("Latency (ms) durationMs").click();
    await box().pressSequentially("2 s");
    await page.getByRole("alert").getByText("not a number").waitFor();
    await box().press("Enter");
    expect(await conditions()).toEqual([]);
    await box().fill("2000");
    await box().press("Enter");
    await found(0);
    expect(await conditions()).toEqual(["Latency (ms) > 2000"]);
  });

  it("is found by one of its values", async () => {
    await open();
    await box().fill("err");
    await option("Status = error").click();
    await found(0);
    expect(await conditions()).toEqual(["Status = error"]);
  });

  it("that is often wanted is one click away", async () => {
    await open();
    const failed = page.getByRole("button", { name: "Failed", exact: true });
    await failed.click();
    await found(0);
    await failed.click();
    await found(4);
  });

  it.each([
    ["traces", "feedback.kind"],
    ["runs", "metrics.accuracy"],
    ["runs", "params.depth"],
  ])("of %s may name %s", async (list, field) => {
    await open("?where=any", list);
    await box().fill(field);
    await option(field).waitFor();
  });
});

describe("a letter that is being composed", () => {
  it("is left to the writing system: its Enter looks for nothing", async () => {
    await open();
    await box().fill("kan");
    await box().dispatchEvent("keydown", { key: "Enter", isComposing: true });
    await expect.poll(() => box().inputValue()).toBe("kan");
    expect(await conditions()).toEqual([]);
  });
});

describe("the text form", () => {
  const text = () => page.getByRole("textbox", { name: "Filter text" });

  it("says what words and chips mean", async () => {
    await open("?q=100%25&where=tags.env:is-not:prod");
    await page.getByRole("button", { name: "Filter text" }).click();
    await expect
      .poll(() => text().inputValue())
      .toBe("text MATCH '100%' AND NOT tags.env = 'prod'");
  });

  it.each([
    ["status = 'ok' AND durationMs >= 0.001", ["Status = ok", "Latency (ms) ≥ 0.001"]],
    ["(name ILIKE '%o''n%') and tags.env is NULL", ["Name contains o'n", "tags.env is missing"]],
    ["name = 'a' OR name = 'b'", ["name = 'a' OR name = 'b'"]],
    ["status = 'ok' AND (name = 'a' OR name = 'b')", ["Status = ok", "(name = 'a' OR name = 'b')"]],
    // Two spellings of a number are one number, but two texts.
    ["tags.version = 1.10", ["tags.version = 1.10"]],
  ])("becomes chips where chips can say it: %s", async (written, chips) => {
    await open();
    await page.getByRole("button", { name: "Filter text" }).click();
    await text().fill(written);
    await text().press("Enter");
    await expect.poll(conditions).toEqual(chips);
    await expect.poll(() => text().inputValue()).toContain(written.slice(-5));
  });

  it("shows a mistake at its place, and applies nothing", async () => {
    await open("?where=status:is:ok");
    await page.getByRole("button", { name: "Filter text" }).click();
    await text().fill("status = 'ok' AND durationMs > abc");
    const problem = page.getByRole("alert");
    await problem.getByText("expected a number").waitFor();
    await expect.poll(() => problem.locator("mark").textContent()).toBe("abc");
    await text().press("Enter");
    await expect
      .poll(() => text().evaluate((field: HTMLTextAreaElement) => field.selectionStart))
      .toBe(31);
    await found(4);
    // The mistake was the API's to find.
    await watched.problems();
  });
});

describe("the value of a cell", () => {
  it("is filtered by and excluded with buttons at the cell", async () => {
    await open();
    await page.getByRole("cell", { name: "search", exact: true }).hover();
    await page.getByRole("button", { name: "Without Name = search" }).click();
    await found(3);
    await page.getByRole("cell", { name: "greet", exact: true }).first().hover();
    await page.getByRole("button", { name: "Only Name = greet" }).click();
    await found(2);
    expect(await conditions()).toEqual(["Name ≠ search", "Name = greet"]);
  });

  it("is filtered by without the mouse, with a menu of the row", async () => {
    await open();
    await page.getByRole("link", { name: "search" }).dispatchEvent("contextmenu", { button: 0 });
    await page.getByRole("button", { name: "Only Status = ok" }).waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe("Only Name = search");
    await page.keyboard.press("Enter");
    await found(1);
    expect(await conditions()).toEqual(["Name = search"]);
  });
});

describe("the range of time", () => {
  const range = () => page.getByRole("button", { name: /^(?:All time|Last|Since|Until|.* – )/ });
  const inUrl = async () => new URLSearchParams(page.url().split("?")[1]).get("range");

  it("is a preset, a wider one after zooming out, and in the URL", async () => {
    await open();
    await range().click();
    await page.getByRole("button", { name: "Last hour" }).click();
    await found(4);
    expect(await inUrl()).toBe("1h");
    await range().click();
    await page.getByRole("button", { name: "Zoom out" }).click();
    await page.getByRole("button", { name: "Last 24 hours" }).waitFor();
    expect(await inUrl()).toBe("24h");
  });

  it("goes from one time to another, or since a time, by the clock one chooses", async () => {
    await open();
    await range().click();
    await page.getByText("UTC", { exact: true }).click();
    await page.getByLabel("From").fill("2025-11-01T10:00");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("button", { name: "Since Nov 1, 2025, 10:00:00 AM UTC" }).click();
    expect(await inUrl()).toBe("2025-11-01T10:00:00.000Z/");
    await found(4);
    await page.getByLabel("To (empty").fill("2025-11-01T09:00");
    await page.getByRole("alert").getByText("The end is not after the beginning.").waitFor();
    for (const hour of [10, 12])
      app.rivulet.startSpan(`at ${hour}`, { startTime: Date.UTC(2025, 10, 1, hour) }).end();
    await app.rivulet.flush();
    await page.getByLabel("To (empty").fill("2025-11-01T12:00");
    await page.getByRole("button", { name: "Apply" }).click();
    // The first moment belongs to it, the last does not.
    await found(1);
    await page.getByRole("link", { name: "at 10" }).waitFor();
    expect(await inUrl()).toBe("2025-11-01T10:00:00.000Z/2025-11-01T12:00:00.000Z");
    await range().click();
    await page.getByRole("button", { name: "Zoom out" }).click();
    await expect.poll(inUrl).toBe("2025-11-01T09:00:00.000Z/2025-11-01T13:00:00.000Z");
  });
});

it("nothing of this breaks the content policy", async () => {
  await open();
  await box().fill("a");
  await option("Name name").click();
  expect(await watched.problems()).toEqual([]);
});

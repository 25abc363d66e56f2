import { readFile } from "node:fs/promises";
import type { ActiveSpan, Rivulet, SpanType } from "@rivulet/core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { findFaults } from "./find-faults.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;
let agent: string;
let deep: { readonly traceId: string; readonly lastId: string };
let running: string;
let loop: string;

/** When the trace of the agent began; it has ended long ago. */
const START = Date.UTC(2026, 4, 4, 9, 30);

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  agent = recordAgent(app.rivulet);
  deep = recordChain(app.rivulet);
  running = recordRunning(app.rivulet);
  loop = recordLoop(app.rivulet);
  await app.rivulet.flush();
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(async () => {
  expect(await watched.problems()).toEqual([]);
  await Promise.all([browser.close(), app.close()]);
});

interface Step {
  readonly type?: SpanType;
  readonly parent: ActiveSpan;
  /** Milliseconds after the start of the trace. */
  readonly from: number;
  readonly to: number;
  readonly error?: string;
}

function record(rivulet: Rivulet, name: string, { from, to, error, ...step }: Step): ActiveSpan {
  const span = rivulet.startSpan(name, { ...step, startTime: START + from });
  span.end({ endTime: START + to, ...(error === undefined ? {} : { error: new Error(error) }) });
  return span;
}

const TOOL = {
  name: "find_order",
  description: "Finds an order.",
  parameters: {
    type: "object",
    properties: { number: { type: "string", description: "Its number" }, year: { enum: [1, 2] } },
    required: ["number"],
  },
};

/** Plans for a second, looks two things up side by side for two, waits for half a minute, and answers for a second. */
function recordAgent(rivulet: Rivulet): string {
  const root = rivulet.startSpan("agent", {
    type: "agent",
    startTime: START,
    input: "a long question\n".repeat(2_000),
  });
  const plan = rivulet.startSpan("plan", {
    type: "chat_model",
    parent: root,
    startTime: START,
    model: "gpt-4o-mini",
    provider: "openai",
  });
  plan.setUsage({ inputTokens: 1_200, outputTokens: 34 });
  plan.setCost(0.0125);
  plan.setInput({ messages: [{ role: "user", content: "Where is it?" }], tools: [TOOL] });
  plan.setAttributes({
    finishReason: "tool_calls",
    responseId: "resp_7",
    temperature: 0.2,
    region: "eu-north",
    "otel.links": [{ traceId: "a".repeat(32), spanId: "b".repeat(16) }],
  });
  plan.end({ endTime: START + 1_000 });
  record(rivulet, "find_order", { type: "tool", parent: root, from: 1_000, to: 3_000 });
  record(rivulet, "find_customer", {
    type: "tool",
    parent: root,
    from: 1_000,
    to: 1_500,
    error: "upstream has gone away",
  });
  record(rivulet, "answer", { type: "chain", parent: root, from: 33_000, to: 34_000 });
  root.end({ endTime: START + 34_000 });
  return root.traceId;
}

/** A chain of 400 spans, each inside the one before. */
function recordChain(rivulet: Rivulet): { readonly traceId: string; readonly lastId: string } {
  let span = rivulet.startSpan("level 1", { startTime: START });
  const all = [span];
  for (let level = 2; level <= 400; level += 1) {
    span = rivulet.startSpan(`level ${level}`, { parent: span, startTime: START + level });
    all.push(span);
  }
  for (const open of all) open.end({ endTime: START + 1_000 });
  return { traceId: span.traceId, lastId: span.id };
}

/** An agent that asks its model three times, and uses two tools side by side after each of the first two answers. */
function recordLoop(rivulet: Rivulet): string {
  const root = rivulet.startSpan("assistant", { type: "agent", startTime: START });
  for (const from of [0, 2_000, 4_000]) {
    record(rivulet, "think", { type: "chat_model", parent: root, from, to: from + 1_000 });
    if (from === 4_000) continue;
    const error = from === 0 ? undefined : "too much";
    const search = { from: from + 1_000, to: from + 2_000, ...(error && { error }) };
    record(rivulet, "search", { type: "tool", parent: root, ...search });
    record(rivulet, "read", { type: "tool", parent: root, from: from + 1_100, to: from + 1_600 });
  }
  root.end({ endTime: START + 5_000 });
  return root.traceId;
}

function recordRunning(rivulet: Rivulet): string {
  const root = rivulet.startSpan("still at it");
  rivulet.startSpan("asking", { parent: root, type: "chat_model" });
  return root.traceId;
}

async function open(traceId: string, search = ""): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${app.url}#/traces/${traceId}${search}`);
  await page.locator("[role=tree], .graph-box").first().waitFor({ state: "attached" });
}

const names = (): Promise<string[]> => page.locator(".span-label").allTextContents();
const marks = (): Promise<string[]> => page.locator(".time-mark").allTextContents();
const row = (name: string) => page.getByRole("treeitem", { name: new RegExp(name) });

/** Left and right edge of the only element that fits. */
async function edges(selector: string): Promise<{ left: number; right: number; width: number }> {
  const box = await page.locator(selector).first().boundingBox();
  if (box === null) throw new Error(`${selector} is not drawn.`);
  return { left: box.x, right: box.x + box.width, width: box.width };
}

describe("a trace of 400 levels", () => {
  it("is opened at the span that a link names", async () => {
    await open(deep.traceId, `?span=${deep.lastId}`);
    await row("level 400").waitFor();
    await expect.poll(() => row("level 400").getAttribute("aria-selected")).toBe("true");
    await expect.poll(() => row("level 400").isVisible()).toBe(true);
  });

  it("keeps every name out of the bars, and says how deep it is", async () => {
    const overlaps = await page.evaluate(() =>
      [...document.querySelectorAll(".span-row")].map((one) => {
        const right = one.querySelector(".span-label")?.getBoundingClientRect().right ?? 0;
        return right > (one.querySelector(".span-track")?.getBoundingClientRect().left ?? 0);
      }),
    );
    expect(new Set(overlaps)).toEqual(new Set([false]));
    await expect.poll(() => row("level 400").locator(".span-level").textContent()).toBe("400");
    const label = await edges(".span-row.is-selected .span-label");
    expect(label.width).toBeGreaterThan(40);
  });

  it("draws only the rows in view", async () => {
    await expect.poll(() => page.getByRole("treeitem").count()).toBeLessThan(60);
  });
});

describe("the tree of spans", () => {
  it("is closed and opened as a whole", async () => {
    await open(deep.traceId);
    await page.getByRole("button", { name: "Collapse all" }).click();
    await row("level 3").waitFor({ state: "detached" });
    expect(await names()).toEqual(["level 1", "level 2"]);
    await page.getByRole("button", { name: "Expand all" }).click();
    await row("level 3").first().waitFor();
  });

  it("gives names as much room as the keyboard says, and remembers it", async () => {
    await open(agent);
    const before = await edges(".span-row .span-name");
    const border = page.getByRole("separator", { name: "Width of the names" });
    await border.focus();
    for (let press = 0; press < 5; press += 1) await border.press("ArrowRight");
    const after = await edges(".span-row .span-name");
    expect(after.width).toBeGreaterThan(before.width + 20);
    await page.reload();
    await row("plan").waitFor();
    expect((await edges(".span-row .span-name")).width).toBe(after.width);
    await page.evaluate(() => localStorage.clear());
  });

  it.each([
    ["error", ["agent", "find_customer"]],
    ["failed", ["agent", "find_customer"]],
    ["gone away", ["agent", "find_customer"]],
    ["GPT-4o", ["agent", "plan"]],
    ["chat model", ["agent", "plan"]],
    ["find_order", ["agent", "find_order"]],
    ["nothing like it", []],
  ])("finds %j", async (text, expected) => {
    await open(agent, `?find=${encodeURIComponent(text)}`);
    expect(await names()).toEqual(expected);
  });

  it("finds what is inside spans when told to", async () => {
    await open(agent, "?find=eu-north");
    expect(await names()).toEqual([]);
    await page.getByRole("button", { name: /^Look in inputs/ }).click();
    await row("plan").waitFor();
    expect(await names()).toEqual(["agent", "plan"]);
  });

  it("goes from match to match", async () => {
    await open(agent, "?find=find_");
    await page.getByText("2 found").waitFor();
    const box = page.getByRole("searchbox", { name: "Find a span" });
    await box.press("Enter");
    await page.getByText("1 of 2").waitFor();
    await page.getByRole("button", { name: "Next match" }).click();
    await page.getByText("2 of 2").waitFor();
    await box.press("Shift+Enter");
    await page.getByText("1 of 2").waitFor();
    await expect
      .poll(() => page.locator(".span-row.is-selected .span-label").textContent())
      .toBe((await names())[1]);
  });

  it("says at the end of each row what the span took", async () => {
    await open(agent);
    const sums = await row("plan").locator(".span-sum").allTextContents();
    expect(sums).toEqual(["1.00 s", "1,234 tokens", "$0.013"]);
  });
});

describe("the waterfall", () => {
  const whole = ["0 ms", "8.50 s", "17.0 s", "25.5 s"];

  it("is zoomed by buttons and shown whole again", async () => {
    await open(agent);
    expect(await marks()).toEqual(whole);
    await page.getByRole("button", { name: "Zoom in" }).click();
    expect(await marks()).toEqual(["8.50 s", "12.8 s", "17.0 s", "21.3 s"]);
    await page.getByRole("button", { name: "Show the whole time" }).click();
    expect(await marks()).toEqual(whole);
  });

  it("is zoomed to the part that the mouse drags over, which selects nothing", async () => {
    const track = await edges(".span-track");
    const y = ((await row("answer").boundingBox())?.y ?? 0) + 15;
    await page.mouse.move(track.left + 1, y);
    await page.mouse.down();
    await page.mouse.move(track.left + 1 + track.width / 4, y, { steps: 3 });
    await page.mouse.up();
    const [first = "", second = ""] = await marks();
    expect([
      first.endsWith(" ms") && Number.parseFloat(first) < 500,
      Number.parseFloat(second),
    ]).toEqual([true, expect.closeTo(2.2, 0)]);
    await expect.poll(() => row("answer").getAttribute("aria-selected")).toBe("false");
  });

  it("is zoomed by the wheel with Ctrl", async () => {
    await open(agent);
    const track = await edges(".span-track");
    await page.mouse.move(track.left + 1, ((await row("plan").boundingBox())?.y ?? 0) + 15);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -400);
    await page.keyboard.up("Control");
    await page.waitForFunction(
      () => document.querySelectorAll(".time-mark")[3]?.textContent !== "25.5 s",
    );
    expect(Number.parseFloat((await marks())[3] ?? "")).toBeLessThan(13);
  });

  it("marks what kept the trace from ending earlier", async () => {
    await open(agent);
    await page.getByRole("button", { name: /^Critical path/ }).click();
    await page.locator(".span-bar.is-beside").waitFor();
    await expect.poll(() => row("find_customer").locator(".is-beside").count()).toBe(1);
    await expect.poll(() => page.locator(".span-bar.is-beside").count()).toBe(1);
    await expect.poll(() => row("On the critical path").count()).toBe(4);
    await expect.poll(() => page.url()).toContain("path=critical");
  });

  it("shortens gaps in which nothing ran", async () => {
    await open(agent, "?idle=short");
    await page.locator(".time-gap").waitFor();
    await expect
      .poll(() => page.locator(".time-gap").getAttribute("title"))
      .toBe("30.0 s in which nothing ran");
    const [root, answer] = await Promise.all([edges(".span-bar"), edges(".span-bar.type-chain")]);
    expect(answer.width / root.width).toBeCloseTo(1 / 4.12, 2);
  });

  it("shows that a span is still in progress", async () => {
    await open(running);
    await expect.poll(() => page.locator(".span-bar.is-open").count()).toBe(2);
    await expect.poll(() => row("asking").locator(".span-time").textContent()).toMatch(/…$/);
  });
});

describe("the graph of a trace", () => {
  const boxes = (): Promise<string[]> =>
    page.locator(".graph-box").evaluateAll((all) =>
      all.map((box) => {
        box.normalize();
        const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
        const words: string[] = [];
        while (texts.nextNode() !== null) words.push(texts.currentNode.textContent ?? "");
        return words.join("|");
      }),
    );

  it("joins spans of one name, and says how work goes on: loops of an agent are loops", async () => {
    await open(loop);
    await page.getByText("Graph", { exact: true }).click();
    await page.locator(".graph-box").first().waitFor();
    expect(await boxes()).toEqual([
      "A|Agent|assistant|5.00 s|, calls think",
      "M|Chat model|think|3 ×|3.00 s|, then search 2 ×, then read 2 ×",
      "T|Tool|search|2 ×|2.00 s|1 failed|, then think 2 ×",
      "T|Tool|read|2 ×|1.00 s|, then think 2 ×",
    ]);
    expect(page.url()).toContain("spans=graph");
  });

  it("leads to each span of a name in turn", async () => {
    const think = page.getByRole("button", { name: /^Chat model think/ });
    const time = (at: number) => page.waitForURL((url) => url.hash.includes(`span=${ids[at]}`));
    const spans = await app.rivulet.traces.listSpans(loop);
    const ids = spans.filter(({ name }) => name === "think").map(({ id }) => id);
    await think.focus();
    await page.keyboard.press("Enter");
    await time(0);
    await page.keyboard.press("Enter");
    await time(1);
    await think.getByText("2 of 3").waitFor();
    await page.getByRole("heading", { level: 2, name: "think" }).waitFor();
  });

  it("draws a few boxes of hundreds of names, and one for the rest", async () => {
    await open(deep.traceId, "?spans=graph");
    await page.locator(".graph-label", { hasText: "360 other names" }).waitFor();
    expect(await page.locator(".graph-box").count()).toBe(41);
  });

  it("is accessible in both themes", async () => {
    await open(loop, "?spans=graph");
    expect(await findFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await findFaults(page, { type: "rule", values: ["color-contrast"] })).toEqual([]);
    await page.emulateMedia({ colorScheme: null });
  });
});

describe("the page of a trace", () => {
  it("does not scroll, however long an input is", async () => {
    await open(agent);
    await page.getByText("a long question").first().waitFor();
    const [whole, shown] = await page
      .locator("main")
      .evaluate((main) => [main.scrollHeight, main.clientHeight]);
    expect(whole).toBe(shown);
  });

  it("has bars in forced colours", async () => {
    await page.emulateMedia({ forcedColors: "active" });
    const [bar, ground] = await page
      .locator(".span-bar")
      .first()
      .evaluate((element) => [
        getComputedStyle(element).backgroundColor,
        getComputedStyle(document.querySelector("main") ?? document.body).backgroundColor,
      ]);
    expect(bar).not.toBe(ground);
    expect(bar).not.toBe("rgba(0, 0, 0, 0)");
    await page.emulateMedia({ forcedColors: "none" });
  });

  it("keeps times out of names on a phone", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(agent);
    const [name, time] = [
      await edges(".span-row .span-label"),
      await edges(".span-row .span-time"),
    ];
    expect(name.right).toBeLessThanOrEqual(time.left);
    expect(name.width).toBeGreaterThan(20);
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});

describe("what is shown of a span", () => {
  const select = async (name: string): Promise<void> => {
    await row(name).click();
    await page.getByRole("heading", { level: 2, name }).waitFor();
  };
  const tab = (name: string) => page.getByRole("tab", { name }).click();
  const facts = (title: string): Promise<string[]> =>
    page
      .locator("section", { has: page.getByRole("heading", { name: title, exact: true }) })
      .locator("dl > div")
      .allTextContents();

  it("are the tools that the model was offered, settings, and what came back beside the answer", async () => {
    await open(agent);
    await select("plan");
    await page.getByText("1 tool offered").click();
    await page.getByText("Finds an order.").waitFor();
    await expect
      .poll(() => page.locator(".tool-parameters > div").allTextContents())
      .toEqual(["number stringIts number", "year 1 | 2, optional"]);
    expect(await facts("Settings")).toEqual(["Temperature0.2"]);
    expect(await facts("Response")).toEqual(["Finish reasontool_calls", "Response idresp_7"]);
  });

  it("are links to spans elsewhere", async () => {
    const link = page.getByRole("link", { name: "Trace aaaaaaaaaaaa, span bbbbbbbbbbbb" });
    await expect
      .poll(() => link.getAttribute("href"))
      .toBe(`#/traces/${"a".repeat(32)}?span=${"b".repeat(16)}`);
  });

  it("are attributes that can be searched", async () => {
    await tab("Attributes");
    await page.getByRole("searchbox", { name: "Find an attribute" }).fill("EU-");
    const found = page.getByRole("table", { name: "Of this span" }).getByRole("row");
    await expect.poll(() => found.allTextContents()).toEqual(["regioneu-north"]);
  });

  it("is its JSON, which can be downloaded", async () => {
    await tab("JSON");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download" }).click(),
    ]);
    const saved: unknown = JSON.parse(await readFile(await download.path(), "utf8"));
    expect(saved).toMatchObject({ name: "plan", attributes: { region: "eu-north" } });
  });

  it("is the stack of its error", async () => {
    await tab("Details");
    await select("find_customer");
    await page.locator(".notice").getByText("Stack").click();
    await expect
      .poll(() => page.locator(".stack").first().textContent())
      .toContain("Error: upstream has gone away");
  });

  it("is the beginning of a long text, and all of it when asked for", async () => {
    await select("agent");
    const text = page.locator(".plain-text", { hasText: "a long question" });
    const length = async () => (await text.textContent())?.length;
    await expect.poll(length).toBe(6_000);
    await page.getByRole("button", { name: "Show all 32,000 characters" }).click();
    await expect.poll(length).toBe(32_000);
  });
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { textsOf } from "./texts-of.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;
let traceId: string;
let toolId: string;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  const root = app.rivulet.startSpan("agent", {
    input: { question: "Where?" },
    tags: { env: "test", team: "a" },
  });
  const tool = app.rivulet.startSpan("lookup", { type: "tool", parent: root, input: { id: 7 } });
  tool.end({ output: "here" });
  root.end({ output: "There." });
  [traceId, toolId] = [root.traceId, tool.id];
  await app.rivulet.flush();
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(async () => {
  expect(await watched.problems()).toEqual([]);
  await Promise.all([browser.close(), app.close()]);
});

async function open(search = ""): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${app.url}#/traces/${traceId}${search}`);
  await page.getByRole("treeitem").first().waitFor();
}

const dialog = () => page.getByRole("dialog");

async function submit(button: string): Promise<void> {
  await dialog().getByRole("button", { name: button, exact: true }).click();
  await dialog().waitFor({ state: "detached" });
}

async function said(): Promise<readonly unknown[]> {
  const all = await app.rivulet.traces.listAssessments({ traceIds: [traceId] });
  return all.map(({ kind, name, value, spanId, rationale }) => ({
    kind,
    name,
    value,
    spanId,
    rationale,
  }));
}

describe("an annotation", () => {
  it("gives a span a number with a comment, and can be taken back", async () => {
    await open(`?span=${toolId}`);
    await page.getByRole("button", { name: "Annotate" }).click();
    await dialog().getByLabel("Name").fill("relevance");
    await dialog().getByText("Number").click();
    await dialog().getByRole("spinbutton", { name: "Value" }).fill("0.4");
    await page.getByLabel("Comment (optional)").fill("Too far away");
    await submit("Save");
    expect(await said()).toEqual([
      {
        kind: "feedback",
        name: "relevance",
        value: 0.4,
        spanId: toolId,
        rationale: "Too far away",
      },
    ]);
    await page.getByRole("tab", { name: "Assessments 1" }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("tab", { name: "Assessments 0" }).waitFor();
    expect(await said()).toEqual([]);
  });

  it("says of the whole trace what it should have been", async () => {
    await open();
    await page.getByRole("button", { name: "Annotate" }).click();
    await page.getByText("What it should have been").click();
    await page.getByLabel("What should have come out").fill('{ "place": "here" }');
    await submit("Save");
    expect(await said()).toEqual([
      {
        kind: "expectation",
        name: "expected",
        value: { place: "here" },
        spanId: undefined,
        rationale: undefined,
      },
    ]);
  });
});

describe("a trace", () => {
  it("becomes an example of a dataset that is made for it, with what was expected of it", async () => {
    await open();
    await page.getByRole("button", { name: "Add to dataset" }).click();
    await dialog().getByLabel("Name").fill("places");
    await submit("Add");
    await page.getByText("Added to places, which is at version 1 now.").first().waitFor();
    const { items } = await app.rivulet.datasets.listRecords({ name: "places" });
    expect(items.map(({ inputs, sourceTraceId }) => ({ inputs, sourceTraceId }))).toEqual([
      { inputs: { question: "Where?" }, sourceTraceId: traceId },
    ]);
    expect(items[0]?.expectations).toEqual({ expected: { place: "here" } });
  });

  it("gives one of its spans to a dataset that there is", async () => {
    await open(`?span=${toolId}`);
    await page.getByRole("button", { name: "Add to dataset" }).click();
    await page.getByRole("checkbox", { name: "Its output is what should come out" }).check();
    await submit("Add");
    const { items } = await app.rivulet.datasets.listRecords({ name: "places" });
    expect(items.map(({ inputs, expectations }) => [inputs, expectations])).toContainEqual([
      { id: 7 },
      "here",
    ]);
  });

  it("gets other tags, and its old ones back", async () => {
    await open();
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("button", { name: "Edit tags" }).click();
    await page.getByLabel("Value of tag 1").fill("live");
    await page.getByRole("button", { name: "Remove tag team" }).click();
    await page.getByLabel("Key of tag 2").fill("reviewed");
    await page.getByLabel("Value of tag 2").fill("yes");
    await submit("Save");
    expect((await app.rivulet.traces.get(traceId)).tags).toEqual({ env: "live", reviewed: "yes" });
    await page.keyboard.press("Control+z");
    await page.getByText("Undone.").first().waitFor();
    expect((await app.rivulet.traces.get(traceId)).tags).toEqual({ env: "test", team: "a" });
  });

  it("keeps a tag that somebody else has set meanwhile until one says whose it shall be", async () => {
    const { traces } = app.rivulet;
    await open();
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("button", { name: "Edit tags" }).click();
    await page.getByLabel("Value of tag 1").fill("mine");
    await traces.update(traceId, { tags: { env: "theirs", owner: "eve" } });
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const conflict = page
      .getByRole("alert")
      .filter({ hasText: "Somebody changed this meanwhile." });
    expect(await textsOf(conflict.getByRole("definition"))).toEqual([
      "env: theirs\nowner: eve\nteam: a",
      "env: mine\nteam: a",
    ]);
    expect((await traces.get(traceId)).tags).toEqual({ env: "theirs", owner: "eve", team: "a" });
    await conflict.getByRole("button", { name: "Take theirs" }).click();
    await page.getByLabel("Value of tag 3").fill("b");
    await submit("Save");
    expect((await traces.get(traceId)).tags).toEqual({ env: "theirs", owner: "eve", team: "b" });
    await traces.update(traceId, { tags: { env: "test", team: "a" }, removeTags: ["owner"] });
  });

  it("is copied as a link to the span that is open", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await open(`?span=${toolId}`);
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByText("Copied the link.").first().waitFor();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toBe(`${app.url}#/traces/${traceId}?span=${toolId}`);
  });

  it("can be compared with the one of the same name before it", async () => {
    const later = app.rivulet.startSpan("agent");
    later.end();
    await app.rivulet.flush();
    await page.goto(`${app.url}#/traces/${later.traceId}`);
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("link", { name: "Compare with the previous of this name" }).click();
    await page.getByRole("heading", { level: 1, name: "Compare traces" }).waitFor();
    await expect
      .poll(() => page.url())
      .toBe(`${app.url}#/compare-traces?a=${traceId}&b=${later.traceId}`);
  });

  it("is deleted after a question, and the list is shown", async () => {
    await open();
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByText("It goes with its 2 spans").waitFor();
    await submit("Delete");
    await page.getByRole("heading", { level: 1, name: "Traces" }).waitFor();
    await expect(app.rivulet.traces.get(traceId)).rejects.toMatchObject({ code: "not_found" });
  });
});

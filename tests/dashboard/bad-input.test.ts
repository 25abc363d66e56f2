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
beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(() => Promise.all([browser.close(), app.close()]));

async function open(route: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(app.url + route);
}

const heading = (name: string) => page.getByRole("heading", { level: 1, name, exact: true });

/** How far the page, or what is beside its menu, can be scrolled sideways. */
const excess = (): Promise<number> =>
  page
    .locator("html, main")
    .evaluateAll((all) => Math.max(...all.map((one) => one.scrollWidth - one.clientWidth)));

describe("an answer of the wrong shape", () => {
  it("spoils its own page until it is asked for again, and no other", async () => {
    await app.rivulet.models.create({ name: "tulip" });
    await page.route(/\/api\/v1\/models/, (route) => route.fulfill({ json: {} }));
    await open("#/models");
    await heading("This page could not be drawn").waitFor();
    const goTo = (name: string) => page.getByRole("link", { name, exact: true }).click();
    await goTo("Datasets");
    await heading("Datasets").waitFor();
    await page.unroute(/\/api\/v1\/models/);
    await goTo("Models");
    await page.getByRole("link", { name: "tulip" }).waitFor();
    expect(await watched.problems()).toEqual([]);
  });

  it("may have words of a newer server", async () => {
    const span = app.rivulet.startSpan("ahead");
    span.end();
    await app.rivulet.flush();
    await page.route(/\/api\/v1\/traces\//, async (route) => {
      const answer = await route.fetch();
      const text = (await answer.text())
        .replaceAll('"status":"ok"', '"status":"suspended"')
        .replaceAll('"type":"unknown"', '"type":"planner"');
      await route.fulfill({ response: answer, body: text });
    });
    await open(`#/traces/${span.traceId}`);
    await page.locator("main").getByText("suspended").first().waitFor();
    await page.locator("main").getByText("planner").first().waitFor();
    await page.unrouteAll({ behavior: "ignoreErrors" });
    expect(await watched.problems()).toEqual([]);
  });
});

describe("names that every object has", () => {
  it.each(["__proto__", "constructor"])("are words like any other: %s", async (word) => {
    const span = app.rivulet.startSpan(word, {
      input: { messages: [{ role: word, content: "hello" }] },
      tags: { [word]: word },
    });
    span.end();
    await app.rivulet.flush();
    await open(`#/traces/${span.traceId}`);
    expect(await textsOf(page.locator(".message-role"))).toEqual([word]);
    await open(`#/${word}`);
    await heading("No such page").waitFor();
    expect(await watched.problems()).toEqual([]);
  });
});

describe("long words", () => {
  it("are cut or broken, and make no page wider than the screen", async () => {
    const run = await app.rivulet.runs.start({ name: "wide" });
    run.logMetrics({ ["W".repeat(250)]: 1 }, { step: 1 });
    run.logMetrics({ ["W".repeat(250)]: 2 }, { step: 2 });
    await run.finish();
    await page.setViewportSize({ width: 390, height: 800 });
    await open(`#/experiments/${run.experimentId}/runs/${run.id}`);
    await page.locator(".chart h4").waitFor();
    expect(await excess()).toBe(0);
    const span = app.rivulet.startSpan("W".repeat(250), { model: "W".repeat(250) });
    span.end({ error: new Error("W".repeat(250)) });
    await app.rivulet.flush();
    await open(`#/traces/${span.traceId}`);
    await page.locator(".span-panel .notice").waitFor();
    expect(await excess()).toBe(0);
    await open(`#/traces?q=${"w".repeat(300)}&filter=${"w".repeat(20_000)}`);
    await page.getByRole("alert").first().waitFor();
    expect(await excess()).toBe(0);
    // The crosses that remove the conditions are on the screen.
    for (const cross of await page.locator(".chip-remove").all()) {
      expect((await cross.boundingBox())?.x).toBeLessThan(390);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    // Node's server takes no address as long as that.
    const others = (await watched.problems()).filter((text) => !text.includes("431"));
    expect(others).toEqual([]);
  });
});

describe("wide tables in tabs", () => {
  it("scroll by themselves", async () => {
    const { models, runs } = app.rivulet;
    const metrics = { "system/system_memory_usage_megabytes": 1.2345e-9, "val/loss": 0.012_345 };
    const run = await runs.start({ name: "of many columns" });
    run.logMetrics({ ...metrics, accuracy: 0.9, recall: 0.8, precision: 0.7 }, { step: 1 });
    await run.logModel("tree", { "model.json": "{}" });
    await runs.with({ name: "inner", parentRunId: run.id }, () => undefined);
    await run.finish();
    await models.register({ name: "of many columns", runId: run.id });
    await page.setViewportSize({ width: 390, height: 800 });
    const ofRun = `#/experiments/${run.experimentId}/runs/${run.id}`;
    const routes = [
      ...["values", "models", "nested"].map((tab) => `${ofRun}?tab=${tab}`),
      "#/models/of%20many%20columns",
      "#/models/of%20many%20columns?tab=history",
    ];
    const found: Record<string, number> = {};
    for (const route of routes) {
      await open(route);
      await page.locator(".tab-panel tbody tr").first().waitFor();
      found[route] = await excess();
    }
    expect(found).toEqual(Object.fromEntries(routes.map((route) => [route, 0])));
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});

describe("two who write about one run", () => {
  it("see what the other has written, and lose nothing", async () => {
    const run = await app.rivulet.runs.start({ name: "shared" });
    await run.finish();
    await open(`#/experiments/${run.experimentId}/runs/${run.id}`);
    await page.getByRole("button", { name: "Write", exact: true }).click();
    await page.getByLabel("Markdown").fill("Mine.");
    await app.rivulet.runs.update(run.id, { tags: { "mlflow.note.content": "Theirs." } });
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Somebody changed this meanwhile.").waitFor();
    const notes = async (): Promise<string | undefined> =>
      (await app.rivulet.runs.get(run.id)).tags["mlflow.note.content"];
    expect(await notes()).toBe("Theirs.");
    expect(await textsOf(page.locator(".conflict dd"))).toEqual(["Theirs.", "Mine."]);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect.poll(notes).toBe("Mine.");
    await page.getByRole("button", { name: "Edit notes" }).waitFor();
    expect(await watched.problems()).toEqual([]);
  });
});

describe("two who move one alias", () => {
  const notice = () => page.getByRole("alert");
  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();

  it("see where the other has pointed that of a model", async () => {
    const { models } = app.rivulet;
    for (const source of ["a", "b", "c"]) await models.register({ name: "rose", source });
    await models.setAlias({ name: "rose", alias: "best", version: 1 });
    const best = async () => (await models.get("rose")).aliases["best"];
    await open("#/models/rose");
    await press("Set alias");
    await page.getByRole("dialog").getByLabel("Version").selectOption("v3");
    await models.setAlias({ name: "rose", alias: "best", version: 2 });
    await press("Save");
    await notice().getByText("Somebody changed this meanwhile.").waitFor();
    expect(await textsOf(page.locator(".conflict dd"))).toEqual(["v2", "v3"]);
    expect(await best()).toBe(2);
    await press("Save");
    await expect.poll(best).toBe(3);
    await press("Undo");
    await expect.poll(best).toBe(2);
    expect((await watched.problems()).filter((text) => !text.includes("409"))).toEqual([]);
  });

  it("see where the other has pointed that of a prompt", async () => {
    const { prompts } = app.rivulet;
    for (const template of ["a", "b", "c"]) await prompts.register({ name: "rose", template });
    const live = async () => (await prompts.getEntry("rose")).aliases["live"];
    await open("#/prompts/rose");
    await press("New alias");
    await page.getByPlaceholder("production").fill("live");
    await prompts.setAlias({ name: "rose", alias: "live", version: 2 });
    await press("Save");
    await notice().getByText("Somebody changed this meanwhile.").waitFor();
    expect(await textsOf(page.locator(".conflict dd"))).toEqual(["v2", "v3"]);
    expect(await live()).toEqual([{ version: 2, weight: 1 }]);
    await press("Save");
    await expect.poll(live).toEqual([{ version: 3, weight: 1 }]);
    expect((await watched.problems()).filter((text) => !text.includes("409"))).toEqual([]);
  });
});

describe("what is deleted while its page is open", () => {
  it("is said to be gone, and offers nothing that would fail", async () => {
    const span = app.rivulet.startSpan("doomed");
    span.end();
    await app.rivulet.flush();
    await open(`#/traces/${span.traceId}`);
    await page.getByRole("button", { name: "Annotate" }).waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    await app.rivulet.traces.delete([span.traceId]);
    await page.getByText(`There is no trace "${span.traceId}".`).waitFor();
    await heading("Trace").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Annotate" }).count()).toBe(0);
    const others = (await watched.problems()).filter((text) => !text.includes("404"));
    expect(others).toEqual([]);
  });
});

describe("a browser whose clock is a day off", () => {
  it.each([
    ["ahead", 86_400_000],
    ["behind", -86_400_000],
  ])("counts the last hour by the server's clock: %s", async (_, offMs) => {
    const experiment = await app.rivulet.experiments.create({ name: `A day off by ${offMs}` });
    app.rivulet.startSpan("of this minute", { experimentId: experiment.id }).end();
    const run = await app.rivulet.runs.start({ experiment: experiment.name, name: "under way" });
    await app.rivulet.flush();
    const other = await watchPage(browser, app.origin);
    await other.page.clock.install({ time: Date.now() + offMs });
    await other.page.goto(`${app.url}#/experiments/${experiment.id}/overview?range=1h`);
    const requests = other.page.locator(".stat").filter({ hasText: "Requests" });
    await requests.getByText("1", { exact: true }).first().waitFor();
    await other.page.goto(`${app.url}#/experiments/${experiment.id}/runs/${run.id}`);
    await other.page
      .locator("dd")
      .getByText(/^[\d.]+ m?s$/)
      .waitFor();
    expect(await other.problems()).toEqual([]);
    await run.finish();
    await other.close();
  });
});

describe("a difference between very long texts", () => {
  const text = (end: string): string =>
    [...Array.from({ length: 2_100 }, (_, line) => `${line}`), end].join("\n");

  it("is drawn with the lines around it", async () => {
    await app.rivulet.prompts.register({ name: "long", template: text("old") });
    await app.rivulet.prompts.register({ name: "long", template: text("new") });
    await open("#/prompts/long?version=2&against=1");
    expect(await textsOf(page.locator(".diff-text"))).toEqual([
      "2,097 lines that are the same",
      ...["2097", "2098", "2099", "old", "new"],
    ]);
    expect(await watched.problems()).toEqual([]);
  });

  it("is drawn in portions where nothing is the same", async () => {
    await app.rivulet.prompts.register({ name: "other", template: text("old") });
    await app.rivulet.prompts.register({ name: "other", template: "short" });
    await open("#/prompts/other?version=2&against=1");
    const lines = page.locator(".diff-lines > li");
    const more = page.locator(".diff > button", { hasText: "102 more lines" });
    await more.waitFor();
    expect(await lines.count()).toBe(2_000);
    await more.click();
    await more.waitFor({ state: "detached" });
    expect(await lines.count()).toBe(2_102);
  });
});

describe("runs of very many metrics", () => {
  const keys = Array.from({ length: 320 }, (_, place) => `m${place}`);
  let runs: readonly { readonly id: string; readonly experimentId: string }[];
  beforeAll(async () => {
    runs = await Promise.all(
      ["a", "b"].map(async (name) => {
        const run = await app.rivulet.runs.start({ name, experiment: "many metrics" });
        run.logMetrics(Object.fromEntries(keys.map((key, place) => [key, place])));
        await run.finish();
        return run;
      }),
    );
  });

  it("are drawn as the first of them, and the others are found by their names", async () => {
    const [run] = runs;
    await open(`#/experiments/${run?.experimentId}/runs/${run?.id}?tab=values`);
    const metrics = page.getByRole("region", { name: "Metrics of the run" }).getByRole("rowheader");
    await expect.poll(() => textsOf(metrics)).toEqual(keys.slice(0, 100));
    await page.getByLabel("Find among the metrics").fill("m31");
    await expect.poll(() => textsOf(metrics)).toEqual(keys.filter((key) => key.startsWith("m31")));
    expect(await watched.problems()).toEqual([]);
  });

  it("are compared in portions", async () => {
    await open(`#/compare-runs?runs=${runs.map(({ id }) => id).join(",")}&view=values&show=all`);
    const cells = page.getByRole("rowheader", { name: /^m\d+$/ });
    await expect.poll(() => cells.count()).toBe(200);
    await page.getByRole("button", { name: "120 more" }).click();
    await expect.poll(() => cells.count()).toBe(320);
    expect(await watched.problems()).toEqual([]);
  });
});

it("a row of nothing but blanks can be seen, and opened", async () => {
  await app.rivulet.datasets.create({ name: "blank", records: [{ inputs: "" }, { inputs: " " }] });
  await open("#/datasets/blank");
  expect((await textsOf(page.locator("button.row-link"))).toSorted()).toEqual(['" "', '""']);
  expect(await watched.problems()).toEqual([]);
});

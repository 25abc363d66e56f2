import type { Rivulet } from "@rivulet/core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { watchPage } from "./watched-page.ts";

/** Texts that run a script, or call home, where somebody takes them for HTML, a URL or a style. */
const PAYLOADS = [
  "<script>globalThis.hacked=1</script>",
  "<img src=x onerror=globalThis.hacked=1>",
  '"><svg onload=globalThis.hacked=1>',
  "'-globalThis.hacked=1-'",
  "[click](javascript:globalThis.hacked=1)",
  "![beacon](http://evil.test/beacon.png)",
  "<a href=javascript:globalThis.hacked=1>go</a>",
  "{{constructor.constructor('globalThis.hacked=1')()}}",
  "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
  "</title><script>globalThis.hacked=1</script>",
  "<style>@import 'http://evil.test/x.css'</style>",
  "data:text/html,<script>globalThis.hacked=1</script>",
] as const;
const ALL = PAYLOADS.join("\n\n");
/** As many as fit into the name of a run. */
const NAMES = [0, 4, 8].map((from) => PAYLOADS.slice(from, from + 4).join(" "));

let browser: Browser;
let app: DashboardApp;
beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
});
afterAll(() => Promise.all([browser.close(), app.close()]));

/** A payload in every text of a run and a trace; gives their routes. */
async function plant(rivulet: Rivulet, payload: string): Promise<readonly string[]> {
  const run = await rivulet.runs.start({
    experiment: "hostile",
    name: payload,
    params: { note: payload },
    tags: { note: payload },
  });
  await run.finish();
  const span = rivulet.startSpan(payload, {
    type: "chat_model",
    input: { messages: [{ role: "user", content: payload }] },
    tags: { note: payload },
    metadata: { note: payload },
    sessionId: payload,
    userId: payload,
    model: payload,
    attributes: { note: payload },
  });
  span.addEvent(payload, { note: payload });
  span.setOutput({ messages: [{ role: "assistant", content: payload }] });
  span.end({ error: new Error(payload) });
  await rivulet.flush();
  await rivulet.traces.logFeedback({
    traceId: span.traceId,
    value: payload,
    rationale: payload,
    sourceId: payload,
  });
  return [`#/experiments/${run.experimentId}/runs/${run.id}`, `#/traces/${span.traceId}`];
}

/** Lists of many payloads, and files that hold them all. */
async function plantLists(rivulet: Rivulet): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const payload of PAYLOADS) {
    await rivulet.experiments.create({ name: payload, tags: { note: payload } });
    const run = await rivulet.runs.start({ experiment: "lists", name: payload });
    run.logMetric("<b onclick=hacked=1>", 1);
    await run.logArtifact("note.md", ALL, { contentType: "text/markdown" });
    await run.finish();
    ids.push(run.id);
  }
  const { experimentId } = await rivulet.runs.get(ids[0] ?? "");
  return [
    "#/experiments",
    `#/experiments/${experimentId}`,
    `#/experiments/${experimentId}/runs/${ids[0]}?tab=artifacts&artifact=note.md`,
    `#/compare-runs?runs=${ids.join(",")}`,
    "#/traces",
  ];
}

/** The same for the registry, whose names are stricter. */
async function plantRegistry(rivulet: Rivulet): Promise<readonly string[]> {
  await rivulet.prompts.register({
    name: "hostile",
    template: [
      { role: "system", content: ALL },
      { role: "user", content: "{{question}}" },
    ],
    description: ALL,
    commitMessage: ALL,
    config: { note: ALL },
    tags: { note: ALL },
  });
  await rivulet.prompts.register({ name: "hostile", template: `${ALL}!`, commitMessage: ALL });
  await rivulet.models.create({ name: "hostile", description: ALL, tags: { note: ALL } });
  await rivulet.models.register({
    name: "hostile",
    description: ALL,
    source: "javascript:globalThis.hacked=1",
    tags: { note: ALL },
  });
  await rivulet.datasets.create({
    name: "hostile",
    description: ALL,
    tags: { note: ALL },
    records: PAYLOADS.map((payload) => ({ inputs: payload, expectations: { note: payload } })),
  });
  const result = await rivulet.evaluate<string, string, unknown>({
    name: PAYLOADS[1],
    data: "hostile",
    task: async (input) => {
      if (input.includes("script")) throw new Error(input);
      return input;
    },
    scorers: [
      function shown({ output }) {
        return { value: 1, rationale: output };
      },
    ],
  });
  return [
    "#/prompts",
    "#/prompts/hostile",
    "#/prompts/hostile?version=2&against=1",
    "#/models",
    "#/models/hostile",
    "#/models/hostile/versions/1",
    "#/datasets",
    "#/datasets/hostile",
    "#/evaluations",
    `#/evaluations/${result.id}`,
    `#/evaluations/compare?baseline=${result.id}&candidate=${result.id}`,
  ];
}

/** Opens routes, and finds that no script has run and nothing was fetched from elsewhere. */
async function visit(routes: readonly string[]): Promise<void> {
  const watched = await watchPage(browser, app.origin);
  const { page } = watched;
  for (const route of routes) {
    await page.goto("about:blank");
    await page.goto(app.url + route);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(
      (payloads) => {
        const text = document.querySelector("main")?.textContent ?? "";
        return payloads.some((payload) => text.includes(payload));
      },
      [...PAYLOADS],
    );
    await expect.poll(() => page.evaluate(() => Reflect.get(globalThis, "hacked"))).toBeUndefined();
  }
  expect(await watched.problems()).toEqual([]);
  await watched.close();
}

describe("hostile text", () => {
  it.each(NAMES)("is shown as text on the pages of a run and a trace: %s", async (payload) => {
    await visit(await plant(app.rivulet, payload));
  });

  it("is shown as text in lists and files", async () => {
    await visit(await plantLists(app.rivulet));
  });

  it("is shown as text in the registry, in datasets and in evaluations", async () => {
    await visit(await plantRegistry(app.rivulet));
  });

  it("runs no script of an HTML artifact, in its frame or as a page of its own", async () => {
    const run = await app.rivulet.runs.start();
    const script = "<p>still here</p><script>top.hacked = 1; document.title = 'hacked'</script>";
    await run.logArtifact("page.html", script);
    await run.finish();
    const watched = await watchPage(browser, app.origin);
    const { page } = watched;
    await page.goto(`${app.url}#/experiments/0/runs/${run.id}?tab=artifacts`);
    await page.frameLocator("iframe").getByText("still here").waitFor();
    await expect.poll(() => page.evaluate(() => Reflect.get(globalThis, "hacked"))).toBeUndefined();
    await page.goto(`${app.url}api/v1/runs/${run.id}/artifact?path=page.html`);
    await page.getByText("still here").waitFor();
    expect(await page.title()).toBe("");
    await watched.close();
  });

  it("gives Markdown no link but to the web and mail", async () => {
    const span = app.rivulet.startSpan("links");
    span.end({
      output:
        "[bad](javascript:globalThis.hacked=1) [data](data:text/html,x) **[good](https://example.org)**",
    });
    await app.rivulet.flush();
    const watched = await watchPage(browser, app.origin);
    const { page } = watched;
    await page.goto(`${app.url}#/traces/${span.traceId}`);
    await page.getByRole("link", { name: "good" }).waitFor();
    const hrefs = await page
      .locator(".markdown a")
      .evaluateAll((links) =>
        links.map((link) => [link.getAttribute("href"), link.getAttribute("rel")]),
      );
    expect(hrefs).toEqual([["https://example.org", "noopener noreferrer"]]);
    expect(await watched.problems()).toEqual([]);
    await watched.close();
  });

  it("reads the characters that Markdown names as characters, and leaves names that it does not know", async () => {
    const span = app.rivulet.startSpan("characters");
    span.end({ output: "**5 &lt; 6 &mdash; &lt;img src=x&gt;** &nosuchname; &#8364; &amp;lt;" });
    await app.rivulet.flush();
    const watched = await watchPage(browser, app.origin);
    const { page } = watched;
    await page.goto(`${app.url}#/traces/${span.traceId}`);
    const markdown = page.locator(".markdown");
    await markdown.locator("strong").waitFor();
    await expect.poll(() => markdown.textContent()).toBe("5 < 6 — <img src=x> &nosuchname; € &lt;");
    expect(await watched.problems()).toEqual([]);
    await watched.close();
  });
});

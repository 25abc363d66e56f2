import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { findFaults } from "./find-faults.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

const ROOT = join(import.meta.dirname, "../..");
const run = promisify(execFile);

let app: DashboardApp;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  app = await startApp();
  browser = await launchChromium();
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

describe("an empty store", () => {
  it("shows for each kind of app code that compiles", async () => {
    await page.goto(app.url);
    await page.getByRole("heading", { name: "Nothing is recorded yet" }).waitFor();
    expect(await findFaults(page)).toEqual([]);
    const choices = page.getByRole("group", { name: "What do you use?" }).locator("label");
    const names = await choices.allTextContents();
    expect(names).toHaveLength(7);
    const codes: string[] = [];
    for (const name of names) {
      await choices.filter({ hasText: name }).click();
      codes.push(...(await page.locator(".language-ts").allTextContents()));
    }
    expect(codes).toHaveLength(6);
    expect(await compile(codes)).toBe("");
  });

  it("names the address that OpenTelemetry sends to", async () => {
    await page.goto(`${app.url}#/overview?with=otlp`);
    await page.getByText(`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${app.url}v1/traces`).waitFor();
  });

  it("says so of one experiment, and what to do", async () => {
    const experiment = await app.rivulet.experiments.create({ name: "quiet" });
    await page.goto(`${app.url}#/experiments/${experiment.id}/overview`);
    await page.getByRole("heading", { name: "quiet has no traces and no runs yet" }).waitFor();
    await page.getByText(`{ experimentId: "${experiment.id}" }`).waitFor();
  });

  it("ticks the first record when it arrives, and leads to it", async () => {
    await page.goto(app.url);
    await page.getByText("Waiting for the first record").waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    app.rivulet.startSpan("first answer").end();
    await app.rivulet.flush();
    await page.getByText("The first record has arrived").waitFor();
    await page.getByRole("link", { name: "first answer" }).waitFor();
    await page.getByRole("button", { name: "Show the overview" }).click();
    await page.getByRole("tab", { name: "Usage" }).waitFor();
    expect(await watched.problems()).toEqual([]);
  });
});

describe("lists of what the app was asked", () => {
  const chips = () => page.getByRole("list", { name: "Conditions" });
  const names = () => page.locator("tbody .row-link").allTextContents();

  it("leave out what evaluations asked, say so, and show it when their chip is removed", async () => {
    const { id } = await app.rivulet.experiments.create({ name: "judged" });
    const judged = `${app.url}#/experiments/${id}`;
    await page.goto(`${judged}/traces`);
    await page.getByText("No traces yet.").waitFor();

    await app.rivulet.evaluate({
      name: "nightly",
      experiment: "judged",
      data: [{ inputs: "2 + 2" }],
      task: () =>
        app.rivulet.withSpan("sum", () => "4", { sessionId: "judged session", userId: "judge" }),
      scorers: [
        function fine() {
          return true;
        },
      ],
    });
    for (const [list, found] of [
      ["traces", "task"],
      ["sessions", "judged session"],
      ["users", "judge"],
    ] as const) {
      await page.goto(`${judged}/${list}`);
      await page.getByText(`Only evaluations have ${list} here.`).waitFor();
      await chips().getByText("Without evaluations", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Show them" }).click();
      await expect.poll(names).toEqual([found]);
      await expect.poll(() => chips().count()).toBe(0);
      await page.reload();
      await expect.poll(names).toEqual([found]);
    }

    await page.goto(`${judged}/traces`);
    app.rivulet.startSpan("asked", { experimentId: id }).end();
    await app.rivulet.flush();
    await expect.poll(names).toEqual(["asked"]);
    await page.getByRole("button", { name: "Remove the condition Without evaluations" }).click();
    await expect.poll(names).toEqual(["asked", "task"]);
    await page.getByRole("button", { name: "Without evaluations", exact: true }).click();
    await expect.poll(names).toEqual(["asked"]);
    expect(await watched.problems()).toEqual([]);
  });
});

describe("where it goes, by something of which there are many", () => {
  it("says that it tells of the most frequent alone", async () => {
    const { id } = await app.rivulet.experiments.create({ name: "crowd" });
    for (let user = 1; user <= 51; user += 1)
      app.rivulet.startSpan("asked", { experimentId: id, userId: `user ${user}` }).end();
    await app.rivulet.flush();
    await page.goto(`${app.url}#/experiments/${id}/overview?by=user`);
    await page.getByText("Of the 50 with the most traces").waitFor();
    await page.getByRole("button", { name: "Show 50" }).waitFor();
  });
});

/** What TypeScript says of some modules. */
async function compile(codes: readonly string[]): Promise<string> {
  const cache = join(import.meta.dirname, "../node_modules/.cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "first-run-"));
  await Promise.all(codes.map((code, index) => writeFile(join(folder, `${index}.mts`), code)));
  const config = {
    extends: relative(folder, join(ROOT, "tsconfig.base.json")),
    compilerOptions: {
      noEmit: true,
      rootDir: "/",
      outDir: folder,
      tsBuildInfoFile: join(folder, ".tsbuildinfo"),
      isolatedDeclarations: false,
      lib: ["es2024", "esnext.disposable"],
    },
    include: ["*.mts"],
    exclude: [],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const args = [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", folder];
  const { stdout } = await run(process.execPath, args).catch((error: { stdout: string }) => error);
  await rm(folder, { recursive: true, force: true });
  return stdout;
}

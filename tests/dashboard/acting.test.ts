import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type Seeded, seed } from "./seed.ts";
import { textsOf } from "./texts-of.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let ids: Seeded;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  ids = await seed(app.rivulet);
  await app.rivulet.prompts.register({
    name: "farewell",
    template: "Bye, {{name}}!",
    aliases: ["production"],
  });
  watched = await watchPage(browser, app.origin);
  page = watched.page;
});
afterAll(() => Promise.all([browser.close(), app.close()]));
afterEach(async () => {
  const problems = await watched.problems();
  expect(problems.filter((problem) => !problem.includes("409 (Conflict)"))).toEqual([]);
});

/** Something that a person does on a page, and what the store has then. */
interface Act {
  readonly act: string;
  readonly route: (ids: Seeded) => string;
  /** Presses what is to be pressed, until the page says that it is done. */
  readonly press: () => Promise<unknown>;
  /** What to look at in the store. */
  readonly look: () => Promise<unknown>;
  readonly kept: unknown;
  /** What the store has once it is undone; left out where nothing can be. */
  readonly undone?: unknown;
}

const button = (name: string | RegExp) => page.getByRole("button", { name });
const said = (text: string | RegExp) => page.locator(".toast").getByText(text).waitFor();

const FLOWERS = "#/datasets/flower%20questions";
const flowers = async () =>
  (await app.rivulet.datasets.listRecords({ name: "flower questions", limit: 100 })).items;
/** Inputs and expectations of the rows whose inputs have a text in them. */
const rowsAbout = async (text: string) =>
  (await flowers())
    .filter(({ inputs }) => JSON.stringify(inputs).includes(text))
    .map(({ inputs, expectations }) => [inputs, expectations]);

const ACTS: readonly Act[] = [
  {
    act: "deletes an alias of a prompt",
    route: () => "#/prompts/botanist",
    press: async () => {
      await button("Delete staging").click();
      await said("Deleted the alias staging of botanist.");
    },
    look: async () => (await app.rivulet.prompts.getEntry("botanist")).aliases,
    kept: { production: [{ version: 1, weight: 1 }] },
    undone: { production: [{ version: 1, weight: 1 }], staging: [{ version: 2, weight: 1 }] },
  },
  {
    act: "deletes an alias of a model",
    route: () => "#/models/iris",
    press: async () => {
      await button("Delete alias production").click();
      await said("Deleted the alias production of iris.");
    },
    look: async () => (await app.rivulet.models.get("iris")).aliases,
    kept: {},
    undone: { production: 2 },
  },
  {
    act: "writes a new version of a prompt, and sees what changes before it is saved",
    route: () => "#/prompts/botanist?version=2",
    press: async () => {
      await button("New version").click();
      await page.getByLabel("Text of message 1").fill("You are a {{kind}} botanist.");
      await page.getByRole("dialog").getByText("kind", { exact: true }).waitFor();
      await page.getByLabel("What changed").fill("Any kind");
      await button("Review changes").click();
      await page.getByText("You are a {{kind}} botanist.").waitFor();
      await button("Save as v3").click();
      await said("Saved v3 of botanist.");
      await page.getByRole("heading", { name: "Version 3" }).waitFor();
    },
    look: async () => {
      const { template, config, commitMessage, variables } =
        await app.rivulet.prompts.get("botanist@3");
      return { template, config, commitMessage, variables };
    },
    kept: {
      template: [
        { role: "system", content: "You are a {{kind}} botanist." },
        { role: "user", content: "{{question}}" },
      ],
      config: { temperature: 0 },
      commitMessage: "Any kind",
      variables: ["kind", "question"],
    },
  },
  {
    act: "describes and tags a prompt",
    route: () => "#/prompts/botanist",
    press: async () => {
      await button("Edit").first().click();
      await page.getByLabel("Description").fill("Knows flowers.");
      await button("Add tag").click();
      await page.getByLabel("Key of tag 1").fill("team");
      await page.getByLabel("Value of tag 1").fill("botany");
      await button("Save").click();
      await said("Changed botanist.");
    },
    look: async () => {
      const { description, tags } = await app.rivulet.prompts.getEntry("botanist");
      return { description, tags };
    },
    kept: { description: "Knows flowers.", tags: { team: "botany" } },
    undone: { description: "Answers questions about flowers.", tags: {} },
  },
  {
    act: "deletes a prompt once its name is typed, and is told what depends on it",
    route: () => "#/prompts/farewell",
    press: async () => {
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByText("its only version").waitFor();
      await page.getByText("apps that ask for farewell@production").waitFor();
      await expect.poll(() => button("Delete prompt").isDisabled()).toBe(true);
      await page.getByLabel("Type farewell to go on").fill("farewell");
      await button("Delete prompt").click();
      await page.getByRole("heading", { level: 1, name: "Prompts" }).waitFor();
    },
    look: async () => (await app.rivulet.prompts.search()).items.map(({ name }) => name),
    kept: ["botanist"],
  },
  {
    act: "describes a version of a model",
    route: () => "#/models/iris/versions/2",
    press: async () => {
      await button("Edit").first().click();
      await page.getByLabel("Description").fill("Deepest tree");
      await button("Save").click();
      await said("Changed iris v2.");
    },
    look: async () => (await app.rivulet.models.getVersion("iris@2")).description,
    kept: "Deepest tree",
    undone: "Deeper tree",
  },
  {
    act: "deletes a version of a model, and is told which aliases go with it",
    route: () => "#/models/iris/versions/2",
    press: async () => {
      await button("Delete").first().click();
      await page.getByText("apps that load iris@production will fail").waitFor();
      await button("Delete version").click();
      await said("Deleted iris v2.");
    },
    look: async () => (await app.rivulet.models.searchVersions()).items.map((one) => one.version),
    kept: [1],
  },
  {
    act: "adds a row to a dataset",
    route: () => FLOWERS,
    press: async () => {
      await button("New record").click();
      await page.getByLabel("Inputs").fill('{ "question": "Which is blue?" }');
      await page.getByLabel("Expectations").fill("setosa");
      await button("Save").click();
      await said("Added a record: flower questions is v3 now.");
    },
    look: () => rowsAbout("blue"),
    kept: [[{ question: "Which is blue?" }, "setosa"]],
    undone: [],
  },
  {
    act: "changes a row of a dataset",
    route: () => FLOWERS,
    press: async () => {
      await button(/petals 0.25/).click();
      await button("Edit record").click();
      await page.getByLabel("Inputs").fill('{ "question": "Which is red?" }');
      await page.getByLabel("Expectations").fill('["none", "of them"]');
      await button("Save").click();
      await said("Changed a record: flower questions is v6 now.");
    },
    look: () => rowsAbout("red"),
    kept: [[{ question: "Which is red?" }, ["none", "of them"]]],
    undone: [],
  },
  {
    act: "deletes a row of a dataset",
    route: () => FLOWERS,
    press: async () => {
      await button(/petals 0.5/).click();
      await button("Delete record").click();
      await said("Deleted a record: flower questions is v9 now.");
    },
    look: () => rowsAbout(" 0.5 "),
    kept: [],
    undone: [[{ question: "What has petals 0.5 cm long?" }, "setosa"]],
  },
  {
    act: "imports the rows of a CSV file, once they are shown as they are read",
    route: () => FLOWERS,
    press: async () => {
      await button("Import").first().click();
      const text = 'question,expected\r\n"Is it ""wild"", or not?",wild\r\n';
      await page.getByLabel(/^A file of JSON/).setInputFiles({
        name: "rows.csv",
        mimeType: "text/csv",
        buffer: Buffer.from(text),
      });
      await page.getByRole("cell", { name: 'Is it "wild", or not?' }).waitFor();
      await button("Import 1 record").click();
      await said(/^Imported 1 record: /);
    },
    look: () => rowsAbout("wild"),
    kept: [[{ question: 'Is it "wild", or not?' }, "wild"]],
    undone: [],
  },
  {
    act: "makes rows of traces",
    route: () => FLOWERS,
    press: async () => {
      await button("From traces").click();
      await page.getByLabel("Ids of traces").fill(ids.failedTraceId);
      await button("Add").click();
      await said(/^Added 1 record: /);
    },
    look: async () => (await flowers()).some((row) => row.sourceTraceId === ids.failedTraceId),
    kept: true,
  },
  {
    act: "describes a dataset",
    route: () => FLOWERS,
    press: async () => {
      await button("Edit").first().click();
      await page.getByLabel("Description").fill("Asked in spring.");
      await button("Save").click();
      await said("Changed flower questions.");
    },
    look: async () => (await app.rivulet.datasets.get("flower questions")).description,
    kept: "Asked in spring.",
    undone: "What users asked.",
  },
  {
    act: "writes the first version of a prompt",
    route: () => "#/prompts",
    press: async () => {
      await button("New prompt").click();
      await page.getByLabel("Name").fill("greet");
      await page.getByText("Text", { exact: true }).click();
      await page.getByLabel("Template").fill("Hello, {{name}}!");
      await button("Save as v1").click();
      await said("Saved v1 of greet.");
    },
    look: async () => (await app.rivulet.prompts.get("greet@1")).template,
    kept: "Hello, {{name}}!",
  },
  {
    act: "makes an experiment",
    route: () => "#/experiments",
    press: async () => {
      await button("New experiment").click();
      await page.getByLabel("Name").fill("Tulips");
      await page.getByLabel("Notes, in Markdown").fill("All **red** ones.");
      await page.getByLabel("Key of a metric").fill("loss");
      await button("Add metric").click();
      await page.getByLabel("loss is better when").selectOption("lower");
      await button("Save").click();
      await said("Made the experiment Tulips.");
      await page.getByText("red", { exact: true }).waitFor();
    },
    look: async () => {
      const { tags, metrics } = (await app.rivulet.experiments.find("Tulips")) ?? {};
      return { tags, metrics };
    },
    kept: {
      tags: { "mlflow.note.content": "All **red** ones." },
      metrics: { loss: { better: "lower" } },
    },
  },
  {
    act: "renames an experiment and says which way a score is better",
    route: ({ experimentId }) => `#/experiments/${experimentId}/about`,
    press: async () => {
      await button("Edit").first().click();
      await page.getByLabel("Name").fill("Irises");
      await page.getByLabel("Key of a metric").fill("accuracy");
      await button("Add metric").click();
      await button("Save").click();
      await said("Changed Irises.");
    },
    look: async () => {
      const { name, tags, metrics } = await app.rivulet.experiments.get(ids.experimentId);
      return { name, tags, metrics };
    },
    kept: {
      name: "Irises",
      tags: { team: "botany" },
      metrics: { accuracy: { better: "higher" } },
    },
    undone: { name: "Iris classifiers", tags: { team: "botany" }, metrics: {} },
  },
  {
    act: "deletes an experiment",
    route: ({ experimentId }) => `#/experiments/${experimentId}/about`,
    press: async () => {
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await said(/^Deleted Iris classifiers and its \d+ runs\.$/);
      await button("Restore").waitFor();
    },
    look: async () => (await app.rivulet.experiments.get(ids.experimentId)).lifecycleStage,
    kept: "deleted",
    undone: "active",
  },
  {
    act: "judges the trace of a row of an evaluation",
    route: ({ baselineId }) => `#/evaluations/${baselineId}?which=failed`,
    press: async () => {
      await page.getByText("1 of 12 rows").waitFor();
      await button(/petals 4.25/).click();
      await button("Bad").click();
      await page.getByLabel("Comment (optional)").fill("Should have answered");
      await button("Save feedback").click();
      await page.getByLabel("Comment (optional)").waitFor({ state: "detached" });
    },
    look: async () => {
      const { items } = await app.rivulet.evaluations.listRows({ evaluationId: ids.baselineId });
      const traceId = items.find(({ error }) => error !== undefined)?.traceId ?? "";
      const human = await app.rivulet.traces.listAssessments({ traceIds: [traceId] });
      return human.filter(({ source }) => source === "human").map(({ rationale }) => rationale);
    },
    kept: ["Should have answered"],
  },
];

describe("a person at the dashboard", () => {
  it.each(ACTS)("$act", async ({ route, press, look, kept, ...rest }) => {
    await page.goto("about:blank");
    await page.goto(app.url + route(ids));
    await press();
    expect(await look()).toEqual(kept);
    if (!("undone" in rest)) return;
    await button("Undo").last().click();
    await said("Undone.");
    expect(await look()).toEqual(rest.undone);
  });
});

describe("what can be undone", () => {
  it("is told to screen readers without taking the focus, and taken back by a key", async () => {
    await page.goto("about:blank");
    await page.goto(`${app.url}#/prompts/botanist`);
    await button("Delete staging").click();
    const status = page.getByRole("status").filter({ hasText: "Deleted the alias staging" });
    await expect
      .poll(() => status.textContent())
      .toBe("Deleted the alias staging of botanist. Control Z takes it back.");
    await page.keyboard.press("Control+z");
    await button("Delete staging").waitFor();
    await button("Dismiss").last().click();
    await page.locator(".toast").waitFor({ state: "detached" });
  });

  it("is taken back by the key in the contrary order", async () => {
    const aliases = async () =>
      Object.keys((await app.rivulet.prompts.getEntry("botanist")).aliases).toSorted();
    const before = await aliases();
    for (const alias of ["production", "staging"]) {
      await button(`Delete ${alias}`).click();
      await said(`Deleted the alias ${alias}`);
    }
    await page.keyboard.press("Control+z");
    await button("Delete staging").waitFor();
    expect(await aliases()).toEqual(before.filter((alias) => alias !== "production"));
    await page.keyboard.press("Control+z");
    await button("Delete production").waitFor();
    expect(await aliases()).toEqual(before);
  });

  it("says so when it cannot be undone any more", async () => {
    await button("Delete staging").click();
    await app.rivulet.prompts.setAlias({ name: "botanist", alias: "staging", version: 1 });
    await button("Undo").last().click();
    await said(/^Could not be undone: .*staging/);
    expect((await app.rivulet.prompts.getEntry("botanist")).aliases["staging"]).toEqual([
      { version: 1, weight: 1 },
    ]);
  });
});

describe("two who edit one thing", () => {
  it("see both texts, and neither loses what they wrote", async () => {
    await page.goto("about:blank");
    await page.goto(`${app.url}#/models/iris`);
    await button("Edit").first().click();
    await page.getByLabel("Description").fill("Mine");
    await app.rivulet.models.update("iris", { description: "Theirs" });
    await button("Save").click();
    const notice = page.getByRole("alert");
    await notice.getByText("Somebody changed this meanwhile.").waitFor();
    await expect
      .poll(() => notice.getByRole("definition").allTextContents())
      .toEqual(["Theirs", "Mine"]);
    expect((await app.rivulet.models.get("iris")).description).toBe("Theirs");
    await button("Save").click();
    await said("Changed iris.");
    expect((await app.rivulet.models.get("iris")).description).toBe("Mine");
  });
});

describe("rows of evaluations", () => {
  it("are walked through by keys, each beside what it was before, with what differs", async () => {
    await page.goto("about:blank");
    const { baselineId, candidateId } = ids;
    await page.goto(
      `${app.url}#/evaluations/compare?baseline=${baselineId}&candidate=${candidateId}`,
    );
    await page.getByText("Failed: 1 of 12 rows of the baseline, 0 of 12 rows").waitFor();
    await button(/petals 2.25/).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("listitem").filter({ hasText: "Removed: setosa" }).waitFor();
    const place = await dialog.getByText(/^\d+ of 12$/).textContent();
    await page.keyboard.press("j");
    await dialog.getByText(`${Number.parseInt(place ?? "", 10) + 1} of 12`).waitFor();
    await page.keyboard.press("k");
    await dialog.getByText(`${place}`).waitFor();
    await page.keyboard.press("Escape");
  });

  it("have colours once somebody has said which way a score is better", async () => {
    const higher = page.getByRole("cell", { name: "Higher" });
    await higher.first().waitFor();
    await expect
      .poll(() => page.locator(".data-table .tone-good, .data-table .tone-bad").count())
      .toBe(1);
    const { experimentId } = await app.rivulet.evaluations.get(ids.candidateId);
    const declared = async () =>
      (await app.rivulet.experiments.get(experimentId)).metrics["correct/mean"];
    await page.getByLabel("Which way correct is better").selectOption("lower is better");
    await page.getByRole("cell", { name: "Worse" }).waitFor();
    const verdicts = page.getByRole("table", { name: "Verdict per scorer" });
    const cells = verdicts.getByRole("row", { name: "correct" }).getByRole("cell");
    // Improved, regressed, the same, and on one side only.
    await expect.poll(async () => (await textsOf(cells)).slice(-4)).toEqual(["0", "8", "4", "0"]);
    await expect.poll(() => page.locator(".data-table .tone-bad").count()).toBeGreaterThan(1);
    expect(await declared()).toEqual({ better: "lower" });
    await button("Undo").click();
    await higher.first().waitFor();
    expect(await declared()).toBeUndefined();
  });

  it("are found by what became lower or higher while nobody has said which way is better", async () => {
    await page.getByLabel("Lowest first by").selectOption("correct");
    const all = await page.locator(".data-table .row-link").count();
    await page.locator(".segmented").getByText("Higher", { exact: true }).click();
    // "One word" said setosa of all twelve flowers, which four of them are.
    await expect.poll(() => page.locator(".data-table .row-link").count()).toBe(8);
    expect(all).toBe(12);
    await page.locator(".segmented").getByText("Lower", { exact: true }).click();
    await page.getByText("No such row.").waitFor();
  });
});

describe("what is not there", () => {
  it.each([
    ["#/experiments/999/runs", 'There is no experiment "999".'],
    ["#/prompts/nobody", 'There is no prompt "nobody".'],
    ["#/models/nobody", 'There is no model "nobody".'],
    ["#/datasets/nobody", 'There is no dataset "nobody".'],
  ])("is said at %s, and nothing is offered for it", async (route, text) => {
    await page.goto("about:blank");
    await page.goto(app.url + route);
    await page.getByText(text).first().waitFor();
    await expect.poll(() => page.locator("main").getByRole("button").count()).toBe(0);
    await expect.poll(() => page.getByText("await rivulet").count()).toBe(0);
    await watched.problems();
  });
});

describe("a prompt with many versions", () => {
  it("shows the one of its address, and draws only the part of the list that is in view", async () => {
    for (let version = 1; version <= 120; version += 1) {
      await app.rivulet.prompts.register({ name: "long", template: `Wording ${version}` });
    }
    await page.goto("about:blank");
    await page.goto(`${app.url}#/prompts/long?version=5`);
    await page.getByText("Wording 5", { exact: true }).waitFor();
    await page.getByRole("button", { name: /^v120/ }).waitFor();
    const list = page.getByRole("navigation", { name: "Versions" });
    await expect.poll(() => list.getByRole("button").count()).toBeLessThan(60);
    await page.getByLabel("Compare with").selectOption("7");
    await page.getByText("Side by side").click();
    await page.getByRole("cell", { name: "Added: Wording 5" }).waitFor();
    await expect
      .poll(() => page.getByRole("cell").allTextContents())
      .toEqual(["Removed: Wording 7", "Added: Wording 5"]);
  });
});

import type { RunOnly } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { findFaults } from "./find-faults.ts";
import { openRoute } from "./open-route.ts";
import { PAGES } from "./pages.ts";
import { type Seeded, seed } from "./seed.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let ids: Seeded;
beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  ids = await seed(app.rivulet);
});
afterAll(() => Promise.all([browser.close(), app.close()]));

/** What is on no page until somebody opens it. */
const OPENED: readonly {
  readonly name: string;
  readonly route: (ids: Seeded) => string;
  readonly open: (page: Page) => Promise<void>;
}[] = [
  {
    name: "the feedback dialog",
    route: ({ traceId }) => `#/traces/${traceId}`,
    open: async (page) => {
      await page.getByRole("button", { name: "Good" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "the dialog that annotates a span",
    route: ({ traceId }) => `#/traces/${traceId}`,
    open: async (page) => {
      await page.getByRole("treeitem", { name: /predict_species/ }).click();
      await page.getByRole("button", { name: "Annotate" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "the dialog that adds a trace to a dataset",
    route: ({ traceId }) => `#/traces/${traceId}`,
    open: async (page) => {
      await page.getByRole("button", { name: "Add to dataset" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "a search in a trace with its critical path",
    route: ({ traceId }) => `#/traces/${traceId}?find=model&path=critical`,
    open: async (page) => {
      await page.locator(".span-label.is-found").first().waitFor();
    },
  },
  {
    name: "the attributes of a span",
    route: ({ traceId }) => `#/traces/${traceId}`,
    open: async (page) => {
      await page.getByRole("tab", { name: "Attributes" }).click();
      await page.getByText("region:").waitFor();
    },
  },
  {
    name: "the alias dialog",
    route: () => "#/prompts/botanist",
    open: async (page) => {
      await page.getByRole("button", { name: "Edit production" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "a row of an evaluation",
    route: ({ baselineId }) => `#/evaluations/${baselineId}`,
    open: async (page) => {
      await page.getByRole("button", { name: /petals 0.25/ }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "suggestions for a filter",
    route: () => "#/traces?where=status:is:error&q=petals",
    open: async (page) => {
      await page.getByRole("combobox", { name: "Find traces" }).fill("err");
      await page.getByRole("option", { name: "Status = error" }).waitFor();
    },
  },
  {
    name: "the text of a filter with a mistake",
    route: () => "#/traces?where=status:is:error",
    open: async (page) => {
      await page.getByRole("button", { name: "Filter text" }).click();
      await page.getByRole("textbox", { name: "Filter text" }).fill("durationMs > abc");
      await page.getByText("expected a number").waitFor();
    },
  },
  {
    name: "the range of time",
    route: () => "#/traces?range=1h",
    open: async (page) => {
      await page.getByRole("button", { name: "Last hour" }).click();
      await page.getByRole("button", { name: "Apply" }).waitFor();
    },
  },
  {
    name: "the editor of a prompt, and its changes",
    route: () => "#/prompts/botanist?version=2",
    open: async (page) => {
      await page.getByRole("button", { name: "New version" }).click();
      await page.getByLabel("Text of message 1").fill("You are a {{kind}} botanist.");
      await page.getByRole("button", { name: "Review changes" }).click();
      await page.getByRole("button", { name: "Save as v3" }).waitFor();
    },
  },
  {
    name: "the question before a prompt is deleted",
    route: () => "#/prompts/botanist",
    open: async (page) => {
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByText("all 2 versions").waitFor();
    },
  },
  {
    name: "what is written about an experiment",
    route: ({ experimentId }) => `#/experiments/${experimentId}/about`,
    open: async (page) => {
      await page.getByRole("button", { name: "Edit" }).click();
      await page.getByRole("button", { name: "Add metric" }).waitFor();
    },
  },
  {
    name: "the command palette",
    route: () => "#/traces",
    open: async (page) => {
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").getByRole("combobox").fill("iris");
      await page.getByRole("option", { name: "Iris classifiers" }).waitFor();
    },
  },
  {
    name: "the map of shortcuts",
    route: () => "#/traces",
    open: async (page) => {
      await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
      await page.getByRole("dialog").getByText("Search on this page").waitFor();
    },
  },
  {
    name: "the choice of an experiment",
    route: () => "#/traces",
    open: async (page) => {
      await page.getByRole("button", { name: "All experiments" }).click();
      await page.getByRole("option", { name: "Iris classifiers" }).waitFor();
    },
  },
  {
    name: "a trace beside the list",
    // Oldest first: the row is at the top, and the list needs no scrolling.
    route: ({ traceId }) => `#/traces?order=startTime+ASC&open=${traceId}`,
    open: async (page) => {
      await page.getByRole("dialog").getByText("Iris virginica").waitFor();
    },
  },
  {
    name: "a run beside the list",
    route: ({ experimentId, runId }) => `#/experiments/${experimentId}/runs?open=${runId}`,
    open: async (page) => {
      await page.getByRole("table", { name: "Parameters" }).waitFor();
    },
  },
  {
    name: "ticked rows, and the views of a list",
    route: () => "#/traces?order=startTime+ASC",
    open: async (page) => {
      await page.getByRole("checkbox", { name: "Select flower agent" }).click();
      await page.getByRole("button", { name: "Views" }).click();
      await page.getByText("No saved views yet.").waitFor();
    },
  },
  {
    name: "the choice of columns",
    route: ({ experimentId }) => `#/experiments/${experimentId}`,
    open: async (page) => {
      await page.getByRole("button", { name: "Columns" }).click();
      await page.getByRole("checkbox", { name: "accuracy", exact: true }).waitFor();
    },
  },
  {
    name: "a chart that is enlarged",
    route: ({ runId, otherRunId }) => `#/compare-runs?runs=${runId},${otherRunId}&chart=loss`,
    open: async (page) => {
      await page.getByRole("dialog", { name: "loss" }).getByRole("table").waitFor();
    },
  },
  {
    name: "the dialog that registers a run as a model",
    route: ({ experimentId, runId }) => `#/experiments/${experimentId}/runs/${runId}`,
    open: async (page) => {
      await page.getByRole("button", { name: "More", exact: true }).click();
      await page.getByRole("button", { name: "Register as model" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "a chart as a table",
    route: ({ experimentId, runId }) => `#/experiments/${experimentId}/runs/${runId}`,
    open: async (page) => {
      await page.getByRole("button", { name: "View accuracy as table" }).click();
      await page.getByRole("region", { name: "accuracy as a table" }).waitFor();
    },
  },
];

/** A theme is nothing but colours. */
const DARK: RunOnly = { type: "rule", values: ["color-contrast"] };

describe("axe finds no fault in either theme", () => {
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    watched = await watchPage(browser, app.origin);
    page = watched.page;
  });
  afterAll(() => watched.close());

  it.each(PAGES)("on the page of $name", async (pageCase) => {
    await page.emulateMedia({ colorScheme: "light" });
    await openRoute(page, { url: app.url, ids, pageCase });
    expect(await findFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await findFaults(page, DARK)).toEqual([]);
  });

  it.each(OPENED)("in $name", async ({ route, open }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto("about:blank");
    await page.goto(app.url + route(ids));
    await open(page);
    expect(await findFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await findFaults(page, DARK)).toEqual([]);
  });
});

/** Pages of every shape: cards, lists, a tree, tables side by side, forms. */
const SHAPES = PAGES.filter(({ name }) =>
  [
    "overview",
    "overview of quality",
    "runs",
    "sessions",
    "trace",
    "trace comparison",
    "run",
    "run comparison, sweep",
    "prompt",
    "evaluation",
    "settings",
  ].includes(name),
);

/** How wide the page is, the cells that are taller than wide, and what is smaller than 24 pixels. Runs in the page. */
function lookAtPhone(): { width: number; tall: unknown[]; small: unknown[] } {
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  const isTall = ({ textContent, clientWidth }: HTMLElement) =>
    textContent.trim().length > 3 && clientWidth > 0 && clientWidth < 24;
  // Links within a sentence are as high as its lines. A label takes the clicks for its field, and what lies over a whole card or row those for its link.
  const isSmall = (element: HTMLElement) => {
    const { width, height } = (element.closest("label") ?? element).getBoundingClientRect();
    const isOver = getComputedStyle(element, "::after").position === "absolute";
    return !isOver && width > 0 && Math.min(width, height) < 23.9;
  };
  return {
    width: Math.max(
      document.documentElement.scrollWidth,
      document.querySelector("main")?.scrollWidth ?? 0,
    ),
    tall: all("main table :is(th, td)")
      .filter(isTall)
      .map(({ textContent }) => textContent),
    small: all(":is(a[href], button, summary, input, select, textarea):not(svg *, .markdown *)")
      .filter(isSmall)
      .map(({ outerHTML }) => outerHTML.slice(0, 90)),
  };
}

describe("with other eyes", () => {
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    watched = await watchPage(browser, app.origin);
    page = watched.page;
  });
  afterAll(() => watched.close());

  it("on a phone, as at 200 %, nothing is wider than the window, no word stands one letter a line, and all is large enough to hit", async () => {
    // So high that all is in view: what is not, is not drawn.
    await page.setViewportSize({ width: 390, height: 2_600 });
    const found: Record<string, unknown> = {};
    for (const pageCase of SHAPES) {
      await openRoute(page, { url: app.url, ids, pageCase });
      found[pageCase.name] = await page.evaluate(lookAtPhone);
    }
    const isFine = { width: 390, tall: [], small: [] };
    expect(found).toEqual(Object.fromEntries(SHAPES.map(({ name }) => [name, isFine])));
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it("the six numbers of the overview stand in whole lines at every width", async () => {
    await page.goto(`${app.url}#/overview`);
    await page.locator(".stat").nth(5).waitFor();
    const lines: Record<number, number> = {};
    for (const width of [1440, 1200, 900, 390]) {
      await page.setViewportSize({ width, height: 800 });
      lines[width] = await page.evaluate(() => {
        const tops = [...document.querySelectorAll(".stat")].map(
          (card) => card.getBoundingClientRect().top,
        );
        return new Set(tops).size;
      });
    }
    expect(lines).toEqual({ 1440: 1, 1200: 2, 900: 2, 390: 3 });
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it("all tools of a list stand in one line, as icons where words have no room", async () => {
    await page.goto(`${app.url}#/experiments/${ids.experimentId}/runs`);
    const exporting = page.getByRole("button", { name: "Export" });
    await exporting.waitFor();
    const seen: Record<number, unknown> = {};
    for (const width of [1440, 1280, 1200, 900]) {
      await page.setViewportSize({ width, height: 800 });
      const tops = await page
        .locator(".filter-bar > .toolbar :is(.button, select)")
        .evaluateAll((tools) => tools.map((tool) => Math.round(tool.getBoundingClientRect().top)));
      const { width: room = 0 } = (await exporting.boundingBox()) ?? {};
      seen[width] = { lines: new Set(tops).size, words: room > 50 };
    }
    expect(seen).toEqual({
      1440: { lines: 1, words: true },
      1280: { lines: 1, words: false },
      1200: { lines: 1, words: false },
      900: { lines: 1, words: false },
    });
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it("in forced colours what is chosen has a line, and marks that are data stay", async () => {
    await page.emulateMedia({ forcedColors: "active" });
    await page.goto(`${app.url}#/settings`);
    await page.getByText("Density").first().waitFor();
    const style = (selector: string, property: string) =>
      page.evaluate(
        ([query = "", name = ""]) =>
          getComputedStyle(document.querySelector(query) ?? document.body).getPropertyValue(name),
        [selector, property],
      );
    expect(await style(".segmented .is-on", "outline-style")).toBe("solid");
    await page.goto(`${app.url}#/traces`);
    await page.getByRole("heading", { level: 1, name: "Traces" }).waitFor();
    expect(await style("nav [aria-current=page]", "outline-style")).toBe("solid");
    expect(await style(".live-dot", "background-color")).not.toBe("rgba(0, 0, 0, 0)");
    expect(await findFaults(page)).toEqual([]);
    await page.goto(`${app.url}#/overview`);
    const isColoured = () =>
      page.evaluate(() => {
        const canvas = document.querySelector("canvas");
        const pixels = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height);
        const { data = [] } = pixels ?? {};
        for (let at = 0; at < data.length; at += 4) {
          const [red = 0, green = 0, blue = 0] = data.slice(at, at + 3);
          if (Math.max(red, green, blue) - Math.min(red, green, blue) > 60) return true;
        }
        return false;
      });
    await expect.poll(isColoured).toBe(true);
    await page.emulateMedia({ forcedColors: "none" });
  });

  it("on paper a page stands alone, with all of its rows", async () => {
    const experiment = await app.rivulet.experiments.create({ name: "on paper" });
    for (let count = 1; count <= 60; count += 1) {
      const run = await app.rivulet.runs.start({ experiment: "on paper", name: `run ${count}` });
      await run.finish();
    }
    await page.goto(`${app.url}#/experiments/${experiment.id}/runs`);
    await page.getByText("run 60", { exact: true }).waitFor();
    await expect.poll(() => page.getByText("run 1", { exact: true }).count()).toBe(0);
    await page.emulateMedia({ media: "print" });
    await page.getByText("run 1", { exact: true }).waitFor({ state: "attached" });
    await expect.poll(() => page.locator(".sidebar").isVisible()).toBe(false);
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollHeight))
      .toBeGreaterThan(2000);
    await page.emulateMedia({ media: "screen" });
  });

  it("a text from right to left stands so, and what is around it stays", async () => {
    const span = app.rivulet.startSpan("שלום, עולם (1)");
    span.end({ output: "مرحبا بالعالم 123." });
    await app.rivulet.flush();
    await page.goto(`${app.url}#/traces/${span.traceId}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.getByText("مرحبا").first().waitFor();
    const directions = await page.evaluate(() =>
      ["h1", ".plain-text"].map((one) => {
        const element = document.querySelector(one);
        return element === null ? one : getComputedStyle(element).unicodeBidi;
      }),
    );
    expect(directions).toEqual(["plaintext", "plaintext"]);
  });
});

describe("the theme", () => {
  it("is chosen by a button, survives a reload and comes before the first paint", async () => {
    const watched = await watchPage(browser, app.origin, { colorScheme: "light" });
    const { page } = watched;
    const ground = () =>
      page.evaluate(
        () => getComputedStyle(document.querySelector("main") ?? document.body).backgroundColor,
      );
    await page.goto(`${app.url}#/traces`);
    const light = await ground();
    await page.getByRole("button", { name: /Theme: system/ }).click();
    await page.getByRole("button", { name: /Theme: light/ }).click();
    await page.getByRole("button", { name: /Theme: dark/ }).waitFor();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByRole("button", { name: /Theme: dark/ }).waitFor();
    expect(await ground()).toBe(dark);
    expect(await watched.problems()).toEqual([]);
    await watched.close();
  });
});

import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import type { Run } from "@rivulet/core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { findFaults } from "./find-faults.ts";
import { textsOf } from "./texts-of.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC",
  "base64",
);
const YAML =
  "name: mlflow-env\ndependencies:\n- python=3.11\n- pip:\n  - mlflow==2.9\nvariables:\n";

/** One second of silence. */
function silence(): Buffer {
  const head = Buffer.from(
    "52494646641f000057415645666d74201000000001000100401f0000401f00000100080064617461401f0000",
    "hex",
  );
  return Buffer.concat([head, Buffer.alloc(8_000, 128)]);
}

/** Opens a file or folder; others delete folders. */
const ROW = "button:not(.icon-button)";
const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R>>
%%EOF
`;

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
let page: Page;
let run: Run;
let large: Run;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  const { rivulet } = app;
  const files = await rivulet.runs.start({ experiment: "Files", name: "every kind" });
  const lines = Array.from({ length: 5_000 }, (_, row) => `${row},setosa,"row, ${row}"`);
  await files.logArtifact("data/rows.csv", ["id,species,note", ...lines].join("\n"));
  await files.logArtifact("data/rows.tsv", "a\tb\n1\t2, 3\n");
  await files.logArtifact("eval/table.json", {
    columns: ["question", "score"],
    data: [
      ["What?", 0.5],
      ["Why?", null],
    ],
  });
  await files.logArtifact("conda.yaml", YAML);
  await files.logArtifact("log.jsonl", '{"step":1}\nno JSON\n');
  await files.logArtifact("sound.wav", silence());
  await files.logArtifact("paper.pdf", Buffer.from(PDF));
  for (const name of ["a", "b"]) await files.logArtifact(`scratch/deep/${name}.txt`, name);
  await files.logArtifact("one.bin", Buffer.from([7]));
  await files.logArtifact("bar.vl.json", {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    mark: "bar",
  });
  await files.logArtifact("train.ipynb", JSON.stringify(NOTEBOOK));
  await files.logArtifact("long.log", "a line that is some forty letters long.\n".repeat(60_000));
  for (const step of [0, 10, 200]) await files.logImage(PNG, { key: "val/digits", step });
  // MLflow's clients keep a smaller copy of each.
  for (const { path } of await rivulet.artifacts.list({ runId: files.id, prefix: "images/" }))
    await files.logArtifact(path.replace(/\.png$/, "%compressed.webp"), PNG);
  await files.finish();
  const many = await rivulet.runs.start({ experiment: "Files", name: "many files" });
  for (let shard = 0; shard < 2_000; shard += 1)
    await many.logArtifact(`epoch-${shard % 200}/shard_${shard}.txt`, `shard ${shard}`);
  await many.finish();
  await rivulet.flush();
  [run, large] = (await Promise.all([files, many].map(({ id }) => rivulet.runs.get(id)))) as [
    Run,
    Run,
  ];
  watched = await watchPage(browser, app.origin);
  page = watched.page;
  page.setDefaultTimeout(15_000);
}, 60_000);
afterAll(async () => {
  expect(await watched.problems()).toEqual([]);
  await watched.close();
  await Promise.all([browser.close(), app.close()]);
});

const NOTEBOOK = {
  nbformat: 4,
  cells: [
    { cell_type: "markdown", source: ["# Train\n", "on *flowers*"] },
    {
      cell_type: "code",
      execution_count: 3,
      source: "plot(1)",
      outputs: [
        { output_type: "stream", text: ["fitted\n"] },
        { output_type: "display_data", data: { "image/png": PNG.toString("base64") } },
        { output_type: "display_data", data: { "text/html": "<script>top.stolen = 1</script>" } },
      ],
    },
  ],
};

async function open(of: Run, path: string): Promise<Locator> {
  const search = `tab=artifacts&artifact=${encodeURIComponent(path)}`;
  await page.goto("about:blank");
  await page.goto(`${app.url}#/experiments/${of.experimentId}/runs/${of.id}?${search}`);
  const view = page.locator(".artifact-view");
  await view.waitFor();
  return view;
}

describe("the files of a run", () => {
  it("are a tree of folders, which opens only what a link leads to where there are many", async () => {
    const view = await open(large, "epoch-7/shard_207.txt");
    const list = page.getByRole("list", { name: "Files" });
    await expect
      .poll(() => list.getByRole("button", { name: "shard_207.txt" }).getAttribute("aria-current"))
      .toBe("true");
    await expect
      .poll(() => textsOf(list.getByRole("button", { expanded: true })))
      .toEqual(["epoch-793 B"]);
    // Rows out of view are not drawn.
    expect(await list.locator(ROW).count()).toBeLessThan(100);
    await view.getByText("shard 207").waitFor();
  });

  it("are asked for folder by folder where there are many, and page by page in a large one", async () => {
    const wide = await app.rivulet.runs.start({ experiment: "Files", name: "wide" });
    const names = Array.from(
      { length: 2_500 },
      (_, index) => `part-${String(index).padStart(4, "0")}.txt`,
    );
    for (const name of names) await wide.logArtifact(`parts/${name}`, name);
    for (const step of [1, 2]) await wide.logImage(PNG, { key: "kept", step });
    await wide.finish();
    const asked: string[] = [];
    const onRequest = (request: { url(): string }): unknown =>
      /\/artifact(s|-folder)\b/.test(request.url()) && asked.push(new URL(request.url()).search);
    page.on("request", onRequest);
    await open(await app.rivulet.runs.get(wide.id), "");
    const list = page.getByRole("list", { name: "Files" });
    await expect
      .poll(() => textsOf(list.getByRole("button", { expanded: false })))
      .toEqual([expect.stringMatching(/^images/), expect.stringMatching(/^parts/)]);
    await page.getByRole("tab", { name: "Artifacts 2,502" }).waitFor();
    await page.getByText("Choose a file to look at.").waitFor();
    expect(asked).toEqual(["?limit=1000"]);
    await list.getByRole("button", { name: /^parts/ }).press("Enter");
    await list.getByRole("button", { name: "part-0000.txt" }).click();
    await page.locator(".artifact-view pre").getByText("part-0000.txt").waitFor();
    const folder = page.getByRole("region", { name: "List of files" });
    await expect
      .poll(async () => {
        await folder.evaluate((element) => element.scrollTo(0, element.scrollHeight));
        return list.getByRole("button", { name: "part-2499.txt" }).count();
      })
      .toBe(1);
    expect(await list.locator(ROW).count()).toBeLessThan(100);
    page.off("request", onRequest);
    expect(asked.filter((search) => search.includes("path=parts&")).length).toBe(3);
    // The pictures of a key are one row, however many there are.
    await folder.evaluate((element) => element.scrollTo(0, 0));
    await list.getByRole("button", { name: /^images/ }).press("Enter");
    await list.getByRole("button", { name: /^kept 2 pictures/ }).click();
    await page.getByRole("img", { name: "kept at step 2" }).waitFor();
    expect(await findFaults(page)).toEqual([]);
  });

  it("are saved folder by folder, as an archive", async () => {
    await open(run, "data/rows.tsv");
    const link = page.getByRole("link", { name: "Download data as ZIP" });
    await link.focus();
    const [saved] = await Promise.all([page.waitForEvent("download"), link.press("Enter")]);
    expect(saved.suggestedFilename()).toMatch(/\.zip$/);
    const bytes = await readFile(await saved.path());
    expect(bytes.subarray(0, 2).toString()).toBe("PK");
    expect(bytes.includes("rows.csv")).toBe(true);
  });

  it("are found by words, in which _ and % are letters", async () => {
    await open(large, "epoch-0/shard_0.txt");
    const box = page.getByRole("searchbox", { name: "Find a file" });
    const found = page.getByRole("list", { name: "Files" }).locator(ROW);
    await box.fill("epoch-183/ D_1983");
    await expect.poll(() => textsOf(found)).toEqual(["epoch-18310 B", "shard_1983.txt10 B"]);
    await page.getByText("1 of 2,000 files").waitFor();
    for (const words of ["shard%1983", "sh_rd_1983"]) {
      await box.fill(words);
      await page.getByText("0 of 2,000 files").waitFor();
    }
  });

  it("of values separated by commas or tabs are tables, of which the rows in view are drawn", async () => {
    const view = await open(run, "data/rows.csv");
    const table = view.getByRole("region", { name: "Rows of the file" });
    await expect
      .poll(() => textsOf(table.getByRole("columnheader")))
      .toEqual(["#", "id", "species", "note"]);
    await view.getByText("5,000 rows").waitFor();
    expect(await table.getByRole("row").count()).toBeLessThan(100);
    await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await table.getByRole("cell", { name: "row, 4999" }).waitFor();
    await open(run, "data/rows.tsv");
    await expect.poll(() => textsOf(table.getByRole("cell"))).toEqual(["1", "2, 3"]);
  });

  it("that MLflow's clients logged as tables are tables, and JSON when one asks for it", async () => {
    const view = await open(run, "eval/table.json");
    await expect
      .poll(() => textsOf(view.getByRole("cell")))
      .toEqual(["What?", "0.5", "Why?", "null"]);
    await view.getByText("JSON", { exact: true }).click();
    await view.getByText("columns:").waitFor();
  });

  it("of YAML fold where they are indented, and lines of JSON are values", async () => {
    const view = await open(run, "conda.yaml");
    await view.getByText("mlflow==2.9").waitFor();
    await view.getByText("- pip:").click();
    await expect.poll(() => view.getByText("mlflow==2.9").isVisible()).toBe(false);
    await view.getByText("dependencies:").click();
    await expect.poll(() => view.getByText("python=3.11").isVisible()).toBe(false);
    const lines = await open(run, "log.jsonl");
    await lines.getByText("step:").waitFor();
    await lines.getByText('"no JSON"').waitFor();
  });

  it("of sound are played, and bytes that say nothing are told to be no text", async () => {
    const player = (await open(run, "sound.wav")).locator("audio");
    await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.duration)).toBe(1);
    await (await open(run, "one.bin"))
      .getByText("There is no view for application/octet-stream.")
      .waitFor();
  });

  it("of PDF are shown by the browser where they stand", async () => {
    const view = await open(run, "paper.pdf");
    await view.locator('iframe[title="paper.pdf"]').waitFor();
    await expect
      .poll(() => page.frames().map((frame) => frame.url()))
      .toContainEqual(expect.stringMatching(/^chrome-extension:/));
    await view.getByRole("link", { name: "Open the PDF in a new tab" }).waitFor();
  });

  it("are deleted with their folder, after it was said how many and how large they are", async () => {
    await open(run, "conda.yaml");
    await page.getByRole("button", { name: "Delete scratch and all that is in it" }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("2 files, 2 B, are lost for good.").waitFor();
    expect(await findFaults(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.locator(".toast").getByText("Deleted scratch with 2 files.").waitFor();
    const folder = page.getByRole("list", { name: "Files" }).getByText("scratch");
    await expect.poll(() => folder.count()).toBe(0);
    const kept = await app.rivulet.artifacts.list({ runId: run.id, prefix: "scratch/" });
    expect(kept).toEqual([]);
  });

  it("show a notebook's cells and what they printed, and run nothing of it", async () => {
    const view = await open(run, "train.ipynb");
    await view.getByRole("heading", { name: "Train", exact: true }).waitFor();
    await view.getByText("In [3]").waitFor();
    await view.getByText("plot(1)").waitFor();
    await view.getByText("fitted").waitFor();
    await view.getByText("An output that is not shown.").waitFor();
    const drawn = view.getByRole("img", { name: "Output" });
    await expect
      .poll(() => drawn.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBe(10);
    expect(await page.evaluate(() => Reflect.get(globalThis, "stolen"))).toBeUndefined();
  });

  it("that specify a Vega chart say why it is not drawn", async () => {
    const view = await open(run, "bar.vl.json");
    await view.getByText("A Vega chart, as its specification").waitFor();
    await view.getByText('"bar"').waitFor();
  });

  it("that are long show their beginning, how much of them it is, and more when one asks", async () => {
    const view = await open(run, "long.log");
    await view.getByText("The first 1.0 MB of 2.4 MB.").waitFor();
    const letters = (): Promise<number> =>
      view.locator("pre").evaluate((text) => text.textContent?.length ?? 0);
    // No line is cut.
    await expect.poll(letters).toBe(1_000_000);
    await view.getByRole("button", { name: "Show more" }).click();
    await expect.poll(letters).toBe(2_400_000);
    expect(await view.getByText("The first").count()).toBe(0);
  });

  it("that are pictures of one key are gone through by a slider of their steps", async () => {
    const view = await open(run, "images/val#digits");
    const row = page
      .getByRole("list", { name: "Files" })
      .getByRole("button", { name: "val/digits" });
    await expect.poll(() => row.textContent()).toContain("3 pictures");
    const slider = view.getByRole("slider", { name: "Step" });
    await view.getByRole("img", { name: "val/digits at step 200" }).waitFor();
    await slider.press("ArrowLeft");
    await view.getByRole("img", { name: "val/digits at step 10" }).waitFor();
    await view.getByText("2 of 3").waitFor();
    const saved = page.waitForEvent("download");
    await view.getByRole("link", { name: "Download" }).click();
    expect((await saved).suggestedFilename()).toMatch(/step.10.timestamp.*\.png$/);
  });

  it("are deleted after a question, but not of a run that was deleted", async () => {
    const { rivulet } = app;
    const short = await rivulet.runs.start({ experiment: "Files", name: "short" });
    await short.logArtifact("a.txt", "first");
    await short.logArtifact("b.txt", "second");
    await short.finish();
    const view = await open(await rivulet.runs.get(short.id), "a.txt");
    await view.getByRole("button", { name: "Delete…" }).click();
    const question = page.getByRole("dialog", { name: "Delete a.txt?" });
    await question.getByRole("button", { name: "Delete" }).click();
    await view.getByText("second").waitFor();
    const left = await rivulet.artifacts.list({ runId: short.id });
    expect(left.map(({ path }) => path)).toEqual(["b.txt"]);
    await rivulet.runs.delete(short.id);
    await expect.poll(() => view.getByRole("button", { name: "Delete…" }).count()).toBe(0);
  });

  it.each(["light", "dark"] as const)("have no faults of access in %s", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    for (const path of ["data/rows.csv", "conda.yaml", "train.ipynb", "images/val#digits"]) {
      await (await open(run, path)).locator("table, details, pre, img").first().waitFor();
      expect(await findFaults(page)).toEqual([]);
    }
  });
});

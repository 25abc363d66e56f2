import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launchChromium } from "../tests/dashboard/chromium.ts";

// Pictures of the dashboard for the README and the guide, over what the demo has made.

const FOLDER = fileURLToPath(new URL("../docs/screenshots/", import.meta.url));
const CLI = fileURLToPath(new URL("../packages/cli/dist/bin.js", import.meta.url));
const TOKEN = "a-token-for-pictures";
const HEADERS = { authorization: `Bearer ${TOKEN}` };
const SIZE = { width: 1200, height: 720 };

const COLUMNS = "params.algorithm,metrics.validation%2Faccuracy,metrics.test%2Faccuracy";

type Browser = Awaited<ReturnType<typeof launchChromium>>;

interface Picture {
  readonly file: string;
  readonly route: string;
  /** What is there when the page is complete. */
  readonly ready: string;
  readonly colorScheme?: "light" | "dark";
}

interface Item {
  readonly id: string;
  readonly experimentId: string;
  readonly name: string;
}

/** Starts the demo; gives its dashboard's address once everything is done. */
async function startDemo(): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const demo = spawn(process.execPath, [CLI, "demo", "--port", "0", "--store", "memory:"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, RIVULET_TOKEN: TOKEN },
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = "";
  // The stream stays open: the demo says goodbye on it.
  demo.stdout.on("data", (chunk: Buffer) => {
    text += String(chunk);
    const url = /stays at (\S+)\/#/.exec(text)?.[1];
    if (url !== undefined) resolve(url);
  });
  demo.once("exit", () => reject(new Error(`The demo ended early:\n${text}`)));
  return { url: await promise, process: demo };
}

async function read(url: string, path: string): Promise<unknown> {
  const response = await fetch(`${url}/api/v1${path}`, { headers: HEADERS });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response.json();
}

async function list(url: string, path: string): Promise<{ readonly items: readonly Item[] }> {
  return (await read(url, path)) as { readonly items: readonly Item[] };
}

async function find(url: string, path: string): Promise<Item> {
  const { items } = await list(url, path);
  const [item] = items;
  if (item === undefined) throw new Error(`Nothing at ${path}`);
  return item;
}

function filtered(path: string, filter: string): string {
  return `${path}?limit=1&filter=${encodeURIComponent(filter)}`;
}

async function choosePictures(url: string): Promise<readonly Picture[]> {
  const run = await find(url, filtered("/runs", "name = 'softmax-fast'"));
  const { items: runs } = await list(url, `/runs?limit=8&experimentIds=${run.experimentId}`);
  const trace = await find(url, filtered("/traces", "tags.agent = 'langchain'"));
  const spans = (await read(url, `/traces/${trace.id}/spans`)) as readonly Item[];
  const before = await find(url, filtered("/evaluations", "name LIKE '%version 1'"));
  const after = await find(url, filtered("/evaluations", "name LIKE '%version 2'"));
  const traceRoute = `#/traces/${trace.id}?span=${spans.at(-1)?.id}`;
  const sessions = await find(url, "/sessions?limit=1");
  return [
    { file: "overview", route: "#/overview", ready: "main canvas" },
    { file: "traces", route: `#/traces?open=${trace.id}`, ready: ".row-panel >> text=Output" },
    {
      file: "session",
      route: `#/sessions/${encodeURIComponent(sessions.id)}`,
      ready: ".chat",
    },
    {
      file: "compare-runs",
      route: `#/compare-runs?runs=${runs.map(({ id }) => id).join(",")}`,
      ready: "main canvas",
    },
    { file: "evaluation", route: `#/evaluations/${after.id}`, ready: "tbody tr" },
    { file: "settings", route: "#/settings", ready: "main h1", colorScheme: "dark" },
    {
      file: "runs",
      route: `#/experiments/${run.experimentId}/runs?columns=${encodeURIComponent(COLUMNS)}`,
      ready: "tbody tr",
    },
    {
      file: "run",
      route: `#/experiments/${run.experimentId}/runs/${run.id}?smoothing=0.5`,
      ready: "canvas",
    },
    { file: "trace", route: traceRoute, ready: ".chat" },
    { file: "prompt", route: "#/prompts/iris-assistant?version=2&against=1", ready: ".diff" },
    {
      file: "model",
      route: "#/models/iris-classifier/versions/1",
      ready: "tbody tr",
      colorScheme: "dark",
    },
    {
      file: "comparison",
      route: `#/evaluations/compare?baseline=${before.id}&candidate=${after.id}`,
      ready: ".data-table tbody tr",
    },
  ];
}

async function take(browser: Browser, url: string, picture: Picture): Promise<void> {
  const { file, route, ready, colorScheme = "light" } = picture;
  const context = await browser.newContext({
    viewport: SIZE,
    extraHTTPHeaders: HEADERS,
    colorScheme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(`${url}/${route}`);
  await page.locator(ready).first().waitFor();
  await page.waitForFunction(() => document.querySelector(".loading") === null);
  await page.screenshot({ path: `${FOLDER}${file}.png` });
  await context.close();
}

mkdirSync(FOLDER, { recursive: true });
const demo = await startDemo();
const browser = await launchChromium();
try {
  for (const picture of await choosePictures(demo.url)) await take(browser, demo.url, picture);
} finally {
  await browser.close();
  demo.process.kill("SIGINT");
  await once(demo.process, "exit");
}

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Rivulet } from "@rivulet/core";
import { createHandler } from "@rivulet/server";
import { toNodeListener } from "@rivulet/server/node";
import type { Browser } from "playwright-core";
import { launchChromium } from "../../dashboard/chromium.ts";
import { openBenchClient } from "../client.ts";
import { bareList } from "../dashboard/bare-list.ts";
import { type MeasuredPage, measurePage } from "../dashboard/page-cost.ts";
import { seedVolume, type VolumeIds } from "../dashboard/seed-volume.ts";
import { atMost, type Figure, shown } from "../figure.ts";
import type { Measure } from "../group.ts";

/** Pages, and what must have been drawn before they count as opened. */
const PAGES: readonly (readonly [name: string, route: (ids: VolumeIds) => string])[] = [
  ["overview", () => "/overview"],
  ["experiments", () => "/experiments"],
  ["runs", ({ experimentId }) => `/experiments/${experimentId}/runs`],
  ["a run", ({ experimentId, runId }) => `/experiments/${experimentId}/runs/${runId}`],
  ["100 runs compared", ({ runIds }) => `/compare-runs?runs=${runIds.slice(0, 100).join(",")}`],
  ["traces", () => "/traces"],
  ["sessions", () => "/sessions"],
  ["a session", () => "/sessions/session%207"],
  ["users", () => "/users"],
  ["a trace of 5,000 spans", ({ wideTraceId }) => `/traces/${wideTraceId}`],
  ["a trace of 400 levels", ({ deepTraceId }) => `/traces/${deepTraceId}`],
  ["a trace with 1 MB of input", ({ largeTraceId }) => `/traces/${largeTraceId}`],
  ["a prompt of 120 versions", () => "/prompts/botanist"],
  ["evaluations", () => "/evaluations"],
  ["an evaluation of 2,000 rows", ({ baselineId }) => `/evaluations/${baselineId}`],
  [
    "two evaluations of 2,000 rows",
    ({ baselineId, candidateId }) =>
      `/evaluations/compare?baseline=${baselineId}&candidate=${candidateId}`,
  ],
];

const SCROLL_STEPS = 60;
const SCROLL_PIXELS = 300;
const LIVE_SECONDS = 10;
const LIVE_PER_SECOND = 50;

/** What the pages of a large store cost the browser, and the API's answers over the wire. */
export const measure: Measure = async ({ runs, largeTraces }) => {
  await using client = await openBenchClient();
  const { rivulet } = client;
  const ids = await seedVolume(rivulet, { runs, traces: largeTraces });
  const handler = createHandler(rivulet, { auth: "none" });
  const server = createServer(toNodeListener(handler)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await launchChromium();
  const figures: Figure[] = [];
  for (const [name, route] of PAGES) {
    figures.push(...(await openingOf(browser, name, `${origin}/#${route(ids)}`)));
  }
  figures.push(await scrolling(browser, origin));
  figures.push(...(await live(browser, origin, rivulet)));
  await browser.close();
  server.closeAllConnections();
  server.close();
  await handler.close();
  return figures;
};

/** A page that is opened for the first time, with code that the browser has. */
async function openingOf(browser: Browser, name: string, url: string): Promise<readonly Figure[]> {
  const measured = await measurePage(browser);
  await measured.page.goto(url.slice(0, url.indexOf("#")));
  await measured.cost(async () => undefined);
  await measured.page.goto("about:blank");
  const cost = await measured.cost(() => measured.page.goto(url));
  await measured.close();
  const label = `dashboard: ${name}:`;
  return [
    atMost(250, `${label} CPU until it has settled`, { value: cost.cpuMs, unit: "ms" }),
    atMost(150, `${label} longest task`, { value: cost.longestTaskMs, unit: "ms" }),
    atMost(500, `${label} answers of the API, compressed`, {
      value: cost.apiBytes / 1_000,
      unit: "kB",
      detail: `${cost.requests} requests`,
    }),
  ];
}

/** Scrolling through the traces beside a bare list of the same rows and columns. */
async function scrolling(browser: Browser, origin: string): Promise<Figure> {
  const ours = await measurePage(browser);
  await ours.cost(() => ours.page.goto(`${origin}/#/traces`));
  const table = await scrollCost(ours);
  const rows = await ours.page.evaluate(() =>
    [...document.querySelectorAll("tbody tr:not(.gap)")].map((row) =>
      [...row.querySelectorAll("td")].map((cell) => cell.textContent),
    ),
  );
  await ours.close();
  const bare = await measurePage(browser);
  const many = Array.from({ length: 2_000 }, (_, index) => rows[index % rows.length] ?? []);
  await bare.page.setContent(bareList(many, 37));
  const floor = await scrollCost(bare);
  await bare.close();
  return atMost(1.3, "dashboard: scrolling the traces / a bare list of the same rows", {
    value: table / floor,
    unit: "x",
    detail: `${table.toFixed(0)} ms / ${floor.toFixed(0)} ms for ${SCROLL_STEPS} steps`,
  });
}

async function scrollCost(measured: MeasuredPage): Promise<number> {
  const { cpuMs } = await measured.cost(() =>
    measured.page.evaluate(
      async ([steps, pixels]) => {
        const scroller = document.querySelector(".table-scroll");
        for (let step = 0; step < steps; step += 1) {
          scroller?.scrollBy(0, pixels);
          await new Promise(requestAnimationFrame);
        }
      },
      [SCROLL_STEPS, SCROLL_PIXELS] as const,
    ),
  );
  return cpuMs;
}

/** The list of traces while they arrive. */
async function live(
  browser: Browser,
  origin: string,
  rivulet: Rivulet,
): Promise<readonly Figure[]> {
  const measured = await measurePage(browser);
  await measured.cost(() => measured.page.goto(`${origin}/#/traces`));
  const began = performance.now();
  const { requests, apiBytes } = await measured.cost(async () => {
    for (let tick = 0; tick < LIVE_SECONDS * 10; tick += 1) {
      for (let index = 0; index < LIVE_PER_SECOND / 10; index += 1) {
        await rivulet.withSpan("live", async (span) => span.setOutput(`answer ${tick}`));
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  const seconds = (performance.now() - began) / 1_000;
  await measured.close();
  return [
    atMost(2, `dashboard: requests while ${LIVE_PER_SECOND} traces a second arrive`, {
      value: requests / seconds,
      unit: "/s",
    }),
    atMost(30, "dashboard: the same, answers of the API", {
      value: apiBytes / 1_000 / seconds,
      unit: "kB/s",
    }),
    shown("dashboard: the same, in all", {
      value: requests,
      unit: "requests",
      detail: `in ${seconds.toFixed(1)} s`,
    }),
  ];
}

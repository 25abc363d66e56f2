import type { Rivulet } from "@rivulet/core";
import { atMost, type Figure, shown } from "../figure.ts";
import { EXPERIMENT_ID } from "../fill-store.ts";
import { timeOf, timesOf } from "./time-of.ts";

const within = { experimentIds: [EXPERIMENT_ID] };
/** Metrics that a batch begins. */
const NEW_METRICS = 200;
const LOOK_UPS = 200;
/** Nothing has this attribute, and no index says so. */
const SLOW = { ...within, filter: "span.attributes.none = 'x'", limit: 50 };

/** What has no statement to be compared with. */
export async function otherCosts(rivulet: Rivulet): Promise<readonly Figure[]> {
  const keys = await timeOf(() => rivulet.runs.keys(within));
  return [
    shown("store: keys of all runs", { value: keys, unit: "ms" }),
    await attribute(rivulet),
    ...(await besideSearch(rivulet)),
    await newMetrics(rivulet),
  ];
}

/** The whole experiment is looked through, as far as the time goes. */
async function attribute(rivulet: Rivulet): Promise<Figure> {
  const begun = performance.now();
  const { complete = true } = await rivulet.traces.search(SLOW);
  return shown("store: an attribute, absent", {
    value: performance.now() - begun,
    unit: "ms",
    detail: complete ? "all looked through" : "its time ended before",
  });
}

/** The first point of each of many metrics. */
async function newMetrics(rivulet: Rivulet): Promise<Figure> {
  const { id: runId } = await rivulet.runs.start({ name: "new metrics" });
  let round = 0;
  const each = await timeOf(() => {
    round += 1;
    const names = Array.from({ length: NEW_METRICS }, (_, index) => `new ${round} ${index}`);
    const metrics = names.map((key) => ({ key, value: 1, step: 0, timestamp: 1 }));
    return rivulet.runs.logBatch({ runId, metrics });
  });
  return shown("store: first point of a new metric", {
    value: (each * 1_000) / NEW_METRICS,
    unit: "µs",
    detail: `${NEW_METRICS} in a batch`,
  });
}

/** Look-ups while a search is under way that has to look at everything. */
async function besideSearch(rivulet: Rivulet): Promise<readonly Figure[]> {
  const { items } = await rivulet.runs.search({ ...within, limit: 1 });
  const [run] = items;
  for (let version = 1; version <= LOOK_UPS; version += 1) {
    await rivulet.prompts.register({ name: "support", template: `Version ${version}.` });
  }
  const stop = new AbortController();
  const searching = (async () => {
    while (!stop.signal.aborted) await rivulet.traces.search(SLOW);
  })();
  let version = 0;
  const runs = await timesOf(() => rivulet.runs.get(run?.id ?? ""), LOOK_UPS);
  const prompts = await timesOf(() => {
    version += 1;
    return rivulet.prompts.get(`support@${version}`);
  }, LOOK_UPS);
  stop.abort();
  await searching;
  return [besides("runs.get", runs), besides("prompts.get", prompts)];
}

function besides(what: string, times: readonly number[]): Figure {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return atMost(5, `store: ${what} beside a slow search, 99th percentile`, {
    value: at(0.99),
    unit: "ms",
    detail: `median ${at(0.5).toFixed(2)} ms`,
  });
}

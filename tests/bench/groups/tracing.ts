import type { Rivulet } from "@rivulet/core";
import { openBenchClient } from "../client.ts";
import { atMost, type Figure, shown } from "../figure.ts";
import type { Measure } from "../group.ts";
import { timeOf } from "../store/time-of.ts";
import { DAYS, fillDays, SESSION_ID, TURNS } from "../tracing/fill-days.ts";

const TRACES = 100_000;
const HOUR_MS = 3_600_000;

/** Questions over many traces: sums of a day and of a month, and a conversation. */
export const measure: Measure = async () => {
  await using client = await openBenchClient();
  const { rivulet, file } = client;
  const dayBegins = fillDays(file, TRACES);
  return [...(await sums(rivulet, dayBegins)), ...(await session(rivulet))];
};

async function sums(rivulet: Rivulet, dayBegins: number): Promise<readonly Figure[]> {
  const within = { experimentIds: ["0"] };
  const day = { ...within, bucketMs: HOUR_MS, filter: `startTime >= ${dayBegins}` };
  const all = { ...within, bucketMs: 24 * HOUR_MS };
  const counted = await rivulet.traces.aggregate(day);
  const ofDay = counted.reduce((sum, { count }) => sum + count, 0);
  return [
    atMost(20, "tracing: hourly p50, p95 and token sums of 24 hours", {
      value: await timeOf(() => rivulet.traces.aggregate(day)),
      unit: "ms",
      detail: `${ofDay} traces in ${counted.length} hours, of ${TRACES}`,
    }),
    shown(`tracing: daily p50, p95 and token sums of ${DAYS} days`, {
      value: await timeOf(() => rivulet.traces.aggregate(all)),
      unit: "ms",
      detail: `${TRACES} traces`,
    }),
  ];
}

async function session(rivulet: Rivulet): Promise<readonly Figure[]> {
  const query = { sessionId: SESSION_ID };
  const { items } = await rivulet.sessions.listTurns(query);
  if (items.length !== TURNS) throw new Error(`The session has ${items.length} turns.`);
  const turns = await timeOf(() => rivulet.sessions.listTurns(query));
  const totals = await timeOf(() => rivulet.sessions.get(SESSION_ID));
  const list = await timeOf(() => rivulet.sessions.search({ experimentIds: ["0"], limit: 50 }));
  const detail = `${TURNS} turns among ${TRACES} traces`;
  return [
    atMost(5, "tracing: a session's conversation", { value: turns, unit: "ms", detail }),
    atMost(5, "tracing: a session's totals", { value: totals, unit: "ms", detail }),
    shown("tracing: the latest 50 sessions", { value: list, unit: "ms", detail }),
  ];
}

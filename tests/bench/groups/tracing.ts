import type { Rivulet } from "@rivulet/core";
import { atMost, type Figure, shown } from "../figure.ts";
import type { Measure } from "../group.ts";
import { timeOf } from "../store/time-of.ts";
import { LAST_DAY, SESSION_ID, TURNS } from "../tracing/fill-days.ts";
import { inPostgres, inSqlite } from "../tracing/filled-stores.ts";

const TRACES = 100_000;
const DAYS = 30;
const HOUR_MS = 3_600_000;

/** How a figure of a database is told: SQLite's may have targets, PostgreSQL's stand beside them. */
type Told = (
  most: number | undefined,
  name: string,
  measured: Parameters<typeof shown>[1],
) => Figure;

const toldOfSqlite: Told = (most, name, measured) =>
  most === undefined
    ? shown(`tracing: ${name}`, measured)
    : atMost(most, `tracing: ${name}`, measured);

const DATABASES = [
  [inSqlite, toldOfSqlite],
  [inPostgres, (_, name, measured) => shown(`tracing, postgres: ${name}`, measured)],
] as const satisfies readonly (readonly [typeof inSqlite, Told])[];

/** Questions over many traces: sums of a day and of a month, and a conversation. */
export const measure: Measure = async () => {
  const figures: Figure[] = [];
  for (const [inStore, told] of DATABASES) {
    const ofMonth = { traces: TRACES, days: DAYS };
    figures.push(
      ...(await inStore({ traces: TRACES, days: 1 }, (rivulet) => sumsOfDay(rivulet, told))),
      ...(await inStore(ofMonth, async (rivulet) => [
        ...(await sumsOfDay(rivulet, told)),
        ...(await sumsOfMonth(rivulet, told)),
        ...(await session(rivulet, told)),
      ])),
    );
  }
  return figures;
};

async function sumsOfDay({ traces }: Rivulet, told: Told): Promise<readonly Figure[]> {
  const query = { experimentIds: ["0"], bucketMs: HOUR_MS };
  const day = { ...query, filter: `startTime >= ${LAST_DAY}` };
  // A minute of the first five is counted from the rows.
  const uneven = { ...query, filter: `startTime >= ${LAST_DAY + 240_000}` };
  const counted = await traces.aggregate(day);
  const found = counted.reduce((sum, { count }) => sum + count, 0);
  const detail = `${found} traces in ${counted.length} hours, of ${TRACES}`;
  const sums = await timeOf(() => traces.aggregate(day));
  const from = await timeOf(() => traces.aggregate(uneven));
  return [
    told(20, `hourly p50, p95, token sums of 24 hours, ${found} traces`, {
      value: sums,
      unit: "ms",
      detail,
    }),
    told(undefined, `the same from any minute on, ${found} traces`, {
      value: from,
      unit: "ms",
      detail,
    }),
  ];
}

async function sumsOfMonth({ traces }: Rivulet, told: Told): Promise<readonly Figure[]> {
  const all = { experimentIds: ["0"], bucketMs: 24 * HOUR_MS };
  const value = await timeOf(() => traces.aggregate(all));
  const detail = `${TRACES} traces`;
  return [
    told(undefined, `daily p50, p95, token sums of ${DAYS} days`, { value, unit: "ms", detail }),
  ];
}

async function session({ sessions }: Rivulet, told: Told): Promise<readonly Figure[]> {
  const query = { sessionId: SESSION_ID };
  const { items } = await sessions.listTurns(query);
  if (items.length !== TURNS) throw new Error(`The session has ${items.length} turns.`);
  const turns = await timeOf(() => sessions.listTurns(query));
  const totals = await timeOf(() => sessions.get(SESSION_ID));
  const list = await timeOf(() => sessions.search({ experimentIds: ["0"], limit: 50 }));
  const detail = `${TURNS} turns among ${TRACES} traces`;
  return [
    told(5, "a session's conversation", { value: turns, unit: "ms", detail }),
    told(5, "a session's totals", { value: totals, unit: "ms", detail }),
    told(undefined, "the latest 50 sessions", { value: list, unit: "ms", detail }),
  ];
}

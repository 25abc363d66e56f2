import { join } from "node:path";
import { parseFilter, restoreBackup, type TraceAggregate } from "@rivulet/core";
import { aSpan, hexId } from "@rivulet/core/testing";
import type { Database } from "@rivulet/store/sql";
import fc from "fast-check";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { aDatabase, type Backend, backendOver, take } from "./a-backend.ts";
import { aFolder, opened, openedNew } from "./folder.ts";

const SLICE = 300_000;
const HOUR = 12 * SLICE;
/** Longer than a slice has to rest before it is summed up. */
const REST_MS = 2_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  return () => void vi.useRealTimers();
});

type Query = Parameters<Backend["entities"]["traces"]["aggregate"]>[0];
type Sums = readonly TraceAggregate[];

/** Something that happens to a store. */
type Event = (backend: Backend) => Promise<unknown>;

const rest: Event = async () => vi.setSystemTime(Date.now() + REST_MS);

/** Everything that has rested is summed up. */
async function rollUp(backend: Backend): Promise<void> {
  await rest(backend);
  while ((await backend.backgroundStep?.()) === "more");
}

const queries: readonly Query[] = [
  { where: [], experimentIds: [], groupBy: [] },
  { where: [], experimentIds: ["0"], groupBy: [], bucketMs: HOUR },
  { where: [], experimentIds: [], groupBy: ["experimentId"], bucketMs: SLICE },
  {
    where: parseFilter("trace", `startTime >= ${SLICE / 2} AND startTime < ${3 * SLICE + 1}`),
    experimentIds: [],
    groupBy: ["experimentId"],
  },
  {
    where: parseFilter("trace", `startTime > ${SLICE} AND startTime <= ${2 * SLICE}`),
    experimentIds: ["0", "1"],
    groupBy: [],
    bucketMs: 2 * SLICE,
  },
];

/** The same traces, by a condition that nothing but their rows can answer. */
function counted(query: Query): Query {
  return { ...query, where: [...query.where, ...parseFilter("trace", "spanCount > 0")] };
}

async function expectRight({ entities: { traces } }: Backend): Promise<void> {
  for (const query of queries) {
    const [rolledUp, exact]: Sums[] = await Promise.all([
      traces.aggregate(query),
      traces.aggregate(counted(query)),
    ]);
    expect(rolledUp).toEqual(exact);
  }
}

const time = fc
  .tuple(fc.nat(4), fc.constantFrom(-1, 0, 1, 77))
  .map(([slice, offset]) => slice * SLICE + offset);

const spanWritten = fc
  .record({
    trace: fc.integer({ min: 1, max: 4 }),
    span: fc.integer({ min: 1, max: 3 }),
    isRoot: fc.boolean(),
    experimentId: fc.constantFrom("0", "1"),
    startTime: time,
    duration: fc.nat(5_000),
    status: fc.constantFrom("ok", "error", "in_progress"),
    tokens: fc.option(fc.nat(1_000), { nil: undefined }),
    cost: fc.option(
      fc.nat(8).map((quarters) => quarters / 4),
      { nil: undefined },
    ),
  })
  .map(({ trace, span, isRoot, startTime, duration, tokens, cost, status, experimentId }) => {
    const { endTime, ...begun } = aSpan({
      traceId: hexId(trace),
      id: hexId(span, 16),
      startTime,
      endTime: startTime + duration,
      status,
      experimentId,
    });
    return {
      ...begun,
      ...(status === "in_progress" ? {} : { endTime }),
      ...(isRoot ? {} : { parentId: hexId(9, 16) }),
      ...(tokens === undefined ? {} : { usage: { inputTokens: tokens } }),
      ...(cost === undefined ? {} : { cost }),
    };
  });

const written = fc.array(spanWritten, { minLength: 1, maxLength: 3 });
const write = fc.tuple(written, fc.constantFrom("engine", "")).map(
  ([spans, owner]): Event =>
    (backend) =>
      backend.take({ records: spans.map((span) => ({ kind: "span", span })), owner }),
);
/** Changes to what is summed up. */
const changes: Event[] = [
  ({ entities: { traces } }) => traces.delete([hexId(1), hexId(2)]),
  ({ entities: { traces } }) => traces.deleteFound({ where: [], experimentIds: [], limit: 1 }),
  ({ entities: { traces } }) => traces.closeAbandoned({ before: Date.now() * 2 }),
  ({ owners }) => owners.release("engine", { status: "killed", message: "" }),
];
const change = fc.constantFrom(...changes).map(
  (event): Event =>
    async (backend) => {
      await rollUp(backend);
      await event(backend);
    },
);
const others: Event[] = [rest, rollUp, async (backend) => backend.backgroundStep?.()];
/** A write while somebody else sums up. */
const meanwhile = write.map(
  (event): Event =>
    async (backend) => {
      await rest(backend);
      await Promise.all([backend.backgroundStep?.(), event(backend)]);
    },
);
const history = fc.array(fc.oneof(write, meanwhile, change, fc.constantFrom(...others)), {
  minLength: 2,
  maxLength: 12,
});

async function open(kind: "sqlite" | "postgres"): Promise<Database> {
  if (kind === "sqlite") return aDatabase();
  const { aStoreUrl } = await import("../postgres/store-url.ts");
  const { openDatabase } = await import("@rivulet/postgres/for-tests");
  const database = await openDatabase(await aStoreUrl());
  onTestFinished(() => database.close());
  return database;
}

test.each([
  ["sqlite", 40],
  ["postgres", 4],
] as const)("sums of traces are right whatever has happened to them: %s", async (kind, runs) => {
  const database = await open(kind);
  const backend = backendOver(database);
  await database.run(
    "INSERT INTO experiments (id, name, lifecycle_stage, created_us, updated_us) VALUES ('1', 'other', 'active', 0, 0)",
  );
  const run = async (events: readonly Event[]): Promise<void> => {
    for (const event of events) await event(backend);
    await expectRight(backend);
    await rollUp(backend);
    expect(await database.all("SELECT * FROM stale_rollups")).toEqual([]);
    await expectRight(backend);
  };
  await fc.assert(fc.asyncProperty(history, run), { numRuns: runs });
});

/** 300 traces of a slice; the slowest takes 30 seconds. */
const many = Array.from({ length: 300 }, (_, number) =>
  aSpan({
    traceId: hexId(number + 1),
    startTime: SLICE + number,
    endTime: SLICE + number + (number + 1) * 100,
    usage: { inputTokens: 10 },
  }),
);

test("of many traces counts, sums and means are exact, and percentiles within 1 %", async () => {
  const backend = backendOver(await aDatabase());
  await take(backend, ...many);
  await rollUp(backend);
  const [query = counted({ where: [], experimentIds: [], groupBy: [] })] = queries;
  const [rolledUp] = await backend.entities.traces.aggregate(query);
  const [exact] = await backend.entities.traces.aggregate(counted(query));
  const { durationMs, ...others } = exact ?? {};
  expect(rolledUp).toMatchObject(others);
  expect(rolledUp?.durationMs?.mean).toBe(durationMs?.mean);
  expect(durationMs).toMatchObject({ p50: 15_050, p95: 28_505, p99: 29_701 });
  for (const part of ["p50", "p95", "p99"] as const) {
    const [found = 0, right = 0] = [rolledUp?.durationMs?.[part], durationMs?.[part]];
    expect(Math.abs(found - right) / right).toBeLessThanOrEqual(0.01);
  }
});

test("sums are read from what was summed up, but for slices that have changed and those at the ends", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  const { traces } = backend.entities;
  const at = (trace: number, startTime: number): ReturnType<typeof aSpan> =>
    aSpan({ traceId: hexId(trace), startTime, endTime: startTime });
  await take(backend, at(1, 0), at(2, SLICE), at(3, 2 * SLICE), at(4, 2 * SLICE));
  await rollUp(backend);
  // What nobody does: from now on it shows where a count is from.
  await database.run("UPDATE trace_rollups SET traces = traces + 100");
  const count = async (filter: string, others: Partial<Query> = {}): Promise<number> => {
    const query = { experimentIds: [], groupBy: [], ...others };
    const [sum] = await traces.aggregate({ ...query, where: parseFilter("trace", filter) });
    return sum?.count ?? 0;
  };
  expect(await count("")).toBe(304);
  expect(await count(`startTime >= ${SLICE}`)).toBe(203);
  expect(await count(`startTime > ${SLICE}`)).toBe(102);
  expect(await count(`startTime >= ${SLICE} AND startTime <= ${2 * SLICE}`)).toBe(103);
  expect(await count("startTime >= now() - 1h", { now: HOUR + SLICE })).toBe(203);
  expect(await count("", { bucketMs: SLICE })).toBe(101);
  expect(await count("", { bucketMs: SLICE / 5 })).toBe(1);
  expect(await count("", { withFeedback: true })).toBe(4);
  expect(await count("", { groupBy: ["status"] })).toBe(4);
  expect(await count("status = 'ok'")).toBe(4);
  await take(backend, at(5, 1));
  expect(await count("")).toBe(205);
  await traces.delete([hexId(3)]);
  expect(await count("")).toBe(104);
  await rollUp(backend);
  expect(await count("")).toBe(104);
});

test("a trace that is written while its slice is counted is left for the next time", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  await take(backend, aSpan({ startTime: 0 }));
  let isWritten = false;
  const transaction: Database["transaction"] = async (work) => {
    if (!isWritten) {
      isWritten = true;
      await take(backend, aSpan({ traceId: hexId(2), startTime: 1 }));
    }
    return database.transaction(work);
  };
  const dialect = { ...database.dialect, words: undefined };
  const { backgroundStep } = backendOver({ ...database, dialect, transaction });
  await rest(backend);
  expect(await backgroundStep?.()).toBe("more");
  await expectRight(backend);
  expect(await database.all("SELECT slice_us FROM stale_rollups")).toEqual([{ slice_us: 0 }]);
  await rollUp(backend);
  await expectRight(backend);
});

test("what a clock far ahead has noted is summed up once the clock is right again", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  const now = Date.now();
  vi.setSystemTime(now + HOUR);
  await take(backend, aSpan({ startTime: 0 }));
  vi.setSystemTime(now);
  while ((await backend.backgroundStep?.()) === "more");
  expect(await database.all("SELECT traces FROM trace_rollups")).toEqual([{ traces: 1 }]);
});

test("a store in which much has changed is counted from its rows", async () => {
  const backend = backendOver(await aDatabase());
  const spans = Array.from({ length: 40 }, (_, number) =>
    aSpan({ traceId: hexId(number + 1), startTime: 2 * number * SLICE }),
  );
  await take(backend, ...spans);
  await expectRight(backend);
  await rollUp(backend);
  await expectRight(backend);
});

test("a restored store has the sums of its traces", async () => {
  vi.useRealTimers();
  const folder = await aFolder();
  const { store } = await openedNew("sqlite");
  for (const span of many.slice(0, 10)) store.journal.appendSpan(span);
  await store.journal.flush();
  await store.backup(join(folder, "backup"));
  const url = `sqlite:${join(folder, "restored.db")}`;
  await restoreBackup(join(folder, "backup"), { store: url });
  const { store: restored } = await opened(url);
  const [sum] = await restored.traces.aggregate({ where: [], experimentIds: [], groupBy: [] });
  expect(sum).toMatchObject({ count: 10, usage: { inputTokens: 100 } });
});

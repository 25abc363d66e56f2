import { parseFilter, type RivuletError } from "@rivulet/core";
import { aRun, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aDatabase, backendOver } from "./a-backend.ts";
import { openedNew } from "./folder.ts";

const RUNS = 700;
const query = { order: [], limit: 10, experimentIds: [], lifecycle: "active" } as const;
const rare = { ...query, where: parseFilter("run", "params.kind RLIKE '^rare$'") };

async function filled(kind: "memory" | "sqlite" | "postgres") {
  const { store } = await openedNew(kind);
  for (let number = 1; number <= RUNS; number += 1) {
    const kindOf = number === 1 || number === 350 ? "rare" : "usual";
    await store.runs.create(
      aRun({ id: hexId(number), startTime: number, params: { kind: kindOf } }),
    );
  }
  return store;
}

test.each(["memory", "sqlite", "postgres"] as const)(
  "a search that has no time left gives what it has found, and goes on from there: %s",
  async (kind) => {
    const store = await filled(kind);
    const first = await store.runs.search({ ...rare, budgetMs: 0 });
    expect(first).toMatchObject({ items: [], complete: false });
    const pages = [first];
    while (pages.at(-1)?.nextPageToken !== undefined && pages.length < 100) {
      const pageToken = pages.at(-1)?.nextPageToken ?? "";
      pages.push(await store.runs.search({ ...rare, budgetMs: 0, pageToken }));
    }
    // Two of three stretches of 256 find one each, and what is behind the last is no stretch.
    expect(pages.map(({ items }) => items.map(({ startTime }) => startTime))).toEqual([
      [],
      [350],
      [1],
    ]);
    expect(pages.map(({ complete }) => complete)).toEqual([false, false, undefined]);
  },
);

test("with time, the whole list is looked through", async () => {
  const store = await filled("memory");
  const page = await store.runs.search({ ...rare, budgetMs: 60_000 });
  expect(page.items.map(({ startTime }) => startTime)).toEqual([350, 1]);
  expect(page).not.toHaveProperty("complete");
  expect(page).not.toHaveProperty("nextPageToken");
});

test("groups are put together from all stretches", async () => {
  const { store } = await openedNew("memory");
  // More than a stretch of 1,024 has.
  for (let number = 1; number <= 1_100; number += 1) {
    const params = { kind: number % 2 === 0 ? "even" : "odd" };
    const metrics = { loss: number };
    await store.runs.create(aRun({ id: hexId(number), startTime: number, params, metrics }));
  }
  const where = parseFilter("run", "params.kind RLIKE '^(even|odd)$'");
  const field = { kind: "param", key: "kind" } as const;
  expect(await store.runs.groups({ ...query, where, field, metrics: ["loss"] })).toEqual([
    { value: "even", count: 550, metrics: { loss: { count: 550, mean: 551, min: 2, max: 1_100 } } },
    { value: "odd", count: 550, metrics: { loss: { count: 550, mean: 550, min: 1, max: 1_099 } } },
  ]);
});

test.each([
  // 256, 512, and the rest.
  ["longer while reads take less time than their database says", 1_000_000, 3],
  // 256, 128, 64, 32 and then 16 each.
  ["shorter while they take more", 0, 23],
])("the stretches of a search become %s", async (_, milliseconds, reads) => {
  const database = await aDatabase();
  await database.run(
    `INSERT INTO traces (id, experiment_id, name, status, start_us, session_id, metadata, span_count, error_count,
       prompts, touched_us, first_span_us, last_span_us)
     WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 769)
     SELECT printf('%032x', n), '0', '', 'ok', n, 's', '{}', 1, 0, '[]', n, n, n FROM n`,
  );
  let count = 0;
  const { sessions } = backendOver({
    ...database,
    dialect: { ...database.dialect, readMs: { least: milliseconds, most: milliseconds } },
    snapshot(work) {
      count += 1;
      return database.snapshot(work);
    },
  }).entities;
  const page = await sessions.search({ ...query, where: [], budgetMs: 60_000 });
  expect(page.items.map(({ id, traceCount }) => [id, traceCount])).toEqual([["s", 769]]);
  expect(count).toBe(reads);
});

test("pages count relative times from the time of the first one", async () => {
  const store = await filled("memory");
  const where = parseFilter("run", "startTime > now() - 10ms");
  const first = await store.runs.search({ ...query, where, now: 705, limit: 3 });
  expect(first.items.map(({ startTime }) => startTime)).toEqual([700, 699, 698]);
  const { nextPageToken: pageToken = "" } = first;
  const second = await store.runs.search({ ...query, where, now: 9_000, limit: 3, pageToken });
  expect(second.items.map(({ startTime }) => startTime)).toEqual([697, 696]);
});

test("a page token is for one filter, one set of experiments and one order", async () => {
  const store = await filled("memory");
  const where = parseFilter("run", "params.kind = 'usual'");
  const { nextPageToken: pageToken = "" } = await store.runs.search({ ...query, where });
  const refused = (asked: object): Promise<RivuletError> =>
    store.runs.search({ ...query, where, pageToken, ...asked }).then(
      () => expect.unreachable(),
      (error: RivuletError) => error,
    );
  const others = [
    { where: [] },
    { where: parseFilter("run", "params.kind = 'rare'") },
    { experimentIds: ["0"] },
    { lifecycle: "deleted" },
    { order: [{ field: { kind: "attribute", key: "name" }, descending: false }] },
  ];
  for (const other of others) {
    expect(await refused(other)).toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("belongs to another search"),
    });
  }
});

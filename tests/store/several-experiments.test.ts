import { parseFilter, parseOrder, type Run, type Store } from "@rivulet/core";
import { anExperiment, aRun, aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { openedNew } from "./folder.ts";

const STORES = ["memory", "postgres"] as const;
const RUNS = 90;
const HALF = ["1", "3"];

/** A whole list, read in pages of `limit`. */
async function whole(
  store: Store,
  query: Omit<Parameters<Store["runs"]["search"]>[0], "pageToken">,
): Promise<readonly Run[]> {
  const items: Run[] = [];
  let pageToken: string | undefined;
  do {
    const page = await store.runs.search(pageToken === undefined ? query : { ...query, pageToken });
    items.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return items;
}

/** Runs of three experiments by turns, with times, metrics and params of which many are equal, or missing. */
async function filled(kind: (typeof STORES)[number]): Promise<Store> {
  const { store } = await openedNew(kind);
  for (const id of ["1", "2", "3"]) await store.experiments.create(anExperiment({ id, name: id }));
  for (let number = 1; number <= RUNS; number += 1) {
    await store.runs.create(
      aRun({
        id: hexId((number * 37) % 101),
        experimentId: String((number % 3) + 1),
        name: `run ${number % 7}`,
        startTime: Math.floor(number / 4),
        tags: { t: `${number % 8}` },
        params: number % 5 === 0 ? {} : { p: number % 2 === 0 ? `${number % 9}` : "word" },
        metrics: number % 4 === 0 ? {} : { m: number % 11 === 0 ? Number.NaN : number % 6 },
      }),
    );
  }
  return store;
}

const orders = [
  [],
  ["startTime ASC"],
  ["name DESC"],
  ["metrics.m DESC"],
  ["metrics.m ASC"],
  ["params.p ASC"],
  ["params.p DESC", "name ASC"],
];
const filters = [
  "",
  "params.p = 'word'",
  "metrics.m > 2",
  "name RLIKE '[1-3]'",
  "params.p = '2' OR params.p = '4'",
  "tags.t = '0' OR params.p = '2'",
];

test.each(STORES)(
  "several experiments are one list, in the order of all that there is: %s",
  async (kind) => {
    const store = await filled(kind);
    for (const orderBy of orders) {
      for (const filter of filters) {
        const query = {
          lifecycle: "active",
          where: parseFilter("run", filter),
          order: parseOrder("run", orderBy),
        } as const;
        const all = await whole(store, { ...query, experimentIds: [], limit: 1_000 });
        const wanted = all.filter(({ experimentId }) => HALF.includes(experimentId));
        const found = await whole(store, {
          ...query,
          experimentIds: [...HALF, "1", "none"],
          limit: 13,
        });
        expect(found.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
        expect(await store.runs.count({ ...query, experimentIds: HALF })).toBe(wanted.length);
      }
    }
  },
);

test.each(STORES)("more experiments than are merged are one list, too: %s", async (kind) => {
  const store = await filled(kind);
  const many = [...HALF, ...Array.from({ length: 60 }, (_, index) => `none ${index}`)];
  const query = { lifecycle: "active", where: [], order: [], limit: 13 } as const;
  expect(await whole(store, { ...query, experimentIds: many })).toEqual(
    await whole(store, { ...query, experimentIds: HALF }),
  );
});

test.each(STORES)(
  "traces of several experiments are listed, counted and summed up together: %s",
  async (kind) => {
    const store = await filled(kind);
    for (let number = 1; number <= 30; number += 1) {
      store.journal.appendSpan(
        aSpan({
          traceId: hexId(number),
          experimentId: String((number % 3) + 1),
          startTime: number,
          endTime: number + (number % 8),
        }),
      );
    }
    await store.journal.flush();
    const of = { experimentIds: HALF, where: [] };
    const longest = await store.traces.search({
      ...of,
      limit: 4,
      order: parseOrder("trace", ["durationMs DESC"]),
    });
    expect(longest.items.map(({ startTime }) => startTime)).toEqual([23, 15, 30, 14]);
    expect(await store.traces.count(of)).toBe(20);
    const sums = await store.traces.aggregate({ ...of, groupBy: ["experimentId"] });
    expect(sums.map(({ group, count }) => [group, count])).toEqual([
      [{ experimentId: "1" }, 10],
      [{ experimentId: "3" }, 10],
    ]);
  },
);

import type { Store } from "@rivulet/core";
import { aSpan, hexId } from "@rivulet/core/testing";
import { expect, test, vi } from "vitest";
import { createRandom, hasWord, naive, someQuery, someSpans } from "../store/random-texts.ts";
import { ask } from "./ask.ts";
import { openedPostgres } from "./store.ts";
import { aStoreUrl } from "./store-url.ts";

async function find(store: Store, query: string): Promise<readonly string[]> {
  const field = { kind: "attribute", key: "text" } as const;
  const where = [{ field, operator: "MATCH", value: query }] as const;
  const page = await store.traces.search({ experimentIds: [], where, order: [], limit: 1_000 });
  return page.items.map(({ id }) => id).sort();
}

function schemaOf(url: string): string {
  return new URL(url).searchParams.get("schema") ?? "";
}

/** Resolves when the index of words knows all traces. */
async function indexed(url: string): Promise<void> {
  const waiting = `SELECT trace_id FROM ${schemaOf(url)}.unindexed`;
  await vi.waitFor(async () => expect(await ask(url, waiting)).toEqual([]), {
    timeout: 20_000,
    interval: 100,
  });
}

async function take(store: Store, spans: readonly ReturnType<typeof aSpan>[]): Promise<void> {
  for (const span of spans) store.journal.appendSpan(span);
  await store.journal.flush();
}

test("finds what is there, whatever it is, before it is indexed and after, and when half of it is", async () => {
  const random = createRandom(11);
  const spans = someSpans(random, 10);
  const queries = Array.from({ length: 60 }, () => someQuery(random)).filter(hasWord);
  const url = await aStoreUrl();
  const { store } = await openedPostgres(url);
  const half = spans.slice(0, spans.length / 2);
  const compare = async (all: typeof spans): Promise<void> => {
    for (const query of queries) {
      expect([query, await find(store, query)]).toEqual([query, naive(all, query)]);
    }
  };
  await take(store, half);
  expect(await store.traces.countUnindexed()).toBe(10);
  await compare(half);
  await indexed(url);
  expect(await store.traces.countUnindexed()).toBe(0);
  await compare(half);
  await take(store, spans.slice(half.length));
  await compare(spans);
  await indexed(url);
  await compare(spans);
});

test("words are looked up in an index, and leave it with their trace", async () => {
  const url = await aStoreUrl();
  const { store } = await openedPostgres(url);
  await take(store, [aSpan({ name: "gone" }), aSpan({ traceId: hexId(2), name: "stays" })]);
  await indexed(url);
  const words = `${schemaOf(url)}.trace_words`;
  // Of two rows the server would read both.
  const planner = new URL(url);
  planner.searchParams.set("options", "-c enable_seqscan=off");
  const [plan] = await ask(
    planner.href,
    `EXPLAIN (FORMAT JSON) SELECT trace_id FROM ${words} WHERE words @@ CAST('''stays'':*' AS TSQUERY)`,
  );
  expect(JSON.stringify(plan)).toContain('"Index Name":"trace_words_words"');
  await store.traces.delete([hexId(1)]);
  expect(await ask(url, `SELECT trace_id FROM ${words}`)).toEqual([{ trace_id: hexId(2) }]);
  expect(await find(store, "stays")).toEqual([hexId(2)]);
  expect(await find(store, "gone")).toEqual([]);
});

test("several processes index together", async () => {
  const url = await aStoreUrl();
  const { store: first } = await openedPostgres(url);
  const { store: second } = await openedPostgres(url);
  const spans = Array.from({ length: 300 }, (_, place) =>
    aSpan({ traceId: hexId(place + 1), name: `word${place} all` }),
  );
  await Promise.all([take(first, spans.slice(0, 150)), take(second, spans.slice(150))]);
  await indexed(url);
  expect(await find(first, "word299")).toEqual([hexId(300)]);
  expect((await find(second, "all")).length).toBe(300);
});

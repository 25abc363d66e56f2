import type { FilterClause, StringMap } from "@rivulet/core";
import { aModel, aRun, aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { openedPostgres } from "./store.ts";
import { aStoreUrl } from "./store-url.ts";

/** What PostgreSQL keeps in no text, or reads in no JSON; what stands for it; and what looks like that. */
const TEXTS = [
  "a NUL \0 in the middle",
  "\0",
  "half a pair \ud83d",
  "\ude00 the other half",
  "\ude00\ud83d",
  "a whole pair 😀",
  "\\u0000",
  "\\\\u0000",
  "\\\0",
  "\ufdd00000",
  "\ufdd1d83d",
  "\ufdd0\ufdd1\0",
  "\\ud83d\\ude00",
];

test.each(TEXTS)("%j comes back as it was, and is found by itself alone", async (text) => {
  const { store } = await openedPostgres(await aStoreUrl());
  for (const [index, own] of TEXTS.entries()) {
    const map: StringMap = { [own]: own };
    await store.runs.create(aRun({ id: hexId(index + 1), name: own, params: map, tags: map }));
  }
  const id = hexId(TEXTS.indexOf(text) + 1);
  const run = await store.runs.get(id);
  expect(run).toMatchObject({ name: text, params: { [text]: text }, tags: { [text]: text } });
  const clauses: readonly FilterClause[] = [
    { field: { kind: "attribute", key: "name" }, operator: "=", value: text },
    { field: { kind: "tag", key: text }, operator: "IN", value: [text] },
    { field: { kind: "param", key: text }, operator: "=", value: text },
  ];
  for (const clause of clauses) {
    const query = { where: [clause], order: [], limit: 10, experimentIds: [] };
    const { items } = await store.runs.search({ ...query, lifecycle: "active" });
    expect(items.map((found) => found.id)).toEqual([id]);
  }
});

test("no span hinders the search in others, whatever is in it", async () => {
  const { store } = await openedPostgres(await aStoreUrl());
  for (const [index, text] of TEXTS.entries()) {
    const traceId = hexId(index + 1);
    const attributes = { [text]: text, number: index, same: "yes", list: [text], [`${text}2`]: {} };
    store.journal.appendSpan({
      ...aSpan({ traceId, attributes, input: { text }, output: text }),
      trace: { metadata: { [text]: text, "as number": String(index) } },
    });
  }
  await store.journal.flush();
  const find = async (clause: FilterClause): Promise<readonly string[]> => {
    const query = { where: [clause], order: [], limit: 100, experimentIds: [] };
    return (await store.traces.search(query)).items.map(({ id }) => id).sort();
  };
  for (const [index, text] of TEXTS.entries()) {
    const only = [hexId(index + 1)];
    const [span] = await store.traces.loadSpans(hexId(index + 1));
    expect(span).toMatchObject({ input: { text }, output: text, attributes: { [text]: text } });
    const attribute = { kind: "span", key: `attributes.${text}` } as const;
    expect(await find({ field: attribute, operator: "=", value: text })).toEqual(only);
    const metadata = { kind: "metadata", key: text } as const;
    expect(await find({ field: metadata, operator: "=", value: text })).toEqual(only);
  }
  const number = { kind: "span", key: "attributes.number" } as const;
  expect(await find({ field: number, operator: ">=", value: TEXTS.length - 1 })).toHaveLength(1);
  const same = { kind: "span", key: "attributes.same" } as const;
  expect(await find({ field: same, operator: "=", value: "yes" })).toHaveLength(TEXTS.length);
});

test("the longest tags are kept, and found by all of their text", async () => {
  const { store } = await openedPostgres(await aStoreUrl());
  const key = "漢".repeat(250);
  const value = "😀".repeat(4_000);
  const name = "字".repeat(250);
  await store.models.create(aModel({ name, tags: { [key]: value } }));
  await store.models.create(aModel({ name: "other", tags: { [key]: `${value.slice(2)}x` } }));
  const { items } = await store.models.search({
    limit: 10,
    order: [],
    where: [{ field: { kind: "tag", key }, operator: "=", value }],
  });
  expect(items.map((model) => model.name)).toEqual([name]);
});

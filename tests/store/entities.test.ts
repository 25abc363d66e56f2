import * as schemas from "@rivulet/core";
import { parseFilter, parseOrder } from "@rivulet/core";
import { aSpan, BUILT_AT } from "@rivulet/core/testing";
import {
  DECLARED_TABLES,
  ENTITIES,
  type Entity,
  type Lookup,
  type SearchEntity,
} from "@rivulet/domain/entities";
import { declaredTable, entityRows } from "@rivulet/store/sql";
import { expect, test } from "vitest";
import { aBackend, aDatabase, take } from "./a-backend.ts";

const ALL = Object.entries(ENTITIES) as readonly [SearchEntity, Entity][];
const EVERYTHING = { where: [], order: [], limit: 10 };

/** A value that suits a field in a filter. */
function valueFor(entity: Entity, field: string): string {
  const [word] = entity.words?.[field] ?? [];
  if (word !== undefined) return `'${word.toUpperCase()}'`;
  return entity.columns[field]?.startsWith("text") || isText(entity, field) ? "'x'" : "1";
}

/** Whether it is text that is put together for searches and has no order. */
function isText({ texts = [] }: Entity, field: string): boolean {
  return texts.some((text) => text === field);
}

/** Every way in which a field of the entity itself can be named. */
function fieldsOf(entity: Entity): readonly string[] {
  const fields = [...entity.searched, ...Object.keys(entity.intervals ?? {})];
  return [...fields, ...(entity.texts ?? []), ...Object.keys(entity.aliases)];
}

/** Every way in which a key can be named, with a value that suits it. */
function keysOf({ lookups }: Entity): readonly { readonly path: string; readonly value: string }[] {
  return Object.values(lookups).flatMap((lookup) => {
    const { prefixes, keys = ["a"], fields = {} } = lookup;
    return prefixes.flatMap((prefix) =>
      [...keys, ...Object.keys(fields)].map((key) => ({
        path: `${prefix}.${key.endsWith(".") ? `${key}a` : key}`,
        value: valueUnder(lookup, key),
      })),
    );
  });
}

function valueUnder({ type, numbers = [], words }: Lookup, key: string): string {
  if (type === "number" || numbers.includes(key)) return "= 1";
  return `= '${words?.[key]?.[0] ?? "x"}'`;
}

test.each(ALL)("whatever filters of %s can name is found in SQL", async (name, entity) => {
  const database = await aDatabase();
  const rows = entityRows<object>(entity);
  const filters = [
    ...fieldsOf(entity).map(
      (field) => `\`${field}\` = ${valueFor(entity, entity.aliases[field] ?? field)}`,
    ),
    ...keysOf(entity).map(({ path, value }) => `${path} ${value}`),
  ].map((filter) => filter.replace(/(`text`|`anyText`|content) =/, "$1 LIKE"));
  for (const filter of filters) {
    const search = rows.search(database, {
      query: { ...EVERYTHING, where: parseFilter(name, filter) },
    });
    await expect(search, filter).resolves.toEqual({ items: [] });
  }
});

test.each(ALL)("whatever orders of %s can name is sorted by in SQL", async (name, entity) => {
  const database = await aDatabase();
  const rows = entityRows<object>(entity);
  const isSpecial = (field: string): boolean => isText(entity, entity.aliases[field] ?? field);
  const sorted = fieldsOf(entity).filter((field) => !isSpecial(field));
  for (const field of sorted) {
    const order = parseOrder(name, [`\`${field}\` DESC`]);
    await expect(
      rows.search(database, { query: { ...EVERYTHING, order } }),
      field,
    ).resolves.toBeDefined();
  }
  for (const { prefixes } of Object.values(entity.lookups)) {
    const term = `${prefixes[0]}.name`;
    // A trace has many spans, and a run may have many datasets.
    if (prefixes[0] === "span" || prefixes[0] === "dataset")
      expect(() => parseOrder(name, [term])).toThrow("orderBy cannot use");
    else await rows.search(database, { query: { ...EVERYTHING, order: parseOrder(name, [term]) } });
  }
  for (const field of entity.texts ?? []) {
    expect(() => parseOrder(name, [field])).toThrow("orderBy cannot use");
  }
});

test.each(ALL)("searched fields, aliases, order and key of %s are declared", (_, entity) => {
  const columns = Object.keys({ ...entity.columns, ...entity.extra });
  const { searched: fields, intervals = {}, texts = [] } = entity;
  const searched = [...fields, ...Object.keys(intervals), ...texts];
  const bare = (term: string): string => term.replace("-", "");
  expect(columns).toEqual(expect.arrayContaining([...entity.searched, ...entity.key]));
  expect(searched).toEqual(expect.arrayContaining(Object.values(entity.aliases)));
  expect(columns).toEqual(expect.arrayContaining(entity.order.map(bare)));
  // An order is total only when it ends in the key.
  expect(entity.order.map(bare)).toEqual(expect.arrayContaining([...entity.key]));
  expect(Object.keys(entity.aliases).every((alias) => alias === alias.toLowerCase())).toBe(true);
});

/** The fields of an object's schema, which may be made when it is first used. */
function shapeOf(schema: unknown): object {
  const given = schema as { readonly shape?: object; readonly unwrap?: () => { shape: object } };
  return given.shape ?? given.unwrap?.().shape ?? {};
}

test("every property of a record has a column, or is put together from elsewhere", () => {
  const elsewhere: Readonly<Record<string, readonly string[]>> = {
    experiment: ["tags"],
    run: ["metrics", "params", "tags"],
    loggedModel: ["metrics", "params", "tags"],
    model: ["aliases", "latestVersion", "tags"],
    modelVersion: ["aliases", "tags"],
    prompt: ["aliases", "tags"],
    promptVersion: ["aliases", "tags"],
    trace: ["durationMs", "tags", "usage"],
    dataset: ["tags"],
    evaluation: [],
    view: [],
    webhook: ["isSigned"],
  };
  const schemaOf = (name: string): unknown =>
    (schemas as Readonly<Record<string, unknown>>)[
      { model: "registeredModelSchema", prompt: "promptEntrySchema" }[name] ?? `${name}Schema`
    ];
  for (const [name, { columns }] of ALL) {
    const without = Object.keys(shapeOf(schemaOf(name))).filter(
      (property) => !Object.hasOwn(columns, property),
    );
    expect(without.sort(), name).toEqual(elsewhere[name]);
  }
});

test("no two declarations share a table, and no table has a column twice", () => {
  const tables = DECLARED_TABLES.map(declaredTable);
  expect(new Set(tables.map(({ name }) => name)).size).toBe(tables.length);
  for (const [index, { columns }] of tables.entries()) {
    const declared = DECLARED_TABLES[index];
    const fields = Object.keys({ ...declared?.columns, ...declared?.extra });
    expect(Object.keys(columns)).toHaveLength(fields.length);
  }
});

test("traces are found and sorted by each of their token counts", async () => {
  const backend = await aBackend();
  const usage = {
    inputTokens: 7,
    outputTokens: 6,
    totalTokens: 13,
    cacheReadTokens: 5,
    cacheWriteTokens: 4,
    reasoningTokens: 3,
    cacheWrite1hTokens: 2,
    audioInputTokens: 1,
    audioOutputTokens: 9,
    imageInputTokens: 8,
    imageOutputTokens: 10,
  };
  await take(
    backend,
    aSpan({ usage }),
    aSpan({ traceId: "b".repeat(32), startTime: BUILT_AT + 1 }),
  );
  for (const [field, tokens] of Object.entries(usage)) {
    const query = { ...EVERYTHING, experimentIds: [] };
    const where = parseFilter("trace", `${field} = ${tokens}`);
    const found = await backend.entities.traces.search({ ...query, where });
    expect(found.items.map((trace) => trace.usage)).toEqual([usage]);
    const order = parseOrder("trace", [field]);
    const sorted = await backend.entities.traces.search({ ...query, order });
    expect(sorted.items.map((trace) => trace.usage)).toEqual([usage, {}]);
  }
});

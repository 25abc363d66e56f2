import { aSpan, hexId } from "@rivulet/core/testing";
import { type Database, migrate, SCHEMA, type Schema, type Table } from "@rivulet/store/sql";
import { openSqlite } from "@rivulet/store/sqlite";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { aDatabase, type Backend, backendOver, backendsOf, take } from "./a-backend.ts";
import { openedNew } from "./folder.ts";
import { createRandom, hasWord, naive, someQuery, someSpans } from "./random-texts.ts";

/** Longer than a trace has to rest before it is indexed. */
const REST_MS = 2_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  return () => void vi.useRealTimers();
});

/** A database in which no other work lags behind the rows. */
async function onlyIndexed(): Promise<Database> {
  const database = await aDatabase();
  return { ...database, dialect: { ...database.dialect, rollsUp: false } };
}

/** Everything that has rested is indexed. Returns the number of steps. */
async function index({ backgroundStep }: Backend): Promise<number> {
  vi.setSystemTime(Date.now() + REST_MS);
  let steps = 0;
  while ((await backgroundStep?.()) === "more") steps += 1;
  return steps;
}

type Traces = Pick<Backend["entities"], "traces">;

async function find({ traces }: Traces, query: string, limit = 1_000): Promise<readonly string[]> {
  const field = { kind: "attribute", key: "text" } as const;
  const where = [{ field, operator: "MATCH", value: query }] as const;
  const page = await traces.search({ experimentIds: [], where, order: [], limit });
  return page.items.map(({ id }) => id).sort();
}

async function waiting(database: Database): Promise<readonly unknown[]> {
  const rows = await database.all("SELECT trace_id FROM unindexed ORDER BY trace_id");
  return rows.map((row) => row["trace_id"]);
}

test("finds what is there, whatever it is, before it is indexed and after, and when half of it is", async () => {
  const random = createRandom(7);
  const spans = someSpans(random, 12);
  const queries = Array.from({ length: 60 }, () => someQuery(random)).filter(hasWord);
  const database = await aDatabase();
  const backend = backendOver(database);
  const { store: memory } = await openedNew("memory");
  for (const span of spans) memory.journal.appendSpan(span);
  await memory.journal.flush();

  const half = spans.slice(0, spans.length / 2);
  await take(backend, ...half);
  for (const query of queries) {
    expect([query, await find(backend.entities, query)]).toEqual([query, naive(half, query)]);
  }
  await index(backend);
  expect(await waiting(database)).toEqual([]);
  for (const query of queries) {
    expect([query, await find(backend.entities, query)]).toEqual([query, naive(half, query)]);
  }
  await take(backend, ...spans.slice(half.length));
  for (const query of queries) {
    expect([query, await find(backend.entities, query)]).toEqual([query, naive(spans, query)]);
  }
  await index(backend);
  for (const query of queries) {
    const found = await find(backend.entities, query);
    expect([query, found]).toEqual([query, naive(spans, query)]);
    expect([query, found]).toEqual([query, await find(memory, query)]);
  }
});

test("a trace that was recorded before the clock was set back is indexed", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  const now = Date.now();
  vi.setSystemTime(now + 30 * 86_400_000);
  await take(backend, aSpan({ input: "tomorrow" }));
  vi.setSystemTime(now);
  await index(backend);
  expect(await waiting(database)).toEqual([]);
  expect(await find(backend.entities, "tomorrow")).toEqual([hexId(1)]);
});

test("a trace is indexed once it has rested, however much of it comes before", async () => {
  const database = await onlyIndexed();
  const backend = backendOver(database);
  for (const [place, name] of ["one", "two", "three"].entries()) {
    vi.setSystemTime(Date.now() + 500);
    await take(backend, aSpan({ id: hexId(place + 1, 16), name }));
    expect(await backend.backgroundStep?.()).toBe("later");
  }
  expect(await find(backend.entities, "one two three")).toEqual([hexId(1)]);
  expect(await backend.entities.traces.countUnindexed()).toBe(1);
  expect(await index(backend)).toBe(1);
  expect(await backend.entities.traces.countUnindexed()).toBe(0);
  expect(await backend.backgroundStep?.()).toBe("done");
  expect(await find(backend.entities, "one two three")).toEqual([hexId(1)]);
});

test("a long trace rests longer: one that grows slowly is not read for each of its spans", async () => {
  const database = await onlyIndexed();
  const backend = backendOver(database);
  await take(
    backend,
    ...Array.from({ length: 500 }, (_, place) => aSpan({ id: hexId(place + 1, 16) })),
  );
  vi.setSystemTime(Date.now() + 5_000);
  expect(await backend.backgroundStep?.()).toBe("later");
  vi.setSystemTime(Date.now() + 1_000);
  expect(await backend.backgroundStep?.()).toBe("more");
  expect(await waiting(database)).toEqual([]);
});

test("what is said of a trace later is found, and what is no longer said is not", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  await take(backend, aSpan({ name: "before" }));
  await index(backend);
  await take(backend, aSpan({ name: "after" }));
  expect(await find(backend.entities, "before")).toEqual([]);
  expect(await find(backend.entities, "after")).toEqual([hexId(1)]);
  await index(backend);
  expect(await find(backend.entities, "before")).toEqual([]);
  expect(await find(backend.entities, "after")).toEqual([hexId(1)]);
});

test("why a span was abandoned is found", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  const { endTime: _, ...open } = aSpan({ status: "in_progress" });
  await backend.take({ records: [{ kind: "span", span: open }], owner: "o" });
  await index(backend);
  await backend.owners.release("o", { status: "killed", message: "gone" });
  expect(await find(backend.entities, "process ended")).toEqual([hexId(1)]);
  expect(await waiting(database)).toEqual([hexId(1)]);
});

test("a trace that is deleted leaves nothing in the index, nor among what waits for it", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  await take(backend, aSpan({ name: "gone" }), aSpan({ traceId: hexId(2), name: "stays" }));
  await index(backend);
  await take(backend, aSpan({ traceId: hexId(3), name: "gone" }));
  await backend.entities.traces.delete([hexId(1), hexId(3)]);
  expect(await waiting(database)).toEqual([]);
  expect(await database.all("SELECT trace_id FROM trace_docs")).toEqual([{ trace_id: hexId(2) }]);
  expect(await database.all("SELECT rowid FROM trace_words('gone')")).toEqual([]);
  expect(await find(backend.entities, "stays")).toEqual([hexId(2)]);
  expect(await database.findProblems()).toEqual([]);
});

test("what is written while a trace is being indexed is not lost", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  await take(backend, aSpan({ name: "first" }));
  vi.setSystemTime(Date.now() + REST_MS);
  // Comes between the reading of the texts and the writing of their words.
  let isBetween = true;
  const between = backendOver({
    ...database,
    async transaction(work) {
      if (isBetween) await take(backend, aSpan({ id: hexId(2, 16), name: "second" }));
      isBetween = false;
      return database.transaction(work);
    },
  });
  expect(await between.backgroundStep?.()).toBe("more");
  expect(await waiting(database)).toEqual([hexId(1)]);
  expect(await find(backend.entities, "first second")).toEqual([hexId(1)]);
  await index(backend);
  expect(await find(backend.entities, "first second")).toEqual([hexId(1)]);
});

test("several processes index together, and find everything at any time", async () => {
  const [first, second] = await backendsOf("a", "b");
  if (first === undefined || second === undefined) throw new Error("There are two.");
  const spans = Array.from({ length: 200 }, (_, place) =>
    aSpan({ traceId: hexId(place + 1), name: `word${place} all` }),
  );
  await take(first, ...spans.slice(0, 100));
  await take(second, ...spans.slice(100));
  vi.setSystemTime(Date.now() + REST_MS);
  let outcomes: readonly unknown[] = [];
  while (!outcomes.includes("done")) {
    outcomes = await Promise.all([first.backgroundStep?.(), second.backgroundStep?.()]);
    expect((await find(first.entities, "all")).length).toBe(200);
    expect(await find(second.entities, "word150")).toEqual([hexId(151)]);
  }
});

test("a trace with more words than an index takes is looked at every time", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  const many = Array.from({ length: 40_000 }, (_, place) => `w${place}rest`).join(" ");
  await take(backend, aSpan({ input: many }), aSpan({ traceId: hexId(2), name: "small" }));
  await index(backend);
  expect(await waiting(database)).toEqual([hexId(1)]);
  expect(await find(backend.entities, "w39999rest")).toEqual([hexId(1)]);
  expect(await find(backend.entities, "small")).toEqual([hexId(2)]);
  await take(backend, aSpan({ input: "few words now" }));
  await index(backend);
  expect(await waiting(database)).toEqual([]);
  expect(await find(backend.entities, "w39999rest")).toEqual([]);
});

test("a trace of many spans is read in parts", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  const spans = Array.from({ length: 700 }, (_, place) =>
    aSpan({ id: hexId(place + 1, 16), name: `span${place}`, startTime: 1_000 + (place % 7) }),
  );
  await take(backend, ...spans, aSpan({ traceId: hexId(2), name: "another" }));
  vi.setSystemTime(Date.now() + 7_000);
  await index(backend);
  expect(await waiting(database)).toEqual([]);
  for (const name of ["span0", "span127", "span128", "span699"]) {
    expect(await find(backend.entities, name)).toEqual([hexId(1)]);
    expect(await database.all("SELECT rowid FROM trace_words(?)", [name])).toHaveLength(1);
  }
  expect(await find(backend.entities, "another")).toEqual([hexId(2)]);
});

test("finds the same while so much waits for the index that it is walked", async () => {
  const random = createRandom(3);
  const spans = someSpans(random, 8);
  const database = await aDatabase();
  const backend = backendOver(database);
  await take(backend, ...spans.slice(0, 12));
  await index(backend);
  await take(backend, ...spans.slice(12));
  await database.insert(
    { table: "unindexed", columns: ["trace_id", "noted_us", "mark"] },
    Array.from({ length: 6_000 }, (_, place) => [`of others ${place}`, 0, 0]),
  );
  for (const query of Array.from({ length: 40 }, () => someQuery(random)).filter(hasWord)) {
    expect([query, await find(backend.entities, query)]).toEqual([query, naive(spans, query)]);
  }
});

/** What a schema was in its first version. */
function firstVersion({ tables, steps }: Schema): Schema {
  const isFirst = ({ added = {} }: Table, name: string): boolean => added[name] === undefined;
  return {
    tables: tables
      .filter(({ since = 1 }) => since === 1)
      .map((table) => ({
        ...table,
        columns: Object.fromEntries(
          Object.entries(table.columns).filter(([name]) => isFirst(table, name)),
        ),
        indexes: (table.indexes ?? []).filter(({ name }) => isFirst(table, name)),
        added: {},
      })),
    steps: { 1: steps[1] ?? (async () => undefined) },
  };
}

test("the traces of a store of an older release wait for the index", async () => {
  const database = openSqlite(":memory:");
  onTestFinished(() => database.close());
  await migrate(database, firstVersion(SCHEMA));
  await database.run(
    `INSERT INTO traces (id, experiment_id, name, status, start_us, metadata, span_count, error_count, prompts,
      touched_us, first_span_us, last_span_us) VALUES (?, '0', 'old', 'ok', 5, '{}', 1, 0, '[]', 5, 5, 5)`,
    [hexId(1)],
  );
  await database.run(
    `INSERT INTO spans (trace_id, id, experiment_id, name, type, status, start_us, body)
     VALUES (?, ?, '0', 'otter', 'chain', 'ok', 5, '{}')`,
    [hexId(1), hexId(1, 16)],
  );
  await migrate(database);
  expect(await waiting(database)).toEqual([hexId(1)]);
  const backend = backendOver(database);
  expect(await find(backend.entities, "otter")).toEqual([hexId(1)]);
  await index(backend);
  expect(await waiting(database)).toEqual([]);
  expect(await find(backend.entities, "otter")).toEqual([hexId(1)]);
});

test.each([
  ["newest first", []],
  ["by name", [{ field: { kind: "attribute", key: "name" }, descending: false }]],
  ["by a tag", [{ field: { kind: "tag", key: "t" }, descending: true }]],
] as const)("what is found is paged through %s, phrases too that few have", async (_, order) => {
  const random = createRandom(5);
  const backend = backendOver(await aDatabase());
  const spans = Array.from({ length: 400 }, (_, place) => ({
    ...aSpan({
      traceId: hexId(place + 1),
      name: `n${random(50)}`,
      startTime: 1_000 + random(100),
      input: random(10) === 0 ? "good morning" : "morning good",
    }),
    trace: { tags: random(3) === 0 ? {} : { t: String(random(9)) } },
  }));
  await take(backend, ...spans.slice(0, 350));
  await index(backend);
  await take(backend, ...spans.slice(350));
  const field = { kind: "attribute", key: "text" } as const;
  for (const query of ["good", '"good morning"', "nowhere"]) {
    const where = [{ field, operator: "MATCH", value: query }] as const;
    const asked = { experimentIds: ["0"], where, order, limit: 7 };
    const found: string[] = [];
    let page = await backend.entities.traces.search(asked);
    for (;;) {
      found.push(...page.items.map(({ id }) => id));
      if (page.nextPageToken === undefined) break;
      page = await backend.entities.traces.search({ ...asked, pageToken: page.nextPageToken });
    }
    const sorted = await backend.entities.traces.search({
      experimentIds: ["0"],
      where: [],
      order,
      limit: 1_000,
    });
    const wanted = new Set(naive(spans, query));
    expect(found).toEqual(sorted.items.map(({ id }) => id).filter((id) => wanted.has(id)));
    expect(await backend.entities.traces.count({ experimentIds: [], where })).toBe(wanted.size);
  }
});

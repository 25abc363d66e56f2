import type { JsonObject, Store } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";
import { Client } from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import { ask } from "./ask.ts";
import { startProxy } from "./proxy.ts";
import { serverUrl } from "./server-url.ts";
import { openedPostgres } from "./store.ts";
import { aStoreUrl, storeUrlAt } from "./store-url.ts";

const message = (index: number): JsonObject => ({ role: "user", content: `${index} `.repeat(300) });

/** Records the nth trace, with everything that a trace can have. */
function recordTrace(store: Store, n: number): void {
  const root = { trace: { sessionId: "s", tags: { a: "b" }, metadata: { c: 1 } } };
  for (let index = 1; index <= 10; index += 1) {
    store.journal.appendSpan({
      ...aSpan({
        traceId: hexId(n),
        id: hexId(index, 16),
        input: { messages: [message(n), message(index)] },
        usage: { totalTokens: 1 },
        prompts: [{ name: "greet", version: index }],
      }),
      ...(index === 1 ? root : { parentId: hexId(1, 16) }),
    });
  }
}

test("the round trips of a batch do not depend on how many spans are in it", async () => {
  const proxy = await startProxy(await serverUrl());
  const { store } = await openedPostgres(storeUrlAt(proxy.url));
  const roundTripsOf = async (first: number, last: number): Promise<number> => {
    const before = proxy.roundTrips();
    for (let n = first; n <= last; n += 1) recordTrace(store, n);
    await store.journal.flush();
    return proxy.roundTrips() - before;
  };
  await roundTripsOf(1, 1);
  const few = await roundTripsOf(2, 2);
  const many = await roundTripsOf(3, 22);
  expect((await store.traces.get(hexId(22)))?.spanCount).toBe(10);
  expect(few).toBeGreaterThan(3);
  // They may have come as two batches, or three.
  expect(many).toBeLessThanOrEqual(few * 3);
});

/** Lets the first two writes into a table fail with an SQLSTATE. */
async function failTwice(url: string, table: string, state: string): Promise<void> {
  const schema = new URL(url).searchParams.get("schema");
  // What a sequence has given is not taken back when a transaction is undone.
  await ask(url, `CREATE SEQUENCE ${schema}.tries`);
  await ask(
    url,
    `CREATE FUNCTION ${schema}.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       IF nextval('${schema}.tries') < 3 THEN
         RAISE EXCEPTION 'as if others were in the way' USING ERRCODE = '${state}';
       END IF;
       RETURN NULL;
     END $$`,
  );
  await ask(
    url,
    `CREATE TRIGGER failing AFTER INSERT ON ${schema}.${table}
       FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.fail()`,
  );
}

test.each([
  // Others were in the way.
  ...["40001", "40P01"],
  // The server ends the connection, or takes no more of them.
  ...["57P01", "57P02", "57P03", "57P05", "25P03", "53300", "08006"],
])("what fails with %s is done again, as a whole", async (state) => {
  const url = await aStoreUrl();
  const { store, errors } = await openedPostgres(url);
  await failTwice(url, "params", state);
  await store.runs.create(aRun({ params: { a: "1" }, tags: { b: "2" } }));
  expect(await store.runs.get(aRun().id)).toMatchObject({ params: { a: "1" }, tags: { b: "2" } });
  expect(errors).toEqual([]);
});

test.each(["40001", "40P01"])(
  "a batch of spans that fails with %s is taken once",
  async (state) => {
    const url = await aStoreUrl();
    const { store, errors } = await openedPostgres(url);
    await failTwice(url, "spans", state);
    for (let index = 1; index <= 20; index += 1) {
      const id = hexId(index, 16);
      store.journal.appendSpan(aSpan({ id, usage: { totalTokens: 1 } }));
    }
    await store.journal.flush();
    expect(await store.traces.get(aSpan().traceId)).toMatchObject({
      spanCount: 20,
      usage: { totalTokens: 20 },
    });
    expect(store.journal.stats()).toMatchObject({ dropped: 0, pendingBytes: 0 });
    expect(errors).toEqual([]);
  },
);

test("rows that others may write, too, are written in the order of their keys", async () => {
  const url = await aStoreUrl();
  const { store } = await openedPostgres(url);
  await store.runs.create(aRun({ params: { c: "3", a: "1", b: "2" } }));
  const schema = new URL(url).searchParams.get("schema");
  const rows = await ask(
    url,
    `SELECT k.key FROM ${schema}.params p JOIN ${schema}.run_keys k ON k.id = p.key ORDER BY p.ctid`,
  );
  expect(rows.map(({ key }) => key)).toEqual(["a", "b", "c"]);
});

test("runs that are made at once, by two engines, each have what they were given", async () => {
  const url = await aStoreUrl();
  const stores = [(await openedPostgres(url)).store, (await openedPostgres(url)).store];
  const ids = Array.from({ length: 30 }, (_, index) => hexId(index + 1));
  const made = ids.map((id, index) => {
    // Names that nobody has used yet.
    const names = [`a${index % 3}`, `b${index % 5}`, id];
    const params = Object.fromEntries(names.map((name) => [name, `${name} of ${id}`]));
    const metrics = Object.fromEntries(names.map((name, place) => [name, index + place]));
    return aRun({ id, params, metrics });
  });
  await Promise.all(made.map((run, index) => stores[index % 2]?.runs.create(run)));
  for (const run of made) {
    const { params, metrics } = run;
    expect(await stores[0]?.runs.get(run.id)).toMatchObject({ params, metrics });
  }
  const keys = await stores[1]?.runs.keys({ experimentIds: [] });
  expect(keys?.params.length).toBe(38);
  expect(keys?.metrics.length).toBe(38);
});

/** How many connections of a store wait for others. */
async function waitingOf(name: string): Promise<number> {
  const rows = await ask(
    await serverUrl(),
    "SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'",
    [name],
  );
  return rows.length;
}

test("a file is not removed while a record is being written that names it", async () => {
  const url = await aStoreUrl({ application_name: "keeps-files" });
  const { store } = await openedPostgres(url);
  const artifact = (fileId: string): Parameters<typeof store.artifacts.put>[0] => ({
    runId: aRun().id,
    path: "notes.txt",
    size: 5,
    sha256: fileId,
    contentType: "text/plain",
    createdAt: 1,
    fileId,
  });
  await store.runs.create(aRun());
  for (const id of ["first", "second"]) await store.files.write({ id, content: Buffer.from(id) });
  await store.artifacts.put(artifact("first"));

  const other = new Client({ connectionString: await serverUrl() });
  await other.connect();
  onTestFinished(() => other.end());
  await other.query(
    `BEGIN; SELECT 1 FROM ${new URL(url).searchParams.get("schema")}.artifacts FOR UPDATE`,
  );
  const written = store.artifacts.put(artifact("second"));
  await vi.waitFor(async () => expect(await waitingOf("keeps-files")).toBe(1), { timeout: 10_000 });
  const removed = store.files.delete(["second"]);
  const isWaiting = vi.waitFor(async () => expect(await waitingOf("keeps-files")).toBe(2), {
    timeout: 10_000,
  });
  await Promise.race([removed, isWaiting]);
  await other.query("COMMIT");
  expect(await written).toBe("first");
  await removed;
  expect(Buffer.from((await store.files.read("second")) ?? []).toString()).toBe("second");
});

import { openStore, type Store } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aFolder } from "../store/folder.ts";
import { ask } from "./ask.ts";
import { serverUrl } from "./server-url.ts";
import { openedPostgres } from "./store.ts";
import { aStoreUrl } from "./store-url.ts";

function schemaOf(url: string): string {
  return new URL(url).searchParams.get("schema") ?? "";
}

/** Lets every write of spans fail with an SQLSTATE. Returns the way to end that. */
async function failWith(url: string, state: string): Promise<() => Promise<unknown>> {
  const schema = schemaOf(url);
  await ask(
    url,
    `CREATE FUNCTION ${schema}.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       RAISE EXCEPTION 'as if' USING ERRCODE = '${state}';
     END $$`,
  );
  await ask(
    url,
    `CREATE TRIGGER failing BEFORE INSERT ON ${schema}.spans EXECUTE FUNCTION ${schema}.fail()`,
  );
  return () => ask(url, `DROP TRIGGER failing ON ${schema}.spans`);
}

function record(store: Store, count: number): void {
  for (let index = 1; index <= count; index += 1) {
    store.journal.appendSpan(aSpan({ id: hexId(index, 16) }));
  }
}

/** What says that the database is read-only may be a server that another took over from: it is tried for as long. */
const SOON = { connectionTimeoutMs: "1000" };

test.each([
  ["53100", "a full disk", "store_unavailable"],
  ["25006", "a database set to read-only", "store_unavailable"],
  ["55P03", "a lock that is not had", "store_unavailable"],
  ["XX000", "a fault of the server's own", "store_unavailable"],
  ["42P01", "a table that is gone", "store_corrupt"],
  ["42501", "a right that was taken away", "permission_denied"],
] as const)(
  "records wait in the spool while writes fail with %s, as for %s",
  async (state, _, code) => {
    const url = await aStoreUrl(SOON);
    const { store } = await openedPostgres(url);
    const mend = await failWith(url, state);
    record(store, 10);
    await expect(store.journal.flush()).rejects.toMatchObject({
      code,
      message: expect.stringContaining("as if"),
    });
    expect(store.journal.stats()).toMatchObject({ dropped: 0 });
    await mend();
    await store.journal.flush();
    expect((await store.traces.get(aSpan().traceId))?.spanCount).toBe(10);
  },
);

test.each(["22003", "23514", "54000", "P0001"])(
  "a record that the database will never take costs no other: %s",
  async (state) => {
    const url = await aStoreUrl();
    const { store, errors } = await openedPostgres(url);
    const mend = await failWith(url, state);
    record(store, 3);
    await store.journal.flush();
    expect(store.journal.stats()).toMatchObject({ dropped: 3, pendingBytes: 0 });
    expect(errors.map(({ message }) => message)).toEqual([
      "A record was dropped because the database refused it: as if",
    ]);
    await mend();
    record(store, 3);
    await store.journal.flush();
    expect((await store.traces.get(aSpan().traceId))?.spanCount).toBe(3);
  },
);

test("a database that is set to be read-only is not written to, and can be read", async () => {
  const url = await aStoreUrl(SOON);
  await (await openedPostgres(url)).store.close();
  const readOnly = new URL(url);
  readOnly.searchParams.set("options", "-c default_transaction_read_only=on");
  const store = await openStore(readOnly.href, {
    spool: await aFolder(),
    onError: () => undefined,
  });
  await expect(store.runs.create(aRun())).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringContaining("default_transaction_read_only"),
  });
  expect(await store.runs.get(aRun().id)).toBeUndefined();
  await expect(store.close()).rejects.toMatchObject({ code: "store_unavailable" });
});

test("the schema of the URL is where the store is, whatever else is set", async () => {
  const url = await aStoreUrl({ options: "-c search_path=pg_temp" });
  await openedPostgres(url);
  const tables = "SELECT 1 AS is_there FROM pg_tables WHERE schemaname = $1 AND tablename = 'runs'";
  expect(await ask(await serverUrl(), tables, [schemaOf(url)])).toEqual([{ is_there: 1 }]);
});

test("a user of somebody else's schema is told what is missing, and needs no more than rows", async () => {
  const url = await aStoreUrl({ partitions: "day" });
  await (await openedPostgres(url)).store.close();
  const schema = schemaOf(url);
  await ask(url, `CREATE ROLE ${schema} LOGIN PASSWORD 'open'`);
  await ask(url, `GRANT CREATE ON DATABASE postgres TO ${schema}`);
  const own = Object.assign(new URL(url), { username: schema, password: "open" }).href;
  for (const readOnly of [false, true]) {
    await expect(openStore(own, { spool: await aFolder(), readOnly })).rejects.toMatchObject({
      code: "permission_denied",
      message: expect.stringContaining(`GRANT USAGE ON SCHEMA ${schema}`),
    });
  }
  await ask(url, `GRANT USAGE ON SCHEMA ${schema} TO ${schema}`);
  await expect(openStore(own, { spool: await aFolder() })).rejects.toMatchObject({
    code: "permission_denied",
    message: expect.stringContaining("rivulet_schema"),
  });
  const rights = "SELECT, INSERT, UPDATE, DELETE";
  await ask(url, `GRANT ${rights} ON ALL TABLES IN SCHEMA ${schema} TO ${schema}`);
  const { store, errors } = await openedPostgres(own);
  record(store, 3);
  await store.journal.flush();
  expect((await store.traces.get(aSpan().traceId))?.spanCount).toBe(3);
  expect(errors).toEqual([]);
});

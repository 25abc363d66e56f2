import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type PromptVersion } from "@rivulet/core";
import { aPromptVersion, aRun, aSpan, hexId } from "@rivulet/core/testing";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { aFolder } from "../store/folder.ts";
import { ask } from "./ask.ts";
import { type EmbeddedServer, makeServer } from "./embedded-server.ts";
import { startProxy } from "./proxy.ts";
import { serverUrl } from "./server-url.ts";
import { openedPostgres } from "./store.ts";
import { aStoreUrl, storeUrlAt } from "./store-url.ts";

/** A server that may be stopped. */
async function ownServer(): Promise<EmbeddedServer> {
  const server = await makeServer(await mkdtemp(join(tmpdir(), "rivulet-postgres-")));
  onTestFinished(() => server.remove());
  return server;
}

const span = (index: number): ReturnType<typeof aSpan> =>
  aSpan({ traceId: hexId(1), id: hexId(index, 16), usage: { totalTokens: 1 } });

test("a server that crashes and comes back is used on by itself, and nothing is lost", async () => {
  const server = await ownServer();
  const { store } = await openedPostgres(storeUrlAt(server.url));
  await store.runs.create(aRun({ id: hexId(1) }));
  store.journal.appendSpan(span(1));
  await store.journal.flush();

  await server.stop("immediate");
  store.journal.appendSpan(span(2));
  const created = store.runs.create(aRun({ id: hexId(2) }));
  await server.start();
  store.journal.appendSpan(span(3));

  await created;
  await store.journal.flush();
  expect((await store.runs.get(hexId(1)))?.id).toBe(hexId(1));
  expect((await store.runs.get(hexId(2)))?.id).toBe(hexId(2));
  expect(await store.traces.get(hexId(1))).toMatchObject({
    spanCount: 3,
    usage: { totalTokens: 3 },
  });
  expect(store.journal.stats()).toMatchObject({ appended: 3, dropped: 0, pendingBytes: 0 });
});

test("a server that has become a replica is left, so that the next connection finds the primary", async () => {
  const server = await ownServer();
  const url = storeUrlAt(server.url, { connectionTimeoutMs: "2000", application_name: "follows" });
  const { store } = await openedPostgres(url);
  const spool = await aFolder();
  await store.runs.create(aRun({ id: hexId(1) }));
  await server.restartAsReplica();

  const isReplica = expect.objectContaining({
    code: "store_unavailable",
    message: expect.stringContaining("is read-only"),
  });
  store.journal.appendSpan(span(1));
  await expect(store.runs.create(aRun({ id: hexId(2) }))).rejects.toEqual(isReplica);
  await expect(store.journal.flush()).rejects.toEqual(isReplica);
  await expect(openStore(storeUrlAt(url), { spool })).rejects.toEqual(isReplica);
  const left = await ask(
    server.url,
    "SELECT query FROM pg_stat_activity WHERE application_name = 'follows' AND query LIKE 'BEGIN%'",
  );
  expect(left).toEqual([]);

  const waiting = store.runs.create(aRun({ id: hexId(3) }));
  await ask(server.url, "SELECT pg_promote()");
  await waiting;
  await store.journal.flush();
  expect((await store.traces.get(hexId(1)))?.spanCount).toBe(1);
  const runs = await Promise.all([1, 2, 3].map((id) => store.runs.get(hexId(id))));
  expect(runs.map((run) => run?.id)).toEqual([hexId(1), undefined, hexId(3)]);
});

test("the spool keeps what is recorded while the server is away, for the next process too", async () => {
  const proxy = await startProxy(await serverUrl());
  const url = storeUrlAt(proxy.url, { connectionTimeoutMs: "1000" });
  const spool = await aFolder();
  const errors: Error[] = [];
  const store = await openStore(url, { spool, onError: (error) => errors.push(error) });
  proxy.close();
  for (let index = 1; index <= 500; index += 1) store.journal.appendSpan(span(index));
  await expect(store.runs.create(aRun())).rejects.toMatchObject({ code: "store_unavailable" });
  await expect(store.journal.flush()).rejects.toMatchObject({ code: "store_unavailable" });
  expect(store.journal.stats()).toMatchObject({ appended: 500, dropped: 0, medium: "spool" });
  expect(store.journal.stats().pendingBytes).toBeGreaterThan(10_000);
  await store.close().catch(() => undefined);
  expect(errors.map((error) => error.message).join()).not.toContain("dropped");

  proxy.restore();
  const { store: next } = await openedPostgres(url, { spool });
  await next.journal.flush();
  expect((await next.traces.get(hexId(1)))?.spanCount).toBe(500);
});

test("connections that are ended in the middle of the work lose nothing, and count nothing twice", async () => {
  const url = await aStoreUrl({ application_name: "often-ended" });
  const { store } = await openedPostgres(url);
  const calls: Promise<PromptVersion>[] = [];
  for (let index = 1; index <= 300; index += 1) {
    store.journal.appendSpan(span(index));
    const call = store.prompts.addVersion(aPromptVersion({ contentHash: String(index) }));
    // What becomes of it is looked at when all are over.
    call.catch(() => undefined);
    calls.push(call);
    if (index % 30 !== 0) continue;
    await calls[index - 20]?.catch(() => undefined);
    await ask(
      await serverUrl(),
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1",
      ["often-ended"],
    );
  }
  const outcomes = await Promise.allSettled(calls);
  const added = outcomes.flatMap((call) => (call.status === "fulfilled" ? [call.value] : []));
  const refused = outcomes.flatMap((call) => (call.status === "rejected" ? [call.reason] : []));
  // A connection may break while a change is being committed: that is the one thing that nobody can know.
  for (const reason of refused) expect(reason).toMatchObject({ details: { outcome: "unknown" } });
  await store.journal.flush();
  expect(await store.traces.get(hexId(1))).toMatchObject({
    spanCount: 300,
    usage: { totalTokens: 300 },
  });
  const { name } = aPromptVersion();
  const latest = (await store.prompts.get(name))?.latestVersion ?? 0;
  const { items } = await store.prompts.listVersions({ name, limit: 1000 });
  expect(items.map(({ version }) => version)).toEqual(
    Array.from({ length: latest }, (_, index) => latest - index),
  );
  expect(new Set(added.map(({ version }) => version)).size).toBe(added.length);
  expect(latest).toBeGreaterThanOrEqual(added.length);
  expect(latest).toBeLessThanOrEqual(calls.length);
});

test("a change whose COMMIT was not answered is said to be uncertain; spans are not concerned", async () => {
  const proxy = await startProxy(await serverUrl());
  const { store, errors } = await openedPostgres(storeUrlAt(proxy.url));
  const cut = proxy.cutAtCommit("cut here");
  await expect(store.runs.create(aRun({ name: "cut here" }))).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringContaining("Its outcome is unknown"),
    details: { outcome: "unknown" },
  });
  await cut;
  expect((await store.runs.get(aRun().id))?.name).toBe("cut here");

  const cutAgain = proxy.cutAtCommit("cut there");
  store.journal.appendSpan({ ...span(1), name: "cut there" });
  await cutAgain;
  await store.journal.flush().catch(() => store.journal.flush());
  expect(await store.traces.get(hexId(1))).toMatchObject({
    spanCount: 1,
    usage: { totalTokens: 1 },
  });
  expect(store.journal.stats()).toMatchObject({ appended: 1, dropped: 0, pendingBytes: 0 });
  expect(errors.map(({ message }) => message).join()).not.toContain("dropped");
});

test("a connection on which the server has fallen silent is given up, and the work done on another", async () => {
  const proxy = await startProxy(await serverUrl());
  const limits = { statementTimeoutMs: "500", connectionTimeoutMs: "2000" };
  const { store } = await openedPostgres(storeUrlAt(proxy.url, limits));
  await store.runs.create(aRun());
  proxy.silenceAt("fallen silent");
  const run = await store.runs.update({ id: aRun().id, name: "fallen silent" });
  expect(run.name).toBe("fallen silent");
});

test("records wait in the spool for longer than the server lets a table be waited for", async () => {
  const url = await aStoreUrl({ options: "-c lock_timeout=100" });
  const { store } = await openedPostgres(url);
  const holder = new Client({ connectionString: await serverUrl() });
  await holder.connect();
  await holder.query(`BEGIN; LOCK TABLE ${new URL(url).searchParams.get("schema")}.spans`);
  store.journal.appendSpan(span(1));
  await expect(store.journal.flush()).rejects.toMatchObject({ code: "store_unavailable" });
  await holder.end();
  await store.journal.flush();
  expect((await store.traces.get(hexId(1)))?.spanCount).toBe(1);
  expect(store.journal.stats()).toMatchObject({ appended: 1, dropped: 0 });
});

test("a connection that has lost its prepared statements is replaced, and no record with it", async () => {
  const proxy = await startProxy(await serverUrl());
  const { store } = await openedPostgres(storeUrlAt(proxy.url));
  store.journal.appendSpan(span(1));
  await store.journal.flush();
  proxy.forgetStatements();
  store.journal.appendSpan(span(2));
  await store.journal.flush();
  expect((await store.traces.get(hexId(1)))?.spanCount).toBe(2);
  expect(store.journal.stats()).toMatchObject({ appended: 2, dropped: 0 });
});

test("a statement that takes too long is cancelled, and says what to do", async () => {
  const url = await aStoreUrl({ statementTimeoutMs: "1000" });
  const { store } = await openedPostgres(url);
  await store.runs.create(aRun());
  const schema = new URL(url).searchParams.get("schema");
  const holder = new Client({ connectionString: await serverUrl() });
  await holder.connect();
  await holder.query(`BEGIN; SELECT 1 FROM ${schema}.runs FOR UPDATE`);
  await expect(store.runs.update({ id: aRun().id, name: "new" })).rejects.toMatchObject({
    code: "limit_exceeded",
    message: expect.stringContaining("statementTimeoutMs"),
  });
  await holder.end();
  expect(await store.runs.update({ id: aRun().id, name: "new" })).toMatchObject({ name: "new" });
});

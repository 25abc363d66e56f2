import { renameSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStore, type StoreChange } from "@rivulet/core";
import { anExperiment, aRun, aSpan, hexId } from "@rivulet/core/testing";
import { describe, expect, test, vi } from "vitest";
import { aFolder, opened } from "./folder.ts";
import { watchWorkers } from "./workers.ts";

test("fifty clients of one thread on one path share one engine, which the last one closes", async () => {
  const workers = watchWorkers();
  const url = `sqlite:${join(await aFolder(), "shared.db")}`;
  const clients = await Promise.all(Array.from({ length: 50 }, () => openStore(url)));
  expect(workers).toHaveLength(2);
  expect(new Set(clients.map(({ owner }) => owner)).size).toBe(1);

  const [last, ...others] = clients;
  await Promise.all(others.map((client) => client.close()));
  await last?.runs.create(aRun());
  expect(workers.map(({ threadId }) => threadId)).not.toContain(-1);
  await last?.close();
  expect(workers.map(({ threadId }) => threadId)).toEqual([-1, -1]);
});

describe.each(["sqlite", "json"])("clients of one %s: store", (scheme) => {
  const url = async (): Promise<string> => `${scheme}:${join(await aFolder(), "shared")}`;

  test("see what the others write, and are told of it", async () => {
    const place = await url();
    const { store: one } = await opened(place);
    const { store: other } = await opened(place);
    const told: StoreChange[] = [];
    other.subscribe((change) => told.push(change));
    await one.experiments.create(anExperiment({ id: "7", name: "seven" }));
    expect((await other.experiments.get("7"))?.name).toBe("seven");
    expect(told).toEqual([{ entity: "experiment", ids: ["7"] }]);
  });

  test("one that fails in its onJournal is none: the last of the others closes the engine", async () => {
    const place = await url();
    const { store } = await opened(place);
    const onJournal = (): void => {
      throw new Error("no journal is wanted here");
    };
    await expect(openStore(place, { onJournal })).rejects.toThrow("no journal is wanted here");
    await store.close();
    const { store: next } = await opened(place);
    expect(next.owner).not.toBe(store.owner);
  });

  test("are closed one by one: the others go on", async () => {
    const place = await url();
    const { store: one } = await opened(place);
    const { store: other, errors } = await opened(place);
    const told: StoreChange[] = [];
    one.subscribe((change) => told.push(change));
    one.journal.appendSpan(aSpan({ traceId: hexId(1) }));
    await one.close();
    await one.close();

    await expect(one.runs.get(hexId(1))).rejects.toMatchObject({ code: "closed" });
    expect(one.journal.appendSpan(aSpan({ traceId: hexId(2) }))).toBe(false);
    expect(one.journal.stats().dropped).toBe(1);
    expect((await other.traces.get(hexId(1)))?.spanCount).toBe(1);
    await other.runs.create(aRun());
    other.journal.appendSpan(aSpan({ traceId: hexId(3) }));
    await other.journal.flush();
    expect((await other.traces.get(hexId(3)))?.spanCount).toBe(1);
    expect(other.journal.stats().dropped).toBe(0);
    expect(told).toEqual([]);
    expect(errors).toEqual([]);
  });

  test("that open it while it is being closed get a new engine", async () => {
    const place = await url();
    const { store: before } = await opened(place);
    await before.runs.create(aRun());
    const closing = before.close();
    const { store: after } = await opened(place);
    await closing;
    expect(after.owner).not.toBe(before.owner);
    expect((await after.runs.get(aRun().id))?.id).toBe(aRun().id);
  });

  test("are told which of their options have no effect, once", async () => {
    const place = await url();
    await opened(place, { durability: "span" });
    const { errors } = await opened(place, { durability: "tick", journalBytes: 1_000 });
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/durability "span".*"tick" has no effect/),
      expect.stringMatching(/journalBytes left out.*1000 has no effect/),
    ]);
    const { errors: again } = await opened(place, { durability: "tick" });
    const { errors: same } = await opened(place, { durability: "span" });
    const { errors: none } = await opened(place);
    expect([...again, ...same, ...none]).toEqual([]);
  });

  test("may say what is the default, and are told of a file's mode as they wrote it", async () => {
    const place = await url();
    await opened(place);
    const { errors: same } = await opened(place, { durability: "tick", fileMode: 0o600 });
    const { errors } = await opened(place, { fileMode: 0o660 });
    expect(same).toEqual([]);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/fileMode left out.* 0o660 has no effect/),
    ]);
  });

  test("that cannot open it are all told why, and the next one may try again", async () => {
    const folder = await aFolder();
    const path = join(folder, "shared");
    // A database is a file, a project a folder.
    await (scheme === "json" ? writeFile(path, "in the way") : mkdir(path));
    const tries = await Promise.allSettled([1, 2, 3].map(() => openStore(`${scheme}:${path}`)));
    for (const { reason } of tries as PromiseRejectedResult[]) {
      const code = scheme === "json" ? "invalid_argument" : "store_unavailable";
      expect(reason).toMatchObject({ code });
    }
    await rm(path, { recursive: true });
    const { store } = await opened(`${scheme}:${path}`);
    await store.runs.create(aRun());
  });
});

test("each client is told of failures that reach no caller", async () => {
  const url = `sqlite:${join(await aFolder(), "shared.db")}`;
  const { store, errors: one } = await opened(url);
  const { errors: other } = await opened(url);
  const broken = await openStore(url, {
    onError() {
      throw new Error("this client cannot even listen");
    },
  });
  store.journal.appendMetrics({ runId: hexId(9), points: [] });
  await store.journal.flush();
  expect(one).toEqual([expect.objectContaining({ code: "not_found" })]);
  expect(other).toEqual(one);
  await broken.close();
});

test("copies of the package share the engine, too", async () => {
  const workers = watchWorkers();
  const url = `sqlite:${join(await aFolder(), "shared.db")}`;
  const { store } = await opened(url);
  vi.resetModules();
  const copy = await import("@rivulet/core");
  expect(copy.openStore).not.toBe(openStore);
  const other = await copy.openStore(url);
  expect(workers).toHaveLength(2);
  await other.runs.create(aRun());
  await expect(other.runs.update({ id: "none" })).rejects.toBeInstanceOf(copy.RivuletError);
  await other.close();
  expect((await store.runs.get(aRun().id))?.id).toBe(aRun().id);
});

test("a store for reading is another engine, and writes nothing", async () => {
  const url = `sqlite:${join(await aFolder(), "shared.db")}`;
  const { store } = await opened(url);
  const { store: reading } = await opened(url, { readOnly: true });
  expect(reading.owner).not.toBe(store.owner);
  await expect(reading.runs.create(aRun())).rejects.toMatchObject({ code: "unsupported" });
});

test("a client whose closing fails lets go of the store all the same", async () => {
  const workers = watchWorkers();
  const path = join(await aFolder(), "shared.db");
  const store = await openStore(`sqlite:${path}`);
  await writeFile(`${path}.new`, "no database ".repeat(1_000));
  store.journal.appendSpan(aSpan());
  // In the same turn: nothing has taken the span yet.
  renameSync(`${path}.new`, path);
  await expect(store.close()).rejects.toMatchObject({ code: "store_corrupt" });
  expect(workers.map(({ threadId }) => threadId)).toEqual([-1, -1]);

  await rm(path);
  const { store: next } = await opened(`sqlite:${path}`);
  await next.journal.flush();
  expect((await next.traces.get(aSpan().traceId))?.spanCount).toBe(1);
});

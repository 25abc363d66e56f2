import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { holdStoreAlone, openStore, type RivuletError, type Store } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";

import { describe, expect, test } from "vitest";
import { linesOf, startChild } from "./child.ts";
import { aFolder, opened } from "./folder.ts";

const REPLACED = {
  code: "store_unavailable",
  message: expect.stringMatching(
    /, or its lock, was deleted, moved or replaced while it was open\./,
  ),
};

/** A store in a file, closed, that holds one run. */
async function aStoreWith(path: string, runId: string): Promise<void> {
  const store = await openStore(`sqlite:${path}`);
  await store.runs.create(aRun({ id: runId }));
  await store.close();
}

/** The ids of the runs in a store. */
async function runsIn(store: Store): Promise<readonly string[]> {
  const all = { where: [], order: [], limit: 10, experimentIds: [], lifecycle: "active" } as const;
  return (await store.runs.search(all)).items.map(({ id }) => id).toSorted();
}

describe.each<[string, (path: string) => Promise<unknown>]>([
  ["file", (path) => rm(path)],
  ["file, with its log,", (path) => Promise.all(["", "-wal", "-shm"].map((end) => rm(path + end)))],
  ["folder", (path) => rm(join(path, ".."), { recursive: true })],
])("when the %s of a store is deleted while it is open", (_what, remove) => {
  test("what is acknowledged from then on is in a new one, and that is said once", async () => {
    const path = join(await aFolder(), "made", "app.db");
    const { store, errors } = await opened(`sqlite:${path}`);
    await store.runs.create(aRun({ id: hexId(1) }));
    await remove(path);

    await store.runs.create(aRun({ id: hexId(2) }));
    expect(await runsIn(store)).toEqual([hexId(2)]);
    await store.runs.create(aRun({ id: hexId(3) }));
    // What was being done in the background may have been lost as well, which is said besides.
    const said = errors.filter(({ message }) => !message.includes("during this call"));
    expect(said).toEqual([expect.objectContaining(REPLACED)]);
    await linesOf(startChild("open", `sqlite:${path}`, hexId(4)));
    expect(await runsIn(store)).toEqual([hexId(2), hexId(3), hexId(4)]);
    expect(await store.checkIntegrity()).toEqual({ ok: true, problems: [] });
  });

  test("reading finds the new one, too", async () => {
    const path = join(await aFolder(), "made", "app.db");
    const { store } = await opened(`sqlite:${path}`);
    await store.runs.create(aRun({ id: hexId(1) }));
    expect(await runsIn(store)).toEqual([hexId(1)]);
    await remove(path);
    expect(await runsIn(store)).toEqual([]);
    await store.runs.create(aRun({ id: hexId(2) }));
    expect(await runsIn(store)).toEqual([hexId(2)]);
  });

  test("it is not made again only to be closed", async () => {
    const folder = await aFolder();
    const path = join(folder, "made", "app.db");
    const store = await openStore(`sqlite:${path}`);
    await store.runs.create(aRun());
    await remove(path);
    await store.close();
    expect(await readdir(folder, { recursive: true })).not.toContain(join("made", "app.db"));
  });
});

test("when only the lock of a store is deleted while it is open, nothing is lost, and it goes on", async () => {
  const path = join(await aFolder(), "app.db");
  const { store, errors } = await opened(`sqlite:${path}`);
  await store.runs.create(aRun({ id: hexId(1) }));
  await linesOf(startChild("open", `sqlite:${path}`, hexId(2)));
  await rm(`${path}.lock`);

  await store.runs.create(aRun({ id: hexId(3) }));
  expect(await runsIn(store)).toEqual([hexId(1), hexId(2), hexId(3)]);
  expect(errors).toEqual([expect.objectContaining(REPLACED)]);
  await linesOf(startChild("open", `sqlite:${path}`, hexId(4)));
  await store.close();

  const { store: again } = await opened(`sqlite:${path}`);
  expect(await runsIn(again)).toEqual([hexId(1), hexId(2), hexId(3), hexId(4)]);
});

test("reading does not make a deleted store while somebody has it for themselves, as for a restore", async () => {
  const folder = await aFolder();
  const path = join(folder, "app.db");
  const { store } = await opened(`sqlite:${path}`);
  expect(await runsIn(store)).toEqual([]);
  for (const name of ["app.db", "app.db-wal", "app.db-shm", "app.db.lock"]) {
    await rm(join(folder, name));
  }
  const lock = await holdStoreAlone(path);
  await expect(runsIn(store)).rejects.toMatchObject({ code: "store_locked" });
  expect(await readdir(folder)).not.toContain("app.db");
  lock.release();
  expect(await runsIn(store)).toEqual([]);
});

test("records that are in the spool when the file is deleted go to the new one", async () => {
  const path = join(await aFolder(), "app.db");
  const { store } = await opened(`sqlite:${path}`);
  using holder = new DatabaseSync(path, { timeout: 10_000 });
  holder.exec("BEGIN IMMEDIATE");
  for (let index = 1; index <= 100; index += 1) {
    store.journal.appendSpan(aSpan({ traceId: hexId(1), id: hexId(index, 16) }));
  }
  await rm(path);
  holder.exec("ROLLBACK");
  await store.journal.flush();
  expect((await store.traces.get(hexId(1)))?.spanCount).toBe(100);
  expect(store.journal.stats()).toMatchObject({ appended: 100, dropped: 0, pendingBytes: 0 });
});

test("a write that was under way when the file was deleted is acknowledged only if it can be found", async () => {
  const path = join(await aFolder(), "app.db");
  const { store } = await opened(`sqlite:${path}`);
  using holder = new DatabaseSync(path, { timeout: 10_000 });
  holder.exec("BEGIN IMMEDIATE");
  const outcome = store.runs.create(aRun()).then(
    () => "acknowledged",
    (error: RivuletError) => error.message,
  );
  // Meanwhile the writer gets to the lock.
  for (let reads = 0; reads < 20; reads += 1) await runsIn(store);
  await rm(path);
  holder.exec("ROLLBACK");
  expect([await outcome, await runsIn(store)]).toEqual([
    `Store ${path} was deleted, moved or replaced during this call, whose changes are lost. Repeat the call.`,
    [],
  ]);
  await store.runs.create(aRun());
  expect(await runsIn(store)).toEqual([aRun().id]);
});

test("another store that is moved over the file is the store from then on, and no old log gets into it", async () => {
  const folder = await aFolder();
  const path = join(folder, "app.db");
  const { store, errors } = await opened(`sqlite:${path}`);
  await store.runs.create(aRun({ id: hexId(1) }));
  await aStoreWith(join(folder, "backup.db"), hexId(2));
  await rename(join(folder, "backup.db"), path);

  expect(await runsIn(store)).toEqual([hexId(2)]);
  await store.runs.create(aRun({ id: hexId(3) }));
  expect(await runsIn(store)).toEqual([hexId(2), hexId(3)]);
  expect(errors).toEqual([expect.objectContaining(REPLACED)]);
  await store.close();
  const { store: again } = await opened(`sqlite:${path}`);
  expect(await runsIn(again)).toEqual([hexId(2), hexId(3)]);
  expect(await again.checkIntegrity()).toEqual({ ok: true, problems: [] });
});

test("a file that is no store is refused, left as it is, and the store goes on when there is one again", async () => {
  const folder = await aFolder();
  const path = join(folder, "app.db");
  const { store, errors } = await opened(`sqlite:${path}`);
  await store.runs.create(aRun({ id: hexId(1) }));
  await writeFile(join(folder, "text"), "no database ".repeat(1_000));
  await rename(join(folder, "text"), path);
  for (const id of [hexId(2), hexId(3)]) {
    await expect(store.runs.create(aRun({ id }))).rejects.toMatchObject({ code: "store_corrupt" });
  }
  await expect(store.runs.get(hexId(1))).rejects.toMatchObject({ code: "store_corrupt" });

  await aStoreWith(join(folder, "backup.db"), hexId(4));
  await rename(join(folder, "backup.db"), path);
  await store.runs.create(aRun({ id: hexId(5) }));
  expect(await runsIn(store)).toEqual([hexId(4), hexId(5)]);
  expect(errors).toEqual([expect.objectContaining(REPLACED)]);
});

test("a store that is open for reading follows the file, too, and makes none", async () => {
  const folder = await aFolder();
  const path = join(folder, "app.db");
  await aStoreWith(path, hexId(1));
  const { store, errors } = await opened(`sqlite:${path}`, { readOnly: true });
  expect(await runsIn(store)).toEqual([hexId(1)]);
  await aStoreWith(join(folder, "backup.db"), hexId(2));
  await rename(join(folder, "backup.db"), path);
  expect(await runsIn(store)).toEqual([hexId(2)]);
  await rm(path);
  await expect(runsIn(store)).rejects.toMatchObject({ code: "store_unavailable" });
  expect(await readdir(folder)).not.toContain("app.db");
  expect(errors).toHaveLength(2);
});

test("a json: project that is deleted while it is open is written again whole with the next change", async () => {
  const folder = await aFolder();
  const path = join(folder, "made", "project.json");
  const { store } = await opened(`json:${path}`);
  await store.runs.create(aRun({ id: hexId(1) }));
  await rm(join(folder, "made"), { recursive: true });
  await mkdir(join(folder, "made"));
  await store.runs.create(aRun({ id: hexId(2) }));
  await store.close();
  const { store: again } = await opened(`json:${path}`);
  expect(await runsIn(again)).toEqual([hexId(1), hexId(2)]);
});

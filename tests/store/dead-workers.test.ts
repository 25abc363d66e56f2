import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Worker } from "node:worker_threads";
import { openStore } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";
import { holdStoreAlone } from "@rivulet/store";
import { createJournal, memorySink, NOTHING_TAKEN } from "@rivulet/store/spool";
import { expect, onTestFinished, test } from "vitest";
import { aFolder, opened } from "./folder.ts";
import { watchWorkers } from "./workers.ts";

test("a writer that dies is reported and replaced, and nothing that was recorded is lost", async () => {
  const workers = watchWorkers();
  const { store, errors } = await opened(`sqlite:${join(await aFolder(), "app.db")}`);
  await store.runs.create(aRun({ id: hexId(1) }));
  store.journal.appendSpan(aSpan({ traceId: hexId(1) }));
  await workers[0]?.terminate();
  store.journal.appendSpan(aSpan({ traceId: hexId(2) }));

  await store.runs.create(aRun({ id: hexId(2) }));
  await store.journal.flush();

  expect(workers).toHaveLength(3);
  expect(errors).toEqual([
    expect.objectContaining({
      code: "store_unavailable",
      message: expect.stringMatching(/^The store's writer has stopped .* and is being restarted\./),
    }),
  ]);
  for (const id of [hexId(1), hexId(2)]) {
    expect((await store.runs.get(id))?.id).toBe(id);
    expect((await store.traces.get(id))?.spanCount).toBe(1);
  }
  expect(store.journal.stats()).toMatchObject({ appended: 2, dropped: 0, pendingBytes: 0 });
});

test("a call that is under way when its worker dies fails, and says that its outcome is not known", async () => {
  const workers = watchWorkers();
  const path = join(await aFolder(), "app.db");
  const { store } = await opened(`sqlite:${path}`);
  using holder = new DatabaseSync(path, { timeout: 10_000 });
  holder.exec("BEGIN IMMEDIATE");
  const call = store.runs.create(aRun());
  const refused = expect(call).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringContaining("Its outcome is unknown"),
  });
  await workers[0]?.terminate();
  await refused;
  holder.exec("ROLLBACK");
  await store.runs.create(aRun());
  expect((await store.runs.get(aRun().id))?.id).toBe(aRun().id);
});

test("a flush that is under way when the writer dies goes on with the next one", async () => {
  const workers = watchWorkers();
  const path = join(await aFolder(), "app.db");
  const { store } = await opened(`sqlite:${path}`);
  using holder = new DatabaseSync(path, { timeout: 10_000 });
  holder.exec("BEGIN IMMEDIATE");
  store.journal.appendSpan(aSpan());
  const flush = store.journal.flush();
  await workers[0]?.terminate();
  holder.exec("ROLLBACK");
  await flush;
  expect((await store.traces.get(aSpan().traceId))?.spanCount).toBe(1);
});

test("a reader that dies is replaced", async () => {
  const workers = watchWorkers();
  const { store, errors } = await opened(`sqlite:${join(await aFolder(), "app.db")}`);
  await store.runs.create(aRun());
  await workers[1]?.terminate();
  expect((await store.runs.get(aRun().id))?.id).toBe(aRun().id);
  expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining("reader") })]);
});

test("workers that die again and again are replaced each time", async () => {
  const workers = watchWorkers();
  const { store, errors } = await opened(`sqlite:${join(await aFolder(), "app.db")}`);
  for (let round = 1; round <= 4; round += 1) {
    await workers.at(round === 1 ? 0 : -1)?.terminate();
    await store.runs.create(aRun({ id: hexId(round) }));
  }
  expect(errors).toHaveLength(4);
  expect((await store.runs.get(hexId(4)))?.id).toBe(hexId(4));
});

test("a writer that dies while it is at work leaves nothing out, and nothing is counted as lost that is there", {
  timeout: 120_000,
}, async () => {
  const workers = watchWorkers();
  const { store } = await opened(`sqlite:${join(await aFolder(), "app.db")}`);
  let recorded = 0;
  const recording = setInterval(() => {
    for (let index = 0; index < 20; index += 1) {
      recorded += 1;
      store.journal.appendSpan(aSpan({ traceId: hexId(1), id: hexId(recorded, 16) }));
    }
  }, 5);
  onTestFinished(() => clearInterval(recording));
  for (let round = 1; round <= 5; round += 1) {
    const pending = (): number => store.journal.stats().pendingBytes;
    const before = pending();
    // The writer has taken something of it, and goes on.
    await expect.poll(() => pending() !== before).toBe(true);
    await workers.at(round === 1 ? 0 : -1)?.terminate();
    await store.runs.create(aRun({ id: hexId(round) }));
  }
  clearInterval(recording);
  await store.journal.flush();
  expect(store.journal.stats()).toMatchObject({ appended: recorded, dropped: 0, pendingBytes: 0 });
  expect((await store.traces.get(hexId(1)))?.spanCount).toBe(recorded);
});

test("the worker of a store that cannot be opened is ended", async () => {
  const workers = watchWorkers();
  await expect(openStore(`sqlite:${await aFolder()}`)).rejects.toMatchObject({
    code: "store_unavailable",
  });
  expect(workers.map(({ threadId }) => threadId)).toEqual([-1]);
});

test("a store whose reader dies while it is opened is closed again", async () => {
  const workers = watchWorkers();
  const path = join(await aFolder(), "app.db");
  const endReader = (worker: Worker): void => {
    if (workers.length === 2) void worker.terminate();
  };
  process.on("worker", endReader);
  onTestFinished(() => void process.off("worker", endReader));
  await expect(openStore(`sqlite:${path}`)).rejects.toMatchObject({ code: "store_unavailable" });
  expect(workers.map(({ threadId }) => threadId)).toEqual([-1, -1]);
  // Nobody writes to it any more.
  (await holdStoreAlone(path)).release();
});

test("a store whose worker has died can be closed", async () => {
  const workers = watchWorkers();
  const { store } = await opened(`sqlite:${join(await aFolder(), "app.db")}`);
  store.journal.appendSpan(aSpan());
  await Promise.all(workers.map((worker) => worker.terminate()));
  await store.close();
});

test("what a writer may have taken before it died, without saying so, is not counted as lost", async () => {
  const errors: Error[] = [];
  let hasDied = true;
  const journal = createJournal({
    sink: memorySink(() => undefined),
    limit: 1_000_000,
    durability: "tick",
    wrote: () => undefined,
    taken: () => NOTHING_TAKEN,
    drained: async () => undefined,
    hasDied: () => hasDied,
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => journal.release());
  journal.appendSpan(aSpan());
  await journal.flush();
  expect(journal.stats()).toMatchObject({ appended: 1, dropped: 0, pendingBytes: 0 });
  expect(errors).toEqual([]);

  hasDied = false;
  journal.appendSpan(aSpan());
  await journal.flush();
  expect(journal.stats()).toMatchObject({ appended: 1, dropped: 1, pendingBytes: 0 });
  expect(errors).toHaveLength(1);
});

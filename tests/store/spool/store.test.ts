import { once } from "node:events";
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Store } from "@rivulet/core";
import { openStore } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";
import { openSpool, spanLine } from "@rivulet/store/spool";
import { expect, onTestFinished, test, vi } from "vitest";
import { linesOf, startChild } from "../child.ts";
import { mountDisk } from "../disk.ts";
import { aFolder, opened } from "../folder.ts";
import { anOwner } from "./spools.ts";

/** A span that is a trace of its own. */
function nthSpan(index: number, input = ""): ReturnType<typeof aSpan> {
  return aSpan({ traceId: hexId(index), id: hexId(1, 16), input });
}

async function spanCounts(store: Store, indexes: readonly number[]): Promise<unknown[]> {
  const traces = await Promise.all(indexes.map((index) => store.traces.get(hexId(index))));
  return traces.map((trace) => trace?.spanCount);
}

test("several processes that start after a crash take what it left once, and all go on", async () => {
  const folder = await aFolder();
  const path = join(folder, "crashed.db");
  const store = await openStore(`sqlite:${path}`);
  await store.close();
  const left = Array.from({ length: 12 }, (_, index) => index + 101);
  for (const index of left) {
    const sink = openSpool({ folder: `${path}.spool`, owner: anOwner(index) });
    sink.write(spanLine(nthSpan(index)));
    sink.release();
  }
  const started = [1, 2, 3, 4, 5, 6];
  const said = await Promise.all(
    started.map((index) => linesOf(startChild("start-and-record", `sqlite:${path}`, `${index}`))),
  );
  expect(said).toEqual(started.map(() => [JSON.stringify({ dropped: 0, errors: [] })]));
  const { store: after } = await opened(`sqlite:${path}`);
  const all = [...left, ...started];
  expect(await spanCounts(after, all)).toEqual(all.map(() => 1));
  await after.close();
  expect(await readdir(folder)).toEqual(["crashed.db"]);
});

test("a spool that is removed while it is in use is said, and recording goes on", async () => {
  const path = join(await aFolder(), "removed.db");
  const { store, errors } = await opened(`sqlite:${path}`);
  store.journal.appendSpan(nthSpan(1));
  await store.journal.flush();
  rmSync(`${path}.spool`, { recursive: true });
  store.journal.appendSpan(nthSpan(2));
  await store.journal.flush();
  store.journal.appendSpan(nthSpan(3));
  await store.journal.flush();
  expect(await spanCounts(store, [1, 2, 3])).toEqual([1, 1, 1]);
  expect(errors).toEqual([
    expect.objectContaining({
      code: "store_unavailable",
      message: expect.stringContaining(`${path}.spool was removed, moved or replaced`),
    }),
  ]);
  expect(store.journal.stats()).toMatchObject({ appended: 3, dropped: 0, pendingBytes: 0 });
});

test("what is lost with a spool that is removed is counted", async () => {
  const path = join(await aFolder(), "lost.db");
  const { store, errors } = await opened(`sqlite:${path}`);
  // Nothing is read while the database is held: 40 MB stay in two segments, one of which the reader has not opened.
  const holder = new DatabaseSync(path, { timeout: 10_000 });
  holder.exec("BEGIN IMMEDIATE");
  const input = "x".repeat(2_000_000);
  for (let index = 1; index <= 20; index++) store.journal.appendSpan(nthSpan(index, input));
  await new Promise(setImmediate);
  rmSync(`${path}.spool`, { recursive: true });
  store.journal.appendSpan(nthSpan(21));
  await new Promise(setImmediate);
  holder.exec("ROLLBACK");
  holder.close();
  await store.journal.flush();
  const { appended, dropped, pendingBytes } = store.journal.stats();
  const counts = await spanCounts(
    store,
    Array.from({ length: 21 }, (_, index) => index + 1),
  );
  expect(counts.at(-1)).toBe(1);
  expect(appended).toBe(counts.filter(Boolean).length);
  expect({ sum: appended + dropped, pendingBytes }).toEqual({ sum: 21, pendingBytes: 0 });
  expect(dropped).toBeGreaterThan(0);
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringContaining("was removed, moved or replaced"),
    `${dropped} records are lost: they were written, but their files have disappeared.`,
  ]);
});

test("where no spool can be made, records wait in memory, and that is said", async () => {
  const path = join(await aFolder(), "in-the-way.db");
  writeFileSync(`${path}.spool`, "");
  const { store, errors } = await opened(`sqlite:${path}`);
  store.journal.appendSpan(nthSpan(1));
  await store.journal.flush();
  expect(await spanCounts(store, [1])).toEqual([1]);
  expect(store.journal.stats()).toEqual({
    appended: 1,
    dropped: 0,
    droppedAttachments: 0,
    pendingBytes: 0,
    medium: "memory",
  });
  expect(errors).toEqual([expect.objectContaining({ code: "store_unavailable" })]);
});

test("what a client leaves whose close failed is the next client's, in the same process", async () => {
  const path = join(await aFolder(), "project.json");
  const store = await openStore(`json:${path}`);
  store.journal.appendSpan(nthSpan(1));
  const inTheWay = join(path, "local", "state.jsonl");
  rmSync(inTheWay, { force: true });
  mkdirSync(join(inTheWay, "in the way"), { recursive: true });
  await expect(store.close()).rejects.toMatchObject({ code: "store_unavailable" });
  rmSync(inTheWay, { recursive: true });
  const { store: next } = await opened(`json:${path}`);
  await next.journal.flush();
  expect(await spanCounts(next, [1])).toEqual([1]);
});

test("a curve grows while training never yields", async () => {
  const url = `sqlite:${join(await aFolder(), "training.db")}`;
  const child = startChild("train", url);
  onTestFinished(() => void child.process.kill("SIGKILL"));
  await once(child.lines, "line");
  const { store } = await opened(url, { readOnly: true });
  await vi.waitFor(
    async () =>
      expect((await store.runs.get(aRun().id))?.metrics["loss"]).toBeLessThanOrEqual(1 / 10),
    { timeout: 30_000, interval: 100 },
  );
});

test("a disk that was full and has room again takes records again, and each is stored or counted", async ({
  skip,
}) => {
  const folder = join(await aFolder(), "disk");
  mkdirSync(folder);
  if (!mountDisk(folder, "96m")) skip("this user may not mount a disk");
  const url = `sqlite:${join(folder, "small.db")}`;
  const { store, errors } = await opened(url);
  const filler = join(folder, "filler");
  for (let count = 0; count < 90; count++) appendFileSync(filler, Buffer.alloc(1024 ** 2));

  const input = "x".repeat(1_000);
  let tried = 0;
  const record = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      tried += 1;
      store.journal.appendSpan(nthSpan(tried, input + tried));
      if (index % 10 === 0) await new Promise(setImmediate);
    }
  };
  await record(8_000);
  const full = store.journal.stats();
  expect(full.appended + full.dropped).toBe(8_000);
  expect(full.dropped).toBeGreaterThan(0);

  rmSync(filler);
  await vi.waitFor(() => store.journal.flush(), { timeout: 30_000, interval: 200 });
  await record(1_000);
  await store.journal.flush();
  const { appended, dropped, pendingBytes } = store.journal.stats();
  expect({ sum: appended + dropped, pendingBytes }).toEqual({ sum: tried, pendingBytes: 0 });
  expect(dropped).toBe(full.dropped);
  const stored = await spanCounts(
    store,
    Array.from({ length: tried }, (_, index) => index + 1),
  );
  expect(stored.filter(Boolean)).toHaveLength(appended);
  expect(errors[0]).toMatchObject({ code: "store_unavailable" });
});

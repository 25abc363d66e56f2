import { type FileHandle, mkdir, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "@rivulet/core";
import { aPromptVersion, aRun, aSpan, hexId } from "@rivulet/core/testing";
import { takeLock } from "@rivulet/store/spool";
import { expect, onTestFinished, test, vi } from "vitest";
import { aFolder, opened } from "./folder.ts";

test("an acknowledged write is in the file, readable and in a fixed order", async () => {
  const path = join(await aFolder(), "project.json");
  const { store } = await opened(`json:${path}`);
  await store.prompts.addVersion(aPromptVersion());
  const content = await readFile(path, "utf8");
  const { tables } = JSON.parse(content) as { tables: Record<string, readonly object[]> };
  expect(Object.keys(tables)).toEqual(Object.keys(tables).toSorted());
  expect(tables["prompt_versions"]).toEqual([
    expect.objectContaining({
      config: aPromptVersion().config,
      variables: aPromptVersion().variables,
    }),
  ]);
  expect(content).toContain('\n  "tables": {\n    "experiments": [\n');
});

test("a file comes back as it was written", async () => {
  const path = join(await aFolder(), "project.json");
  const { store } = await opened(`json:${path}`);
  const span = aSpan({ input: { messages: [{ role: "user", content: "x".repeat(3_000) }] } });
  store.journal.appendSpan(span);
  await store.runs.create(aRun({ params: { __proto__: "own" } as never }));
  await store.close();
  const before = await readFile(path, "utf8");

  const { store: again } = await opened(`json:${path}`);
  expect(await again.traces.loadSpans(span.traceId)).toEqual([span]);
  await again.close();
  expect(await readFile(path, "utf8")).toBe(before);
});

test("a closed project leaves one file", async () => {
  const folder = await aFolder();
  const store = await openStore(`json:${join(folder, "project.json")}`);
  store.journal.appendSpan(aSpan());
  await store.close();
  expect(await readdir(folder)).toEqual(["project.json"]);
});

test("another thread is refused while one has the file", async () => {
  const path = join(await aFolder(), "project.json");
  // Locks hold between threads as they do between connections of one thread.
  const lock = takeLock(`${path}.lock`, "exclusive");
  await expect(openStore(`json:${path}`)).rejects.toMatchObject({
    code: "store_locked",
    message: expect.stringContaining(path),
    details: { path },
  });
  lock?.release();
  const { store } = await opened(`json:${path}`);
  expect((await store.experiments.get("0"))?.name).toBe("Default");
  expect(takeLock(`${path}.lock`, "exclusive")).toBeUndefined();
});

test("a write that fails is told, leaves nothing behind, and is made good by the next one", async () => {
  const folder = await aFolder();
  const path = join(folder, "project.json");
  const { store } = await opened(`json:${path}`);
  await store.runs.create(aRun({ id: hexId(1) }));
  // No file can take the place of a folder that is not empty.
  await rm(path);
  await mkdir(join(path, "in the way"), { recursive: true });
  await expect(store.runs.create(aRun({ id: hexId(2) }))).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringContaining(`Cannot write ${path}`),
  });
  expect((await readdir(folder)).toSorted()).toEqual([
    "project.json",
    "project.json.lock",
    "project.json.owners",
    "project.json.spool",
  ]);

  await rm(path, { recursive: true });
  await store.runs.create(aRun({ id: hexId(3) }));
  const { tables } = JSON.parse(await readFile(path, "utf8"));
  expect(tables.runs.map(({ id }: { id: string }) => id)).toEqual([1, 2, 3].map((n) => hexId(n)));
});

test("a record is not acknowledged before it is in the file, however often that fails", async () => {
  const path = join(await aFolder(), "project.json");
  const { store } = await opened(`json:${path}`);
  await rm(path, { force: true });
  await mkdir(join(path, "in the way"), { recursive: true });
  store.journal.appendSpan(aSpan());
  for (const _ of [1, 2, 3]) {
    await expect(store.journal.flush()).rejects.toMatchObject({ code: "store_unavailable" });
  }
  await rm(path, { recursive: true });
  await store.journal.flush();
  expect(await readFile(path, "utf8")).toContain(aSpan().id);
});

test("what a process has left that was killed while it wrote is removed when the file is opened", async () => {
  const folder = await aFolder();
  const path = join(folder, "project.json");
  await writeFile(`${path}.0123456789ab.tmp`, "half of");
  await writeFile(join(folder, "other.json.0123456789ab.tmp"), "not ours");
  const { store } = await opened(`json:${path}`);
  await store.runs.create(aRun());
  await store.close();
  expect((await readdir(folder)).toSorted()).toEqual([
    "other.json.0123456789ab.tmp",
    "project.json",
  ]);
});

test("a change that could not be written is in the file when the store is closed", async () => {
  const parent = await aFolder();
  const folder = join(parent, "made");
  const path = join(folder, "project.json");
  // Without a spool nothing else is to be written when it is closed.
  await writeFile(join(parent, "file"), "no folder");
  const spool = join(parent, "file", "spool");
  const store = await openStore(`json:${path}`, { spool, onError: () => undefined });
  await rm(folder, { recursive: true });
  await writeFile(folder, "in the way");
  await expect(store.runs.create(aRun())).rejects.toMatchObject({ code: "store_unavailable" });
  await rm(folder);
  await mkdir(folder);
  await store.close();
  const { store: again } = await opened(`json:${path}`);
  expect((await again.runs.get(aRun().id))?.id).toBe(aRun().id);
});

test("a store whose lock was removed and taken by somebody else leaves that one's alone", async () => {
  const path = join(await aFolder(), "project.json");
  const store = await openStore(`json:${path}`);
  await rm(`${path}.lock`);
  const lock = takeLock(`${path}.lock`, "exclusive");
  await expect(store.close()).rejects.toMatchObject({ code: "store_locked" });
  expect(lock?.isInPlace()).toBe(true);
  lock?.release();
});

test("a file that is open for reading is not locked, not written and not spooled beside", async () => {
  const folder = await aFolder();
  const path = join(folder, "project.json");
  const writer = await openStore(`json:${path}`);
  await writer.runs.create(aRun());
  await writer.close();
  const before = await readFile(path, "utf8");

  const { store } = await opened(`json:${path}`, { readOnly: true });
  expect((await store.runs.get(aRun().id))?.id).toBe(aRun().id);
  expect(store.journal.appendSpan(aSpan())).toBe(false);
  await expect(store.runs.create(aRun({ id: hexId(2) }))).rejects.toMatchObject({
    code: "unsupported",
  });
  expect(await readdir(folder)).toEqual(["project.json"]);
  await store.close();
  expect(await readFile(path, "utf8")).toBe(before);
});

test("above four megabytes new traces are dropped, counted and told of; the rest goes on", async () => {
  const path = join(await aFolder(), "project.json");
  const { store, errors } = await opened(`json:${path}`);
  const big = "x".repeat(900_000);
  for (let index = 1; index <= 5; index++) {
    store.journal.appendSpan(aSpan({ traceId: hexId(index), input: big }));
  }
  await store.journal.flush();
  store.journal.appendSpan(aSpan({ traceId: hexId(9) }));
  store.journal.appendSpan(aSpan({ traceId: hexId(1), id: hexId(2, 16), parentId: hexId(1, 16) }));
  await store.journal.flush();
  expect(await store.traces.get(hexId(9))).toBeUndefined();
  expect((await store.traces.get(hexId(1)))?.spanCount).toBe(2);
  expect(store.journal.stats().dropped).toBe(1);
  expect(errors).toEqual([
    expect.objectContaining({
      code: "limit_exceeded",
      message: `Traces were dropped: ${path} has reached 4 MB. A json: store is for what people read; record traces into a sqlite: store.`,
    }),
  ]);
  await store.runs.create(aRun());
  expect((await store.runs.get(aRun().id))?.id).toBe(aRun().id);
});

test("what somebody else has written into the file while it was open is never overwritten", async () => {
  const folder = await aFolder();
  const path = join(folder, "project.json");
  const store = await openStore(`json:${path}`, { spool: join(folder, "spool") });
  await store.runs.create(aRun({ id: hexId(1) }));
  const theirs = (await readFile(path, "utf8")).replace(hexId(1), hexId(2));
  await writeFile(path, theirs);

  const refused = { code: "store_unavailable", message: expect.stringContaining("was changed") };
  await expect(store.runs.create(aRun({ id: hexId(3) }))).rejects.toMatchObject(refused);
  const span = aSpan();
  store.journal.appendSpan(span);
  await expect(store.journal.flush()).rejects.toMatchObject(refused);
  await expect(store.close()).rejects.toMatchObject(refused);
  expect(await readFile(path, "utf8")).toBe(theirs);

  const { store: again } = await opened(`json:${path}`, { spool: join(folder, "spool") });
  await again.journal.flush();
  expect(await again.runs.get(hexId(2))).toBeDefined();
  expect(await again.traces.loadSpans(span.traceId)).toEqual([span]);
});

test("records are acknowledged only when they are in the file, however often that is asked", async () => {
  const folder = await aFolder();
  const path = join(folder, "project.json");
  const { store } = await opened(`json:${path}`, { spool: join(folder, "spool") });
  await store.runs.create(aRun());
  await rm(path);
  await mkdir(path);
  store.journal.appendSpan(aSpan());
  for (let tries = 1; tries <= 3; tries += 1) {
    await expect(store.journal.flush()).rejects.toMatchObject({ code: "store_unavailable" });
  }
  await rm(path, { recursive: true });
  await store.journal.flush();
  expect(await readFile(path, "utf8")).toContain(aSpan().traceId);
});

test("a record that came while another change was being written is not acknowledged with that one", async () => {
  const path = join(await aFolder(), "project.json");
  const { store } = await opened(`json:${path}`);
  const disk = await aDisk();
  disk.hold();
  const created = store.runs.create(aRun());
  await disk.isAsked;
  store.journal.appendSpan(aSpan());
  const flushed = store.journal.flush();
  const isRefused = expect(flushed).rejects.toMatchObject({ code: "store_unavailable" });
  await vi.waitFor(async () =>
    expect((await store.traces.get(aSpan().traceId))?.spanCount).toBe(1),
  );
  disk.failFromNowOn();
  await created;
  await isRefused;
  await expect(store.journal.flush()).rejects.toMatchObject({ code: "store_unavailable" });
  disk.repair();
  await store.journal.flush();
  expect(await readFile(path, "utf8")).toContain(aSpan().traceId);
});

/** What the disk says when a file is to be on it. */
interface Disk {
  /** The next file waits. */
  hold(): void;
  /** Resolves when a file waits. */
  readonly isAsked: Promise<void>;
  /** The file that waits is on the disk; all others cannot be. */
  failFromNowOn(): void;
  repair(): void;
}

async function aDisk(): Promise<Disk> {
  await using handle = await open(import.meta.filename);
  const syncing = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, "sync");
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  onTestFinished(() => syncing.mockRestore());
  return {
    isAsked: asked.promise,
    hold: () =>
      void syncing.mockImplementationOnce(() => {
        asked.resolve();
        return answered.promise;
      }),
    failFromNowOn() {
      syncing.mockRejectedValue(new Error("the disk is full"));
      answered.resolve();
    },
    repair: () => syncing.mockRestore(),
  };
}

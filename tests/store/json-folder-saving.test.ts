import type { FileHandle } from "node:fs/promises";
import {
  chmod,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { createRivulet, openStore } from "@rivulet/core";
import { aPromptVersion, aRun, aSpan, hexId } from "@rivulet/core/testing";
import { takeLock } from "@rivulet/store/spool";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { linesOf, startChild } from "./child.ts";
import { aFolder, opened } from "./folder.ts";

const LOST = { code: "store_unavailable", message: expect.stringContaining("Cannot write") };

function runFile(path: string, number: number): string {
  return join(path, "runs", `${hexId(number)}.json`);
}

/** No file can take the place of a folder that is not empty. */
async function standInTheWay(path: string): Promise<void> {
  await rm(path, { force: true });
  await mkdir(join(path, "in the way"), { recursive: true });
}

test("a write that fails is told, leaves nothing half-written, and is made good by the next one", async () => {
  const path = join(await aFolder(), "project");
  const { store } = await opened(`json:${path}`);
  await store.runs.create(aRun({ id: hexId(1) }));
  const disk = await aDisk();
  disk.failFromNowOn();
  await expect(store.runs.create(aRun({ id: hexId(2) }))).rejects.toMatchObject(LOST);
  expect(await readdir(join(path, "runs"))).toEqual([`${hexId(1)}.json`]);
  disk.repair();
  await store.runs.create(aRun({ id: hexId(3) }));
  expect((await readdir(join(path, "runs"))).toSorted()).toEqual(
    [1, 2, 3].map((number) => `${hexId(number)}.json`),
  );
});

test("a change that could not be written is on the disk when the store is closed", async () => {
  const path = join(await aFolder(), "project");
  const store = await openStore(`json:${path}`);
  const disk = await aDisk();
  disk.failFromNowOn();
  await expect(store.runs.create(aRun())).rejects.toMatchObject(LOST);
  disk.repair();
  await store.close();
  const { store: again } = await opened(`json:${path}`);
  expect((await again.runs.get(aRun().id))?.id).toBe(aRun().id);
});

test("a change that cannot be written at close, either, is an error of close", async () => {
  const path = join(await aFolder(), "project");
  const store = await openStore(`json:${path}`);
  const disk = await aDisk();
  disk.failFromNowOn();
  await expect(store.runs.create(aRun())).rejects.toMatchObject(LOST);
  await expect(store.close()).rejects.toMatchObject(LOST);
  disk.repair();
  await (await openStore(`json:${path}`)).close();
});

test("a file that somebody else has changed meanwhile is a conflict: theirs stays, ours is not made", async () => {
  const path = join(await aFolder(), "project");
  const { store } = await opened(`json:${path}`);
  await store.runs.create(aRun({ id: hexId(1) }));
  const disk = await aDisk();
  disk.failFromNowOn();
  await expect(store.runs.update({ id: hexId(1), tags: { ours: "yes" } })).rejects.toMatchObject(
    LOST,
  );
  disk.repair();
  const theirs = (await readFile(runFile(path, 1), "utf8")).replace('"name": "', '"name": "their ');
  await writeFile(runFile(path, 1), theirs);

  await expect(store.runs.create(aRun({ id: hexId(2) }))).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining(`runs/${hexId(1)}.json in ${path} was changed`),
  });
  expect(await readFile(runFile(path, 1), "utf8")).toBe(theirs);
  expect(await store.runs.get(hexId(2))).toBeUndefined();
  await store.runs.create(aRun({ id: hexId(2) }));
  const run = await store.runs.get(hexId(1));
  expect(run?.name).toMatch(/^their /);
  expect(run?.tags).toEqual({});
});

test("a record is not acknowledged before it is on the disk, however often that is asked", async () => {
  const path = join(await aFolder(), "project");
  const { store } = await opened(`json:${path}`);
  const state = join(path, "local", "state.jsonl");
  await store.runs.create(aRun());
  await standInTheWay(state);
  store.journal.appendSpan(aSpan());
  for (let tries = 1; tries <= 3; tries += 1) {
    await expect(store.journal.flush()).rejects.toMatchObject({ code: "store_unavailable" });
  }
  await rm(state, { recursive: true });
  await store.journal.flush();
  expect(await readFile(state, "utf8")).toContain(aSpan().traceId);
});

test("a record that came while another change was being written is not acknowledged with that one", async () => {
  const path = join(await aFolder(), "project");
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
  await created.catch(() => undefined);
  await isRefused;
  disk.repair();
  await store.journal.flush();
  expect(await readFile(join(path, "local", "state.jsonl"), "utf8")).toContain(aSpan().traceId);
});

test("what a process has left that was killed while it wrote is removed when the project is opened", async () => {
  const path = join(await aFolder(), "project");
  const rivulet = createRivulet({ store: `json:${path}` });
  await rivulet.prompts.register({ name: "greeting", template: "Hello" });
  await rivulet.close();
  const left = [
    "rivulet.json",
    "local/state.jsonl",
    "prompts/greeting/prompt.json",
    "runs/1.json",
  ].map((name) => join(path, `${name}.0123456789ab.tmp`));
  const theirs = join(path, "notes.txt.0123456789ab.tmp");
  await mkdir(join(path, "runs"), { recursive: true });
  for (const file of [...left, theirs]) await writeFile(file, "half of");
  await (await openStore(`json:${path}`)).close();
  const names = await readdir(path, { recursive: true });
  expect(names.filter((name) => name.endsWith(".tmp"))).toEqual(["notes.txt.0123456789ab.tmp"]);
});

test("a store whose lock was removed and taken by somebody else leaves that one's alone", async () => {
  const path = join(await aFolder(), "project");
  const store = await openStore(`json:${path}`);
  const place = join(path, "local", "lock");
  await rm(place);
  const lock = takeLock(place, "exclusive");
  await expect(store.runs.create(aRun())).rejects.toMatchObject({ code: "store_locked" });
  await expect(store.close()).rejects.toMatchObject({ code: "store_locked" });
  expect(lock?.isInPlace()).toBe(true);
  lock?.release();
});

test("above four megabytes new traces are dropped, counted and told of; the rest goes on", async () => {
  const path = join(await aFolder(), "project");
  const { store, errors } = await opened(`json:${path}`);
  const big = "x".repeat(900_000);
  for (let index = 1; index <= 5; index += 1) {
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
      message: `Traces were dropped: the machine-local data in ${path} has reached 4 MB. A json: store is for content that people read; record traces into a sqlite: store.`,
    }),
  ]);
  await store.prompts.addVersion(aPromptVersion({ template: big }));
  expect(
    (await store.prompts.getVersion({ name: aPromptVersion().name, version: 1 }))?.template,
  ).toBe(big);
});

test("new files are for this user alone; those that are there keep their mode", async () => {
  const folder = await aFolder();
  const path = join(folder, "project");
  const store = await openStore(`json:${path}`);
  await store.runs.create(aRun({ id: hexId(1) }));
  const modeOf = async (file: string): Promise<string> =>
    ((await stat(file)).mode & 0o777).toString(8);
  expect(await modeOf(runFile(path, 1))).toBe("600");
  expect(await modeOf(join(path, "runs"))).toBe("700");
  await chmod(runFile(path, 1), 0o644);
  await store.runs.update({ id: hexId(1), tags: { seen: "yes" } });
  expect(await readFile(runFile(path, 1), "utf8")).toContain('"seen": "yes"');
  expect(await modeOf(runFile(path, 1))).toBe("644");
  await store.close();
});

test("a folder of a project that is a link stays one", async () => {
  const folder = await aFolder();
  const path = join(folder, "project");
  await (await openStore(`json:${path}`)).close();
  await mkdir(join(folder, "elsewhere"));
  await symlink("../elsewhere", join(path, "runs"));
  const { store } = await opened(`json:${path}`);
  await store.runs.create(aRun());
  expect(await readdir(join(folder, "elsewhere"))).toEqual([`${aRun().id}.json`]);
});

describe("of a project with many prompts", () => {
  test("a change writes the files of what has changed, and no others", async () => {
    const path = join(await aFolder(), "project");
    const rivulet = createRivulet({ store: `json:${path}` });
    onTestFinished(() => rivulet.close());
    const names = Array.from({ length: 50 }, (_, index) => `prompt-${index}`);
    await Promise.all(names.map((name) => rivulet.prompts.register({ name, template: name })));
    const before = await timesIn(path);
    await rivulet.prompts.register({ name: "prompt-7", template: "another" });
    const after = await timesIn(path);
    const written = [...after].filter(([name, time]) => before.get(name) !== time);
    expect(written.map(([name]) => name.replace(/-\w+\.json$/, ""))).toEqual([
      "local/updated.json",
      "prompts/prompt-7/v2",
    ]);
  });

  test("opening, reading and closing writes nothing", async () => {
    const path = join(await aFolder(), "project");
    const rivulet = createRivulet({ store: `json:${path}` });
    await rivulet.prompts.register({ name: "greeting", template: "Hello" });
    await rivulet.close();
    const before = await timesIn(path);
    const again = createRivulet({ store: `json:${path}` });
    await again.prompts.get("greeting");
    await again.close();
    expect(await timesIn(path)).toEqual(before);
  });
});

describe("a process that is killed between two files of one change", () => {
  test.each([0, 1, 2, 3, 4, 5, 6])("leaves all of it or nothing: after %i files", async (files) => {
    const path = join(await aFolder(), "project");
    await (await openStore(`json:${path}`)).close();
    const lines = await linesOf(startChild("die-between-files", `json:${path}`, String(files)));
    // The journal, the prompt, its version, two tags, and the times.
    expect(lines).toEqual(files === 6 ? ["done"] : []);
    // One that may not write sees it as if it were finished.
    for (const readOnly of [true, false]) {
      const rivulet = createRivulet({ store: await openStore(`json:${path}`, { readOnly }) });
      const { items } = await rivulet.prompts.search();
      const found = await Promise.all(items.map(({ name }) => rivulet.prompts.get(name)));
      const tags = found.map((version) => version.tags);
      expect(tags).toEqual(files === 0 ? [] : [{ first: "1", second: "2" }]);
      await rivulet.close();
    }
    expect(await readdir(join(path, "local"))).not.toContain("journal.json");
  });

  test.each([1, 2, 3])("leaves a change of two files whole, too: after %i files", async (files) => {
    const path = join(await aFolder(), "project");
    await (await openStore(`json:${path}`)).close();
    await linesOf(startChild("die-between-files", `json:${path}`, String(files), "{}"));
    const { store } = await opened(`json:${path}`);
    expect((await store.prompts.get("greeting"))?.latestVersion).toBe(1);
    expect((await store.prompts.getVersion({ name: "greeting", version: 1 }))?.version).toBe(1);
  });

  test("and one of whose files somebody has changed since is a conflict that names it", async () => {
    const path = join(await aFolder(), "project");
    await (await openStore(`json:${path}`)).close();
    await linesOf(startChild("die-between-files", `json:${path}`, "1"));
    const file = join(path, "prompts", "greeting", "prompt.json");
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, "theirs");
    await expect(openStore(`json:${path}`)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(`remove ${join(path, "local", "journal.json")}`),
      details: { path: file },
    });
    expect(await readFile(file, "utf8")).toBe("theirs");
    await rm(join(path, "prompts"), { recursive: true });
    await rm(join(path, "local", "journal.json"));
    const { store } = await opened(`json:${path}`);
    expect(await store.prompts.getVersion({ name: "greeting", version: 1 })).toBeUndefined();
  });
});

/** When each file of a project was last written. */
async function timesIn(path: string): Promise<ReadonlyMap<string, bigint>> {
  const names = (await readdir(path, { recursive: true })).toSorted();
  const times = new Map<string, bigint>();
  for (const name of names) {
    const stats = await stat(join(path, name), { bigint: true });
    if (stats.isFile() && /\.jsonl?$/.test(name)) times.set(name, stats.mtimeNs);
  }
  return times;
}

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

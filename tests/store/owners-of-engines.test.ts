import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "@rivulet/core";
import { aSpan } from "@rivulet/core/testing";
import { type EngineSetup, openEngine } from "@rivulet/store/engine";
import { exitLine, spanLine, takeLock } from "@rivulet/store/spool";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { aFakeBackend, type FakeBackend } from "./fake-backend.ts";
import { aFolder } from "./folder.ts";

const OTHER = "0123456789abcdef";
const MINUTE = 60_000;

interface EngineOptions extends Pick<EngineSetup, "spool" | "ownerLocks"> {
  readonly ownersLive?: "lock" | "heartbeat";
}

async function anEngine(
  fake: FakeBackend,
  { ownersLive = "lock", ...places }: EngineOptions = {},
): Promise<Store> {
  const setup: EngineSetup = {
    info: { driver: "memory", url: "memory:" },
    backend: { kind: "local", ownersLive, open: async () => fake.backend },
    options: {},
    ...places,
  };
  const store = await openEngine(setup);
  onTestFinished(() => store.close());
  return store;
}

/** What an engine has left in a spool whose process is gone. */
async function leave(spool: string, lines: readonly string[]): Promise<void> {
  await mkdir(join(spool, OTHER), { recursive: true });
  await writeFile(join(spool, OTHER, "1.jsonl"), lines.join(""));
}

test("an engine's id is new each time, names its folder in the spool, and goes with what it records", async () => {
  const spool = await aFolder();
  const fake = aFakeBackend();
  const store = await anEngine(fake, { spool });
  const inMemory = await anEngine(fake);
  expect(store.owner).toMatch(/^[0-9a-f]{16}$/);
  expect(inMemory.owner).not.toBe(store.owner);
  expect(await readdir(spool)).toEqual([store.owner]);
  for (const one of [store, inMemory]) {
    one.journal.appendSpan(aSpan());
    await one.journal.flush();
  }
  expect(fake.batches.map(({ owner }) => owner)).toEqual([store.owner, inMemory.owner]);
});

test("an engine that is closed lets go of its runs", async () => {
  const fake = aFakeBackend();
  const store = await anEngine(fake);
  await store.close();
  expect(fake.released).toEqual([
    [
      store.owner,
      { status: "failed", message: "the client was closed before the run was finished" },
    ],
  ]);
});

describe("the runs of a process that is gone", () => {
  test.each([
    [0, "failed", "the process ended with exit code 0 before the run was finished"],
    [1, "failed", "the process ended with exit code 1 before the run was finished"],
    [127, "failed", "the process ended with exit code 127 before the run was finished"],
    [128, "failed", "the process ended with exit code 128 before the run was finished"],
    [129, "killed", "the process was killed before the run was finished"],
    [143, "killed", "the process was killed before the run was finished"],
    [undefined, "killed", "the process was killed before the run was finished"],
  ] as const)(
    "with exit code %s end as %s, when all it recorded is in the store",
    async (exitCode, status, message) => {
      const spool = await aFolder();
      const end = exitCode === undefined ? [] : [exitLine(exitCode)];
      await leave(spool, [spanLine(aSpan()), ...end]);
      const fake = aFakeBackend();
      const store = await anEngine(fake, { spool });
      await store.journal.flush();
      expect(fake.batches).toEqual([
        expect.objectContaining({ owner: OTHER, records: [{ v: 1, kind: "span", span: aSpan() }] }),
      ]);
      expect(fake.released).toEqual([[OTHER, { status, message }]]);
      expect(await readdir(spool)).toEqual([store.owner]);
    },
  );

  test("end within a minute, also when it goes later than the engine was opened", async () => {
    const spool = await aFolder();
    const fake = aFakeBackend();
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const store = await anEngine(fake, { spool });
    await store.journal.flush();
    await leave(spool, [spanLine(aSpan())]);
    await vi.advanceTimersByTimeAsync(MINUTE);
    await store.journal.flush();
    expect(fake.released.map(([owner]) => owner)).toEqual([OTHER]);
  });

  test("are left alone until releasing them succeeds", async () => {
    const spool = await aFolder();
    await leave(spool, [spanLine(aSpan())]);
    const fake = aFakeBackend();
    const release = vi.spyOn(fake.backend.owners, "release");
    release.mockRejectedValueOnce(new Error("the database is away"));
    const store = await anEngine(fake, { spool });
    await store.journal.flush().catch(() => undefined);
    await store.journal.flush();
    expect(release.mock.calls.map(([owner]) => owner)).toEqual([OTHER, OTHER]);
    expect(await readdir(spool)).toEqual([store.owner]);
  });
});

describe("where the engines of a database have locks beside it", () => {
  const GONE = {
    status: "killed",
    message: "the process that ran it is gone: it was killed, or exited without closing its client",
  };

  /** An engine that has looked who is gone. */
  async function aLooker(fake: FakeBackend, options: EngineOptions): Promise<Store> {
    const list = vi.spyOn(fake.backend.owners, "list");
    const store = await anEngine(fake, options);
    await vi.waitFor(() => expect(list).toHaveBeenCalled());
    return store;
  }

  test("an engine has its own until it is closed, and nothing stays behind", async () => {
    const ownerLocks = join(await aFolder(), "owners");
    const store = await anEngine(aFakeBackend(), { ownerLocks });
    expect(await readdir(ownerLocks)).toEqual([store.owner]);
    expect(takeLock(join(ownerLocks, store.owner), "shared")).toBeUndefined();
    await store.close();
    await expect(readdir(ownerLocks)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("an engine without a lock is gone, one that has it is not", async () => {
    const ownerLocks = await aFolder();
    const lock = takeLock(join(ownerLocks, OTHER), "exclusive");
    onTestFinished(() => lock?.release());
    const fake = aFakeBackend();
    fake.silent = [
      { owner: OTHER, silentMs: 0 },
      { owner: "fedcba9876543210", silentMs: 0 },
    ];
    await aLooker(fake, { ownerLocks });
    await vi.waitFor(() => expect(fake.released).toEqual([["fedcba9876543210", GONE]]));
  });

  test("files of engines that are gone are removed, also when they owned nothing", async () => {
    const ownerLocks = await aFolder();
    takeLock(join(ownerLocks, OTHER), "exclusive")?.release();
    const fake = aFakeBackend();
    const store = await aLooker(fake, { ownerLocks });
    await vi.waitFor(async () => expect(await readdir(ownerLocks)).toEqual([store.owner]));
    expect(fake.released).toEqual([]);
  });

  test("what an engine has left in our spool is read before its runs are ended, and tells how", async () => {
    const [spool, ownerLocks] = [await aFolder(), await aFolder()];
    await leave(spool, [spanLine(aSpan()), exitLine(1)]);
    const fake = aFakeBackend();
    fake.silent = [{ owner: OTHER, silentMs: 0 }];
    const { journal } = await aLooker(fake, { ownerLocks, spool });
    await journal.flush();
    expect(fake.released).toEqual([[OTHER, expect.objectContaining({ status: "failed" })]]);
  });

  test("an engine whose lock was removed takes it again within a minute", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const ownerLocks = join(await aFolder(), "owners");
    const store = await aLooker(aFakeBackend(), { ownerLocks });
    await rm(ownerLocks, { recursive: true });
    await vi.advanceTimersByTimeAsync(MINUTE);
    await vi.waitFor(async () => expect(await readdir(ownerLocks)).toEqual([store.owner]));
    expect(takeLock(join(ownerLocks, store.owner), "shared")).toBeUndefined();
  });

  test("one that cannot be ended is ended the next time", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const fake = aFakeBackend();
    fake.silent = [{ owner: OTHER, silentMs: 0 }];
    const release = vi.spyOn(fake.backend.owners, "release");
    release.mockRejectedValueOnce(new Error("the database is away"));
    await aLooker(fake, { ownerLocks: await aFolder() });
    await vi.waitFor(() => expect(release).toHaveBeenCalledTimes(1));
    await vi.advanceTimersByTimeAsync(MINUTE);
    await vi.waitFor(() => expect(fake.released).toEqual([[OTHER, GONE]]));
  });
});

describe("where owners live by heartbeats", () => {
  test("an engine beats at once and twice a minute, until it is closed", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const fake = aFakeBackend();
    const store = await anEngine(fake, { ownersLive: "heartbeat" });
    expect(fake.beats).toEqual([store.owner]);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(fake.beats).toEqual(Array(3).fill(store.owner));
    await store.close();
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(fake.beats).toHaveLength(3);
  });

  test("owners that were silent for more than five minutes are gone, but never the engine itself", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const fake = aFakeBackend();
    const store = await anEngine(fake, { ownersLive: "heartbeat" });
    fake.silent = [
      { owner: "late", silentMs: 5 * MINUTE },
      { owner: "gone", silentMs: 5 * MINUTE + 1 },
      { owner: store.owner, silentMs: 10 * MINUTE },
    ];
    await vi.advanceTimersByTimeAsync(MINUTE / 2);
    expect(fake.released).toEqual([
      [
        "gone",
        {
          status: "killed",
          message: "the process that ran it gave no sign of life for five minutes",
        },
      ],
    ]);
  });
});

test("where owners live by locks nobody beats", async () => {
  const fake = aFakeBackend();
  await anEngine(fake);
  expect(fake.beats).toEqual([]);
});

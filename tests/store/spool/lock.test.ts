import { once } from "node:events";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { type HeldLock, type LockOptions, takeLock } from "@rivulet/store/spool";
import { describe, expect, onTestFinished, test } from "vitest";
import { startChild } from "../child.ts";
import { aFolder } from "../folder.ts";

/** Takes a lock that is released after the test. */
function taken(
  path: string,
  mode: "exclusive" | "shared",
  options?: LockOptions,
): HeldLock | undefined {
  const lock = takeLock(path, mode, options);
  onTestFinished(() => lock?.release());
  return lock;
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

function startThread(name: string, workerData: unknown): Worker {
  return new Worker(new URL(`../children/${name}.ts`, import.meta.url), {
    workerData,
    execArgv: ["--conditions=@rivulet/source"],
  });
}

describe("a lock", () => {
  test("is one caller's, and the next one's when it is released", async () => {
    const path = join(await aFolder(), "lock");
    const lock = taken(path, "exclusive");
    expect(taken(path, "exclusive")).toBeUndefined();
    expect(taken(path, "shared")).toBeUndefined();
    lock?.release();
    lock?.release();
    expect(taken(path, "exclusive")).toBeDefined();
  });

  test("is had by many when it is shared, and then by nobody alone", async () => {
    const path = join(await aFolder(), "lock");
    const one = taken(path, "shared");
    const other = taken(path, "shared");
    expect([one, other]).not.toContain(undefined);
    one?.release();
    expect(taken(path, "exclusive")).toBeUndefined();
    other?.release();
    expect(taken(path, "exclusive")).toBeDefined();
  });

  test("is one file of the user's alone, whatever its name and the permissions of new files", async () => {
    const folder = await aFolder();
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    taken(join(folder, "a b?#%.lock"), "exclusive");
    taken(join(folder, "group"), "shared", { fileMode: 0o660 });
    expect(readdirSync(folder).sort()).toEqual(["a b?#%.lock", "group"]);
    expect(modeOf(join(folder, "a b?#%.lock"))).toBe("600");
    expect(modeOf(join(folder, "group"))).toBe("660");
  });

  test("makes no file where it may not", async () => {
    const folder = await aFolder();
    expect(taken(join(folder, "lock"), "exclusive", { create: false })).toBeUndefined();
    expect(taken(join(folder, "none", "lock"), "shared", { create: false })).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, "lock"), "");
    expect(taken(join(folder, "lock"), "exclusive", { create: false })).toBeDefined();
  });

  test.each<[string, (path: string) => void]>([
    ["its folder is not there", () => undefined],
    ["its file is something else", (path) => mkdirSync(path, { recursive: true })],
    [
      "its file holds something",
      (path) => {
        mkdirSync(dirname(path));
        writeFileSync(path, "not a lock".repeat(100));
      },
    ],
  ])("cannot be taken when %s, and that is said", async (_, prepare) => {
    const path = join(await aFolder(), "none", "lock");
    prepare(path);
    expect(() => takeLock(path, "exclusive")).toThrow(
      expect.objectContaining({
        code: "store_unavailable",
        message: expect.stringContaining(path),
        details: { path },
      }),
    );
  });

  test("knows when its file is removed, moved or replaced", async () => {
    const folder = await aFolder();
    const path = join(folder, "lock");
    const lock = taken(path, "exclusive");
    expect(lock?.isInPlace()).toBe(true);
    renameSync(path, join(folder, "moved"));
    expect(lock?.isInPlace()).toBe(false);
    const next = taken(path, "exclusive");
    expect(next?.isInPlace()).toBe(true);
    expect(lock?.isInPlace()).toBe(false);
    rmSync(path);
    expect(next?.isInPlace()).toBe(false);
  });

  test("is free when the process that had it was killed", async () => {
    const path = join(await aFolder(), "lock");
    const child = startChild("hold-lock", path);
    expect(await once(child.lines, "line")).toEqual(["held"]);
    expect(taken(path, "exclusive")).toBeUndefined();
    child.process.kill("SIGKILL");
    await child.ended;
    expect(taken(path, "exclusive")).toBeDefined();
  });

  test("is free when the thread that had it was terminated", async () => {
    const path = join(await aFolder(), "lock");
    const thread = startThread("hold-lock-in-thread", path);
    expect(await once(thread, "message")).toEqual(["held"]);
    expect(taken(path, "exclusive")).toBeUndefined();
    await thread.terminate();
    expect(taken(path, "exclusive")).toBeDefined();
  });

  test("is had by exactly one of two threads that try at the same instant", async () => {
    const rounds = 200;
    const data = { folder: await aFolder(), rounds, threads: 2, memory: new SharedArrayBuffer(4) };
    for (let round = 0; round < rounds; round++) writeFileSync(join(data.folder, `${round}`), "");
    const threads = [1, 2].map(() => startThread("race-for-locks", data));
    const won = (await Promise.all(threads.map((thread) => once(thread, "message")))).flat(2);
    expect(won.sort((one, other) => one - other)).toEqual(
      Array.from({ length: rounds }, (_, round) => round),
    );
  });

  test("is never had by two, also while they remove its file", async () => {
    const memory = new SharedArrayBuffer(4);
    const data = { path: join(await aFolder(), "lock"), times: 200, memory };
    const threads = [1, 2, 3].map(() => startThread("remove-lock", data));
    const seen = await Promise.all(threads.map((thread) => once(thread, "message")));
    expect(seen).toEqual([[1], [1], [1]]);
  });
});

import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { hasWalResetBug, holdStoreAlone, openStore, SAFE_SQLITE } from "@rivulet/core";
import { aRun } from "@rivulet/core/testing";
import { takeLock } from "@rivulet/store/spool";
import { expect, onTestFinished, test } from "vitest";
import { type Child, startChild } from "./child.ts";
import { aFolder, opened } from "./folder.ts";

const OLD = "3.50.4";
const NEW = "3.53.4";

/** What a process says that opens the store with this SQLite: `open` when it has it open. */
async function open(url: string, sqlite: string): Promise<{ child: Child; said: string }> {
  const child = startChild("open-with-sqlite", url, sqlite);
  onTestFinished(() => void child.process.kill("SIGKILL"));
  const [said] = await once(child.lines, "line");
  return { child, said: String(said) };
}

test.each([
  ["3.44.5", true],
  ["3.44.6", false],
  ["3.45.1", true],
  ["3.50.4", true],
  ["3.50.6", true],
  ["3.50.7", false],
  ["3.51.2", true],
  [SAFE_SQLITE, false],
  ["3.52.0", false],
  ["3.53.4", false],
  ["4.0.0", false],
])("SQLite %s has the WAL-reset bug: %s", (version, hasBug) => {
  expect(hasWalResetBug(version)).toBe(hasBug);
});

test.each([
  {
    first: OLD,
    second: NEW,
    says: /^store_locked .* its SQLite can damage .* Use Node 24\.15 or newer there, too/,
  },
  {
    first: NEW,
    second: OLD,
    says: /^store_locked .* SQLite 3\.50\.4 of this Node \(.*\) can damage .* Use Node 24\.15 or newer in both/,
  },
  { first: OLD, second: OLD, says: /^store_locked .* SQLite 3\.50\.4/ },
  { first: NEW, second: NEW, says: /^open$/ },
])(
  "of two processes with SQLite $first and $second, the second is told $says",
  async ({ first, second, says }) => {
    const url = `sqlite:${join(await aFolder(), "app.db")}`;
    const { child, said } = await open(url, first);
    expect(said).toBe("open");
    const other = await open(url, second);
    expect(other.said).toMatch(says);
    child.process.stdin.end();
    other.child.process.stdin.end();
    await Promise.all([child.ended, other.child.ended]);
    expect((await open(url, second)).said).toBe("open");
  },
);

test("threads of one process are told apart, too", async () => {
  const path = join(await aFolder(), "app.db");
  // What another thread with an old SQLite holds: locks hold between threads as between connections of one.
  const old = takeLock(`${path}.lock`, "exclusive");
  await expect(openStore(`sqlite:${path}`)).rejects.toMatchObject({
    code: "store_locked",
    message: expect.stringContaining("Another process or thread has exclusive access"),
  });
  old?.release();
  await opened(`sqlite:${path}`);
  expect(takeLock(`${path}.lock`, "exclusive")).toBeUndefined();
  takeLock(`${path}.lock`, "shared")?.release();
});

test("an old one that is killed leaves the store to others", async () => {
  const url = `sqlite:${join(await aFolder(), "app.db")}`;
  const { child } = await open(url, OLD);
  child.process.kill("SIGKILL");
  await child.ended;
  expect((await open(url, NEW)).said).toBe("open");
});

test("who closes a store leaves the lock to those who still have it", async ({ skip }) => {
  if (hasWalResetBug(process.versions["sqlite"] ?? "0")) return skip("this SQLite shares no lock");
  const path = join(await aFolder(), "app.db");
  const store = await openStore(`sqlite:${path}`);
  const other = takeLock(`${path}.lock`, "shared");
  await store.close();
  expect(other?.isInPlace()).toBe(true);
  other?.release();
});

test("reading takes no lock", async () => {
  const path = join(await aFolder(), "app.db");
  const { child } = await open(`sqlite:${path}`, OLD);
  const { store } = await opened(`sqlite:${path}`, { readOnly: true });
  expect((await store.experiments.get("0"))?.name).toBe("Default");
  child.process.stdin.end();
  await child.ended;
});

test("a store can be held alone when nobody has it open, and is opened by nobody until it is let go", async () => {
  const folder = await aFolder();
  const path = join(folder, "app.db");
  const store = await openStore(`sqlite:${path}`);
  await expect(holdStoreAlone(path)).rejects.toMatchObject({
    code: "store_locked",
    message: expect.stringContaining("close it there first"),
  });
  await store.runs.create(aRun());
  await store.close();

  const alone = await holdStoreAlone(path);
  await expect(openStore(`sqlite:${path}`)).rejects.toMatchObject({ code: "store_locked" });
  alone.release();
  const { store: again } = await opened(`sqlite:${path}`);
  expect((await again.runs.get(aRun().id))?.id).toBe(aRun().id);
  await again.close();
  expect(await readdir(folder)).toEqual(["app.db"]);
});

import { join } from "node:path";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { openStore, restoreBackup } from "@rivulet/core";
import { aRun, hexId } from "@rivulet/core/testing";
import { openSqlite } from "@rivulet/store/sqlite";
import { expect, onTestFinished, test, vi } from "vitest";
import { aFolder, opened } from "./folder.ts";

const DISK_FULL = Object.assign(new Error("database or disk is full"), { errcode: 13 });
const DAMAGED = Object.assign(new Error("database disk image is malformed"), { errcode: 11 });

/** Makes a statement of SQLite without values fail, in this thread, until the test is over or it is allowed again. */
function forbid(statement: string): { allow(): void } {
  const exec = DatabaseSync.prototype.exec;
  const spy = vi.spyOn(DatabaseSync.prototype, "exec").mockImplementation(function (
    this: DatabaseSync,
    sql,
  ) {
    if (sql === statement) throw new Error(`no ${statement}`);
    return exec.call(this, sql);
  });
  onTestFinished(() => spy.mockRestore());
  return { allow: () => spy.mockRestore() };
}

test("a transaction that fails and cannot be undone fails for its own reason; the next one begins all the same", async () => {
  const { store } = await opened("memory:");
  await store.runs.create(aRun({ id: hexId(1) }));
  const undoing = forbid("ROLLBACK");
  await expect(store.runs.create(aRun({ id: hexId(1) }))).rejects.toMatchObject({
    code: "already_exists",
  });
  undoing.allow();
  await store.runs.create(aRun({ id: hexId(2) }));
  expect((await store.runs.get(hexId(2)))?.id).toBe(hexId(2));
});

test("a disk that fills up while rows are written is told as that", async () => {
  const { store } = await opened("memory:");
  const spy = vi.spyOn(StatementSync.prototype, "run").mockImplementation(() => {
    throw DISK_FULL;
  });
  const outcome = await store.runs.create(aRun()).catch((error: unknown) => error);
  spy.mockRestore();
  expect(outcome).toMatchObject({
    code: "store_unavailable",
    message: expect.stringMatching(/The disk is full\.$/),
  });
});

test("damage that is met while rows are read is told as that", async () => {
  const { store } = await opened("memory:");
  const spy = vi.spyOn(StatementSync.prototype, "iterate").mockImplementation(function* () {
    yield* [];
    throw DAMAGED;
  });
  const outcome = await store.runs.get(hexId(1)).catch((error: unknown) => error);
  spy.mockRestore();
  expect(outcome).toMatchObject({ code: "store_corrupt" });
});

test("a json: project that cannot be opened or restored for want of a database is not locked afterwards", async () => {
  const folder = await aFolder();
  const url = `json:${join(folder, "app.json")}`;
  const { store } = await opened("memory:");
  await store.runs.create(aRun());
  await store.backup(join(folder, "backup"));

  const beginning = forbid("BEGIN IMMEDIATE");
  await expect(openStore(url)).rejects.toThrow("no BEGIN IMMEDIATE");
  await expect(restoreBackup(join(folder, "backup"), { store: url })).rejects.toThrow(
    "no BEGIN IMMEDIATE",
  );
  beginning.allow();
  await restoreBackup(join(folder, "backup"), { store: url });
  const { store: restored } = await opened(url);
  expect((await restored.runs.get(aRun().id))?.id).toBe(aRun().id);
});

test("a lock that SQLite names more closely, such as that of a snapshot which is too old, is a lock", async () => {
  const path = join(await aFolder(), "app.db");
  const database = openSqlite(path, { busyTimeoutMs: 20 });
  onTestFinished(() => database.close());
  await database.all("PRAGMA journal_mode = WAL");
  await database.run("CREATE TABLE notes (text TEXT)");
  const other = openSqlite(path);
  onTestFinished(() => other.close());
  const outcome = database.snapshot(async (sql) => {
    await sql.all("SELECT * FROM notes");
    await other.run("INSERT INTO notes VALUES ('newer')");
    await sql.run("INSERT INTO notes VALUES ('older')");
  });
  await expect(outcome).rejects.toMatchObject({
    code: "store_locked",
    cause: { errcode: 517 },
    details: { path },
  });
});

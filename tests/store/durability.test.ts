import { join } from "node:path";
import { restoreBackup } from "@rivulet/core";
import { aRun } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aFolder, opened } from "./folder.ts";
import { watchSyncs } from "./syncs.ts";

test("the bytes of a file, and the names of its folders, are on the disk when it is acknowledged", async () => {
  const folder = await aFolder();
  const { store } = await opened(`sqlite:${join(folder, "app.db")}`);
  const syncs = await watchSyncs();
  await store.files.write({ id: "abcd1234", content: Buffer.from("hello") });
  expect(await syncs.below(folder)).toEqual([
    "app.db.files/34",
    "app.db.files",
    "",
    "app.db.files/34/12/abcd1234",
    "app.db.files/34/12",
  ]);
});

test("a json: project is on the disk when a change is acknowledged", async () => {
  const folder = await aFolder();
  const { store } = await opened(`json:${join(folder, "project.json")}`);
  const syncs = await watchSyncs();
  await store.runs.create(aRun());
  const synced = await syncs.below(join(folder, "project.json"));
  expect(synced).toContain(`runs/${aRun().id}.json`);
  expect(synced).toContain("runs");
});

test("a backup is on the disk when it is finished, its manifest last", async () => {
  const folder = await aFolder();
  const { store } = await opened("memory:");
  const syncs = await watchSyncs();
  await store.backup(join(folder, "monday"));
  const names = await syncs.below(join(folder, "monday"));
  expect(names.slice(-3)).toEqual(["backup.json", "tables", ""]);
  expect(names).toContain("tables/runs.jsonl");
});

test("a restored database is on the disk before it has its name, and every commit in it was", async () => {
  const folder = await aFolder();
  const { store } = await opened("memory:");
  await store.backup(join(folder, "backup"));
  const path = join(folder, "new", "app.db");
  const syncs = await watchSyncs(path);
  await restoreBackup(join(folder, "backup"), { store: `sqlite:${path}` });
  expect(await syncs.below(join(folder, "new"))).toEqual(["app.db", ""]);
  expect(syncs.found).toEqual([false, true]);
  // 2 is FULL: SQLite waits for the disk at each commit.
  expect(syncs.databases).toContainEqual({ name: "app.db.restoring", synchronous: 2 });
});

import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { aRun } from "@rivulet/core/testing";
import { writeBackup } from "@rivulet/store/backup";
import { type Database, type FileStorage, migrate } from "@rivulet/store/sql";
import { openSqlite } from "@rivulet/store/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { backendOver, noUploads } from "../store/a-backend.ts";
import { aFolder } from "./folder.ts";

async function aDatabase(path: string): Promise<Database> {
  const database = openSqlite(path);
  onTestFinished(() => database.close());
  // As in a store: who writes does not wait for who reads.
  await database.all("PRAGMA journal_mode = WAL");
  await migrate(database);
  return database;
}

test("files that are replaced each time they are copied are copied at last while nobody may replace them", async () => {
  const folder = await aFolder();
  const path = join(folder, "app.db");
  const [database, other] = [await aDatabase(path), await aDatabase(path)];
  let current = 1;
  let isFrozen = false;
  const reads: string[] = [];
  const storage: FileStorage = {
    write: async () => undefined,
    // Whoever replaces the artifact is always a little faster than the copy.
    read: async () => undefined,
    uploads: noUploads,
    async readPart({ id }) {
      reads.push(id);
      if (isFrozen) return Buffer.from(id);
      current += 1;
      await other.run("UPDATE artifacts SET file_id = ?", [`file${current}`]);
      return undefined;
    },
    list: async () => ({ items: [] }),
    hold: async (_sql, { ids }) => ids,
    remove: async () => undefined,
    removeTemporary: async () => 0,
  };
  const { entities } = backendOver(other, { storage });
  await entities.runs.create(aRun());
  const artifact = { runId: aRun().id, path: "weights", contentType: "text/plain", createdAt: 0 };
  await entities.artifacts.put({
    ...artifact,
    fileId: "file1",
    size: 5,
    sha256: hash("sha256", "file3"),
  });

  const { files, missingFiles, damagedFiles } = await writeBackup(join(folder, "backup"), {
    database,
    storage,
    async freeze(work) {
      isFrozen = true;
      return work().finally(() => {
        isFrozen = false;
      });
    },
  });
  expect(reads).toEqual(["file1", "file2", "file3"]);
  expect({ files, missingFiles, damagedFiles }).toEqual({
    files: 1,
    missingFiles: [],
    damagedFiles: [],
  });
  expect(await readFile(join(folder, "backup", "files", "e3", "il", "file3"), "utf8")).toBe(
    "file3",
  );
});

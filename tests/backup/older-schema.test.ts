import { join } from "node:path";
import { aRun, hexId } from "@rivulet/core/testing";
import { openBackup, restoreInTransaction } from "@rivulet/store/backup";
import { type FileStorage, migrate, SCHEMA, SCHEMA_VERSION, type Schema } from "@rivulet/store/sql";
import { openSqlite } from "@rivulet/store/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { noUploads } from "../store/a-backend.ts";
import { aFolder, opened } from "./folder.ts";

const NEXT = SCHEMA_VERSION + 1;

/** A schema of the future: a table more, a column more, and a step that fills both. */
const newer: Schema = {
  tables: [
    ...SCHEMA.tables.map((table) =>
      table.name === "runs"
        ? {
            ...table,
            columns: { ...table.columns, shout: "text?" as const },
            added: { ...table.added, shout: NEXT },
          }
        : table,
    ),
    { name: "words", columns: { word: "text" }, key: ["word"], since: NEXT },
  ],
  steps: {
    ...SCHEMA.steps,
    [NEXT]: async (sql) => {
      await sql.run("UPDATE runs SET shout = upper(name)");
      await sql.run("INSERT INTO words (word) SELECT name FROM runs");
    },
  },
};

const noFiles: FileStorage = {
  write: async () => undefined,
  read: async () => undefined,
  readPart: async () => undefined,
  uploads: noUploads,
  list: async () => ({ items: [] }),
  hold: async () => [],
  remove: async () => undefined,
  removeTemporary: async () => 0,
};

test("a backup of an older schema is brought up to date like an older store", async () => {
  const folder = join(await aFolder(), "backup");
  const store = await opened("memory:");
  await store.runs.create(aRun({ name: "quiet" }));
  await store.backup(folder);

  const database = openSqlite(":memory:");
  onTestFinished(() => database.close());
  await migrate(database, newer);
  const backup = await openBackup(folder, newer);
  await restoreInTransaction(backup, { database, storage: noFiles, url: "sqlite:test" });
  expect(await database.all("SELECT id, name, shout FROM runs")).toEqual([
    { id: hexId(1), name: "quiet", shout: "QUIET" },
  ]);
  expect(await database.all("SELECT word FROM words")).toEqual([{ word: "quiet" }]);
  expect(await database.all("SELECT id FROM experiments")).toEqual([{ id: "0" }]);
});

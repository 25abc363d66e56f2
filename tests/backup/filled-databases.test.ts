import { hash } from "node:crypto";
import { aRun, BUILT_AT, hexId } from "@rivulet/core/testing";
import { fillDatabase, type Migration } from "@rivulet/store/migration";
import { type FileStorage, migrate, SCHEMA_VERSION } from "@rivulet/store/sql";
import { openSqlite } from "@rivulet/store/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { backendOver } from "../store/a-backend.ts";

const CONTENT = Uint8Array.of(1, 2, 3, 4);
const ID = hash("sha256", CONTENT);

async function aDatabase() {
  const database = openSqlite(":memory:");
  onTestFinished(() => database.close());
  await migrate(database);
  return database;
}

type Files = Map<string, Uint8Array>;

/** Files in a map; `stored` is what becomes of what is written. */
function aStorage(files: Files, stored = (content: Uint8Array): Uint8Array => content) {
  const none = async (): Promise<never> => {
    throw new Error("This is not asked for.");
  };
  const storage: FileStorage = {
    write: async (id, content) => {
      files.set(id, stored(content));
    },
    read: async (id) => files.get(id),
    readPart: async ({ id, from, length }) => files.get(id)?.subarray(from, from + length),
    uploads: { begin: none, append: none, finish: none, abandon: none },
    list: none,
    hold: async (_sql, { ids }) => ids.filter((id) => files.has(id)),
    remove: none,
    removeTemporary: none,
  };
  return storage;
}

type TestDatabase = Awaited<ReturnType<typeof aDatabase>>;

/** Migrates a store with one artifact of four bytes from some files into a storage. */
async function migrated(from: Files, storage: FileStorage, into?: TestDatabase) {
  const [source, target] = [await aDatabase(), into ?? (await aDatabase())];
  const backend = backendOver(source);
  await backend.entities.runs.create(aRun());
  await source.run(
    `INSERT INTO artifacts (run_id, path, size, sha256, content_type, created_us, file_id)
     VALUES (?, 'a', 4, ?, 'text/plain', ?, ?)`,
    [hexId(1), ID, BUILT_AT * 1000, ID],
  );
  return source.snapshot((sql) => {
    const migration: Migration = {
      from: "memory:a",
      sql,
      version: SCHEMA_VERSION,
      storage: aStorage(from),
      tell: () => undefined,
      check: () => undefined,
    };
    return fillDatabase({ database: target, storage, url: "memory:b" }, migration);
  });
}

test("a file that arrives with other bytes ends a migration", async () => {
  const storage = aStorage(new Map(), (content) => content.with(0, 9));
  await expect(migrated(new Map([[ID, CONTENT]]), storage)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining(`The file ${ID} differs between the two stores`),
  });
});

test("a file that is there with other bytes, from an attempt before, is written again", async () => {
  const there: Files = new Map([[ID, Uint8Array.of(1, 2)]]);
  expect(await migrated(new Map([[ID, CONTENT]]), aStorage(there))).toMatchObject({
    files: 1,
    fileBytes: 4,
    missingFiles: [],
    damagedFiles: [],
  });
  expect([...(there.get(ID) ?? [])]).toEqual([1, 2, 3, 4]);
});

test("a file whose bytes are not those of its record is told, and copied as it is", async () => {
  const there: Files = new Map();
  expect(await migrated(new Map([[ID, Uint8Array.of(1, 2, 3, 5)]]), aStorage(there))).toMatchObject(
    { files: 1, missingFiles: [], damagedFiles: [ID] },
  );
  expect([...(there.get(ID) ?? [])]).toEqual([1, 2, 3, 5]);
});

test("a file that the store has lost is told, and everything else is there", async () => {
  const there: Files = new Map();
  expect(await migrated(new Map(), aStorage(there))).toMatchObject({
    files: 0,
    fileBytes: 0,
    missingFiles: [ID],
    tables: { artifacts: { rows: 1 } },
  });
  expect(there.size).toBe(0);
});

test("a database that holds something else is not filled, and stays as it is", async () => {
  const target = await aDatabase();
  const { runs } = backendOver(target).entities;
  await runs.create(aRun({ id: hexId(7), name: "mine" }));
  const storage = aStorage(new Map());
  await expect(migrated(new Map([[ID, CONTENT]]), storage, target)).rejects.toMatchObject({
    code: "already_exists",
    message: expect.stringContaining("(in runs)"),
  });
  expect(await target.all("SELECT name FROM runs")).toEqual([{ name: "mine" }]);
  expect(await target.all("SELECT table_name FROM migrations")).toEqual([]);
});

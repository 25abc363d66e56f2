import { join } from "node:path";
import { type Database, migrate, type Schema, type Table } from "@rivulet/store/sql";
import { openSqlite } from "@rivulet/store/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { aFolder } from "./folder.ts";

function opened(path = ":memory:"): Database {
  const database = openSqlite(path);
  onTestFinished(() => database.close());
  return database;
}

const notes: Table = { name: "notes", columns: { id: "text", body: "text" }, key: ["id"] };
const first: Schema = {
  tables: [notes],
  steps: {
    1: async (sql) =>
      void (await sql.insert({ table: "notes", columns: ["id", "body"] }, [["a", "one"]])),
  },
};
/** A column, an index and a table more, and something done by hand. */
const second: Schema = {
  tables: [
    {
      ...notes,
      columns: { ...notes.columns, length: "integer?" },
      indexes: [
        { name: "notes_length", columns: ["length DESC", "id"], where: "length IS NOT NULL" },
      ],
      added: { length: 2, notes_length: 2 },
    },
    {
      name: "links",
      columns: { from_id: "text", to_id: "text" },
      key: ["from_id", "to_id"],
      since: 2,
    },
  ],
  steps: { ...first.steps, 2: async (sql) => void (await sql.run("UPDATE notes SET length = 3")) },
};

async function namesIn(database: Database): Promise<readonly unknown[]> {
  const rows = await database.all(
    "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY name",
  );
  return rows.map((row) => row["name"]);
}

test("a store of an older version gets what is new, and keeps what it has", async () => {
  const database = opened();
  await migrate(database, first);
  await database.run("UPDATE notes SET body = 'changed'");
  await migrate(database, second);
  expect(await namesIn(database)).toEqual(["links", "notes", "notes_length", "rivulet_schema"]);
  expect(await database.all("SELECT * FROM notes")).toEqual([
    { id: "a", body: "changed", length: 3 },
  ]);
});

test("a new store is the same as one that has come all the way", async () => {
  const [fresh, grown] = [opened(), opened()];
  await migrate(fresh, second);
  await migrate(grown, first);
  await migrate(grown, second);
  const textsIn = (database: Database) =>
    database.all("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY name");
  expect(await textsIn(fresh)).toEqual(await textsIn(grown));
  const versions = "SELECT version, fingerprint FROM rivulet_schema ORDER BY version";
  expect(await fresh.all(versions)).toMatchObject([{ version: 1 }, { version: 2 }]);
  expect(await grown.all(versions)).toEqual(await fresh.all(versions));
});

test("a newer store is refused, and left as it is", async () => {
  const database = opened();
  await migrate(database, second);
  await expect(migrate(database, first)).rejects.toMatchObject({
    code: "store_too_new",
    details: { version: 2, newest: 1 },
  });
  expect(await database.all("SELECT length FROM notes")).toEqual([{ length: 3 }]);
});

test("a store whose tables are others under the same version is refused, and left as it is", async () => {
  const database = opened();
  await migrate(database, first);
  const unreleased = { ...first, tables: [{ ...notes, columns: { id: "text", text: "text" } }] };
  for (const other of [unreleased, { ...unreleased, steps: second.steps }] as Schema[]) {
    await expect(migrate(database, other)).rejects.toMatchObject({
      code: "store_corrupt",
      message:
        "The store was created by an unreleased build of Rivulet whose schema 1 has different tables; it was left unchanged. Choose another place.",
    });
  }
  expect(await database.all("SELECT * FROM notes")).toEqual([{ id: "a", body: "one" }]);
});

test("a store from before the tables were compared is refused", async () => {
  const database = opened();
  await migrate(database, first);
  await database.run("ALTER TABLE rivulet_schema DROP COLUMN fingerprint");
  await expect(migrate(database, first)).rejects.toMatchObject({ code: "store_corrupt" });
});

test("a step that fails leaves nothing of its version behind", async () => {
  const database = opened();
  await migrate(database, first);
  const broken = {
    ...second,
    steps: { ...second.steps, 2: () => Promise.reject(new Error("no")) },
  };
  await expect(migrate(database, broken)).rejects.toThrow("no");
  expect(await namesIn(database)).toEqual(["notes", "rivulet_schema"]);
  await migrate(database, second);
  expect(await namesIn(database)).toContain("links");
});

test("several that start at once migrate once", async () => {
  const path = join(await aFolder(), "rivulet.db");
  const databases = Array.from({ length: 6 }, () => opened(path));
  await Promise.all(databases.map((database) => migrate(database, second)));
  expect(await databases[0]?.all("SELECT id FROM notes")).toEqual([{ id: "a" }]);
});

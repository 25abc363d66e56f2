import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openStore } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";
import { describe, expect, test } from "vitest";
import { aFolder, opened } from "./folder.ts";

describe("a URL", () => {
  test.each([
    ["mysql://localhost/x", /sqlite:PATH, json:PATH, memory:/],
    ["nothing", /sqlite:PATH/],
    ["sqlite:", /sqlite:PATH/],
  ])("%s is refused with what to use instead", async (url, message) => {
    const error = await openStore(url).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "invalid_argument",
      message: expect.stringMatching(message),
    });
    expect(String(error)).not.toContain("secret");
  });

  test("names a file in folders that are not there yet", async () => {
    const path = join(await aFolder(), "a", "b", "new.db");
    const { store } = await opened(`sqlite:${path}`);
    expect(store.info).toEqual({
      driver: "sqlite",
      url: `sqlite:${path}`,
      folder: join(path, ".."),
    });
  });

  test.each(["sqlite", "json"])(
    "%s: of a path that cannot be is refused with path and reason",
    async (scheme) => {
      const file = join(await aFolder(), "file");
      await writeFile(file, "");
      await expect(openStore(`${scheme}:${file}/below/x.db`)).rejects.toMatchObject({
        code: "store_unavailable",
        message: expect.stringContaining(`${file}/below`),
      });
    },
  );

  test("sqlite: of a folder is refused", async () => {
    const folder = join(await aFolder(), "folder.db");
    await mkdir(folder);
    await expect(openStore(`sqlite:${folder}`)).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining(folder),
    });
  });
});

/** Content of a database of another program. */
async function foreignDatabase(): Promise<Buffer> {
  const path = join(await aFolder(), "foreign");
  using database = new DatabaseSync(path);
  database.exec("CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES ('x')");
  return readFile(path);
}

/** Content of a store with a schema of the future. */
async function newerDatabase(): Promise<Buffer> {
  const path = join(await aFolder(), "newer.db");
  await (await openStore(`sqlite:${path}`)).close();
  const database = new DatabaseSync(path);
  database.exec("INSERT INTO rivulet_schema VALUES (9999, 0, ''); PRAGMA journal_mode = DELETE");
  database.close();
  return readFile(path);
}

/** A json: store was one file before it became a folder. */
const ONE_FILE = '{"rivulet": {"schema": 1}, "tables": {}}';

describe("a file that is not ours is left as it is:", () => {
  test.each([
    ["text for sqlite:", "sqlite", async () => Buffer.from("x".repeat(5_000)), "store_corrupt"],
    ["a foreign database", "sqlite", foreignDatabase, "store_corrupt"],
    ["a newer schema", "sqlite", newerDatabase, "store_too_new"],
    ["half a JSON", "json", async () => Buffer.from('{"rivulet": {'), "invalid_argument"],
    [
      "a project in one file, as it was once",
      "json",
      async () => Buffer.from(ONE_FILE),
      "invalid_argument",
    ],
    ["no JSON at all", "json", async () => Buffer.from([0x22, 0xff, 0x22]), "invalid_argument"],
  ] as const)("%s", async (...[, scheme, content, code]) => {
    const path = join(await aFolder(), "there");
    const bytes = await content();
    await writeFile(path, bytes);
    await expect(openStore(`${scheme}:${path}`)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(path),
    });
    expect(await readFile(path)).toEqual(bytes);
  });
});

describe("a store that is open for reading only", () => {
  test("reads, and refuses to write", async () => {
    const url = `sqlite:${join(await aFolder(), "read.db")}`;
    const { store: writer } = await opened(url);
    await writer.runs.create(aRun({ id: hexId(1) }));
    const { store, errors } = await opened(url, { readOnly: true });
    expect((await store.runs.get(hexId(1)))?.id).toBe(hexId(1));
    await expect(store.runs.create(aRun({ id: hexId(2) }))).rejects.toMatchObject({
      code: "unsupported",
    });
    expect(store.journal.appendSpan(aSpan())).toBe(false);
    expect(store.journal.stats().dropped).toBe(1);
    expect(errors.map(({ message }) => message)).toEqual([
      "A record was dropped: the store is open read-only.",
    ]);
  });

  test("needs a file that is there", async () => {
    const path = join(await aFolder(), "missing.db");
    await expect(openStore(`sqlite:${path}`, { readOnly: true })).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining(path),
    });
  });
});

test("a closed store refuses calls", async () => {
  const store = await openStore("memory:");
  await store.close();
  await expect(store.runs.get(hexId(1))).rejects.toMatchObject({ code: "closed" });
});

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openStore, restoreBackup } from "@rivulet/core";
import { describe, expect, test } from "vitest";
import { aFolder, opened } from "./folder.ts";

const NO_ROOM = "with a name that leaves no room for those beside it";
/** Paths in a folder at which no file can be. */
const PATHS: readonly (readonly [string, (folder: string) => string])[] = [
  ["with a NUL in the name", (folder) => join(folder, "a\0b")],
  ["with a NUL in a folder's name", (folder) => join(folder, "a\0b", "c")],
  ["with a name that is too long", (folder) => join(folder, "x".repeat(300))],
  [NO_ROOM, (folder) => join(folder, "x".repeat(253))],
  ["that is too long", (folder) => join(folder, ...Array(30).fill("x".repeat(200)))],
  ["through a file", (folder) => join(folder, "file", "below")],
];

async function aFolderWithFile(): Promise<string> {
  const folder = await aFolder();
  await writeFile(join(folder, "file"), "");
  await mkdir(join(folder, "folder"));
  return folder;
}

const REFUSED = {
  name: "RivuletError",
  code: expect.stringMatching(/^(store_unavailable|invalid_argument)$/),
};

describe.each(PATHS)("a path %s", (_what, pathIn) => {
  test.each([
    ["sqlite", false],
    ["sqlite", true],
    ["json", false],
    ["json", true],
  ])("is refused by %s: (readOnly: %s)", async (scheme, readOnly) => {
    const url = `${scheme}:${pathIn(await aFolderWithFile())}`;
    await expect(openStore(url, { readOnly })).rejects.toMatchObject(REFUSED);
  });

  test("is refused as the target of a restore", async () => {
    const folder = await aFolderWithFile();
    const { store } = await opened("memory:");
    await store.backup(join(folder, "backup"));
    for (const scheme of ["sqlite", "json"]) {
      await expect(
        restoreBackup(join(folder, "backup"), { store: `${scheme}:${pathIn(folder)}` }),
      ).rejects.toMatchObject(REFUSED);
    }
  });
});

test.each(PATHS.filter(([what]) => what !== NO_ROOM))(
  "a path %s is refused as a backup's folder",
  async (_what, pathIn) => {
    const folder = await aFolderWithFile();
    const path = pathIn(folder);
    const { store } = await opened("memory:");
    await expect(store.backup(path)).rejects.toMatchObject({ code: "store_unavailable" });
    const target = `sqlite:${join(folder, "new.db")}`;
    await expect(restoreBackup(path, { store: target })).rejects.toMatchObject({
      code: "store_unavailable",
    });
  },
);

describe.each([
  ["a folder", "sqlite", "folder"],
  // A project is a folder.
  ["a file", "json", "file"],
])("%s", (_what, scheme, place) => {
  test.each([false, true])(`is refused by ${scheme}: (readOnly: %s)`, async (readOnly) => {
    const url = `${scheme}:${join(await aFolderWithFile(), place)}`;
    await expect(openStore(url, { readOnly })).rejects.toMatchObject(REFUSED);
  });

  test("is refused as the target of a restore", async () => {
    const folder = await aFolderWithFile();
    const { store } = await opened("memory:");
    await store.backup(join(folder, "backup"));
    await expect(
      restoreBackup(join(folder, "backup"), { store: `${scheme}:${join(folder, place)}` }),
    ).rejects.toMatchObject(REFUSED);
  });
});

test("files that cannot be because something else is in their place say so", async () => {
  const folder = await aFolder();
  for (const [scheme, place] of [
    ["sqlite", "store.files"],
    ["json", "project/files"],
  ] as const) {
    const path = join(folder, scheme === "sqlite" ? "store" : "project");
    await mkdir(dirname(join(folder, place)), { recursive: true });
    await writeFile(join(folder, place), "no folder");
    const { store } = await opened(`${scheme}:${path}`);
    await expect(
      store.files.write({ id: "abcd", content: Buffer.from("x") }),
    ).rejects.toMatchObject({ code: "store_unavailable" });
    await expect(store.files.list({ limit: 1 })).rejects.toMatchObject({
      code: "store_unavailable",
    });
    await expect(store.files.read("abcd")).rejects.toMatchObject({ code: "store_unavailable" });
  }
});

test.each([
  [
    "sqlite:~/app.db",
    "Cannot use this path for a store: ~/app.db. Only shells expand ~: write the folder in full.",
  ],
  [
    "json:~/app",
    "Cannot use this path for a store: ~/app. Only shells expand ~: write the folder in full.",
  ],
  [
    "sqlite:app.db?mode=ro",
    "Cannot use this path for a store: app.db?mode=ro. It takes no options: they are given to openStore or createRivulet.",
  ],
])("%s is refused: its meaning elsewhere would be part of a name here", async (url, message) => {
  await expect(openStore(url)).rejects.toMatchObject({ code: "invalid_argument", message });
});

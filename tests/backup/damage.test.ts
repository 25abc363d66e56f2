import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, restoreBackup } from "@rivulet/core";
import { aRun, hexId } from "@rivulet/core/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { aFolder, namesBelow, opened } from "./folder.ts";
import { fillStore } from "./full-store.ts";

describe("a backup that is not what was written is refused, with the place:", () => {
  let sound = "";
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "rivulet-damage-"));
    sound = join(folder, "backup");
    const store = await openStore("memory:");
    await fillStore(store);
    await store.backup(sound);
    await store.close();
    return () => rm(folder, { recursive: true, force: true });
  });

  const change =
    (name: string, edit: (text: string) => string) =>
    async (folder: string): Promise<void> => {
      const path = join(folder, name);
      const text = await readFile(path, "utf8");
      const changed = edit(text);
      expect(changed).not.toBe(text);
      await writeFile(path, changed);
    };
  const changeManifest = (edit: (manifest: Record<string, never>) => object) =>
    change("backup.json", (text) => JSON.stringify(edit(JSON.parse(text))));
  const runs = "tables/runs.jsonl";

  test.each<readonly [string, Damage]>([
    [
      "a file cut off",
      {
        damage: change(runs, (text) => text.slice(0, -9)),
        code: "store_corrupt",
        message: /tables\/runs\.jsonl, line 2: it is truncated/,
      },
    ],
    [
      "a line that is missing",
      {
        damage: change(runs, (text) => text.slice(text.indexOf("\n") + 1)),
        code: "store_corrupt",
        message: /runs\.jsonl, line 2: it is missing; 2 lines are expected/,
      },
    ],
    [
      "a line too many",
      {
        damage: change(
          runs,
          (text) =>
            text +
            text
              .replaceAll(hexId(1), hexId(3))
              .replaceAll(hexId(2), hexId(4))
              .replace(/"inner_id":\d+/g, (own) => `${own}0`),
        ),
        code: "store_corrupt",
        message: /runs\.jsonl: its content has changed/,
      },
    ],
    [
      "a letter that changed",
      {
        damage: change(runs, (text) => text.replace("brave", "grave")),
        code: "store_corrupt",
        message: /runs\.jsonl: its content has changed/,
      },
    ],
    [
      "a line that is no JSON",
      {
        damage: change(runs, (text) => text.replace("\n{", "\n")),
        code: "store_corrupt",
        message: /runs\.jsonl, line 2: it is not valid JSON/,
      },
    ],
    [
      "a line that is no row",
      {
        damage: change(runs, (text) => `${text.split("\n")[0]}\n[1]\n`),
        code: "store_corrupt",
        message: /runs\.jsonl, line 2: it is no row/,
      },
    ],
    [
      "an unknown column",
      {
        damage: change(runs, (text) => text.replace('"name"', '"nome"')),
        code: "store_corrupt",
        message: /runs\.jsonl, line 1: it has an unknown column "nome"/,
      },
    ],
    [
      "a column that is missing",
      {
        damage: change(runs, (text) => text.replace(/"start_us":\d+,/, "")),
        code: "store_corrupt",
        message: /runs\.jsonl, line 1: its "start_us" is no integer/,
      },
    ],
    [
      "a number that is text",
      {
        damage: change(runs, (text) => text.replace(/"start_us":\d+/, '"start_us":"1"')),
        code: "store_corrupt",
        message: /runs\.jsonl, line 1: its "start_us" is no integer/,
      },
    ],
    [
      "a text that is a number",
      {
        damage: change(runs, (text) => text.replace('"failed"', "7")),
        code: "store_corrupt",
        message: /runs\.jsonl, line 1: its "status" is no text/,
      },
    ],
    [
      "a number that is none",
      {
        damage: change("tables/metrics.jsonl", (text) =>
          text.replace(/"value":[^,]+/, '"value":"1"'),
        ),
        code: "store_corrupt",
        message: /metrics\.jsonl, line 1: its "value" is no real/,
      },
    ],
    [
      "a key that comes twice",
      {
        damage: change(runs, (text) => text.replaceAll(hexId(2), hexId(1))),
        code: "store_corrupt",
        message: /runs\.jsonl, lines 1 to 2: the database refuses it/,
      },
    ],
    [
      "bytes that are no UTF-8",
      {
        damage: (folder) => writeFile(join(folder, runs), Buffer.from([0x22, 0xff, 0x0a])),
        code: "store_corrupt",
        message: /runs\.jsonl, line 1: it is not valid UTF-8/,
      },
    ],
    [
      "a table that is missing",
      {
        damage: (folder) => rm(join(folder, runs)),
        code: "store_corrupt",
        message: /runs\.jsonl: the file is missing/,
      },
    ],
    [
      "a file that is missing",
      {
        damage: (folder) => removeAFile(folder),
        code: "store_corrupt",
        message: /files\/…\/[0-9a-f]{64}: the file is missing/,
      },
    ],
    [
      "a file that changed",
      {
        damage: (folder) => changeAFile(folder),
        code: "store_corrupt",
        message: /files\/…\/[0-9a-f]{64}: its content has changed/,
      },
    ],
    [
      "a list of files that is none",
      {
        damage: change("files.jsonl", () => "{}\n"),
        code: "store_corrupt",
        message: /files\.jsonl, line 1: it names no file/,
      },
    ],
    [
      "a manifest that is none",
      {
        damage: (folder) => writeFile(join(folder, "backup.json"), "{"),
        code: "store_corrupt",
        message: /backup\.json: it is not the manifest/,
      },
    ],
    [
      "a manifest that lacks a part",
      {
        damage: changeManifest(({ files: _, ...rest }) => rest),
        code: "store_corrupt",
        message: /backup\.json: it is incomplete/,
      },
    ],
    [
      "a manifest that lacks a table",
      {
        damage: changeManifest((manifest) => ({ ...manifest, tables: {} })),
        code: "store_corrupt",
        message: /it lacks the table "experiments"/,
      },
    ],
    [
      "a manifest with a table too many",
      {
        damage: changeManifest((manifest) => ({
          ...manifest,
          tables: { songs: { lines: 0, bytes: 0, sha256: "" } },
        })),
        code: "store_corrupt",
        message: /an unknown table "songs"/,
      },
    ],
    [
      "a format of the future",
      {
        damage: changeManifest((manifest) => ({ ...manifest, rivuletBackup: 2, tables: [] })),
        code: "store_too_new",
        message: /format 2 .* Update @rivulet\/core/,
      },
    ],
    [
      "a schema of the future",
      {
        damage: changeManifest((manifest) => ({ ...manifest, schema: 9999 })),
        code: "store_too_new",
        message: /schema 9999; .* Update/,
      },
    ],
    [
      "one that was never finished",
      { damage: (folder) => unfinish(folder), code: "store_corrupt", message: /is unfinished/ },
    ],
    [
      "a folder of something else",
      {
        damage: (folder) => rm(join(folder, "backup.json")),
        code: "not_found",
        message: /There is no backup at/,
      },
    ],
  ])("%s", async (_what, { damage, code, message }) => {
    const folder = await aFolder();
    await cp(sound, join(folder, "backup"), { recursive: true });
    await damage(join(folder, "backup"));
    for (const store of [
      `sqlite:${join(folder, "x", "a.db")}`,
      `json:${join(folder, "x", "a.json")}`,
    ]) {
      await expect(restoreBackup(join(folder, "backup"), { store })).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
    }
    const left = existsSync(join(folder, "x")) ? await namesBelow(join(folder, "x")) : [];
    expect(left.filter((name) => !/\.files|a\.json($|\/files)/.test(name))).toEqual([]);
  });
});

interface Damage {
  readonly damage: (folder: string) => Promise<void>;
  readonly code: string;
  readonly message: RegExp;
}

async function aFileOf(folder: string): Promise<string> {
  const [line = ""] = (await readFile(join(folder, "files.jsonl"), "utf8")).split("\n");
  const { id } = JSON.parse(line) as { id: string };
  return join(folder, "files", id.slice(-2), id.slice(-4, -2), id);
}

async function removeAFile(folder: string): Promise<void> {
  await rm(await aFileOf(folder));
}

async function changeAFile(folder: string): Promise<void> {
  await writeFile(await aFileOf(folder), "other");
}

async function unfinish(folder: string): Promise<void> {
  await rm(join(folder, "backup.json"));
  await writeFile(join(folder, "backup.json.tmp"), "");
}

describe("a backup", () => {
  test.each([
    [
      "a folder that holds something",
      async (path: string) => {
        await mkdir(path);
        await writeFile(join(path, "mine"), "mine");
      },
    ],
    ["a file", (path: string) => writeFile(path, "mine")],
    [
      "a backup",
      async (path: string) => {
        const store = await opened("memory:");
        await store.backup(path);
      },
    ],
  ])("does not go into %s, which stays as it is", async (_what, make) => {
    const path = join(await aFolder(), "there");
    await make(path);
    const before = await namesBelow(join(path, ".."));
    const store = await opened("memory:");
    await expect(store.backup(path)).rejects.toMatchObject({ code: "already_exists" });
    expect(await namesBelow(join(path, ".."))).toEqual(before);
  });

  test("that cannot be written leaves nothing", async () => {
    const folder = await aFolder();
    await writeFile(join(folder, "file"), "");
    const store = await opened("memory:");
    await expect(store.backup(join(folder, "file", "below"))).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining(join(folder, "file", "below")),
    });
    expect(await namesBelow(folder)).toEqual(["file"]);
  });

  test("of two into one folder at once, one is made", async () => {
    const folder = join(await aFolder(), "backup");
    const store = await opened("memory:");
    const outcomes = await Promise.allSettled([store.backup(folder), store.backup(folder)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await restoreBackup(folder, { store: `json:${join(folder, "..", "a.json")}` });
  });
});

describe("a restore", () => {
  async function aBackup(folder: string): Promise<string> {
    const store = await opened("memory:");
    await store.runs.create(aRun({ name: "from the backup" }));
    await store.backup(join(folder, "backup"));
    return join(folder, "backup");
  }

  test.each(["sqlite", "json"])(
    "does not touch a %s store that holds something",
    async (scheme) => {
      const folder = await aFolder();
      const url = `${scheme}:${join(folder, "there")}`;
      const store = await openStore(url);
      await store.runs.create(aRun({ name: "was there" }));
      await store.close();
      const backup = await aBackup(folder);
      await expect(restoreBackup(backup, { store: url })).rejects.toMatchObject({
        code: "already_exists",
        message: expect.stringContaining(url),
      });
      const again = await opened(url);
      expect((await again.runs.get(hexId(1)))?.name).toBe("was there");
    },
  );

  test.each(["sqlite", "json"])("goes into a %s store that holds nothing", async (scheme) => {
    const folder = await aFolder();
    const url = `${scheme}:${join(folder, "there")}`;
    await (await openStore(url)).close();
    await restoreBackup(await aBackup(folder), { store: url });
    const store = await opened(url);
    expect((await store.runs.get(hexId(1)))?.name).toBe("from the backup");
  });

  test("leaves a file of another program as it is", async () => {
    const folder = await aFolder();
    const path = join(folder, "there");
    await writeFile(path, "x".repeat(5000));
    const backup = await aBackup(folder);
    // What is no folder is no project at all.
    for (const [scheme, code] of [
      ["sqlite", "store_corrupt"],
      ["json", "invalid_argument"],
    ]) {
      await expect(restoreBackup(backup, { store: `${scheme}:${path}` })).rejects.toMatchObject({
        code,
      });
    }
    expect(await readFile(path, "utf8")).toBe("x".repeat(5000));
  });

  test.each([
    ["memory:", "unsupported"],
    ["mysql://x", "invalid_argument"],
    ["sqlite:", "invalid_argument"],
  ])("into %s is refused", async (store, code) => {
    const folder = await aFolder();
    await expect(restoreBackup(await aBackup(folder), { store })).rejects.toMatchObject({ code });
  });
});

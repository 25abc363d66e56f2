import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { basename, join } from "node:path";
import { createRivulet, openStore, type Store } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeReadOnly, mountDisk } from "./disk.ts";
import { aFolder, opened } from "./folder.ts";

/** Permissions of everything in a folder, by path. */
async function modesIn(folder: string): Promise<Record<string, string>> {
  const paths = await readdir(folder, { recursive: true });
  const modes = paths.map(async (path) => {
    const { mode } = await stat(join(folder, path));
    // The spool's folders are named after engines.
    return [path.replace(/[0-9a-f]{16}/, "owner"), (mode & 0o777).toString(8)] as const;
  });
  return Object.fromEntries((await Promise.all(modes)).toSorted());
}

/** Writes what makes every file of a store. */
async function fill(store: Store): Promise<void> {
  await store.runs.create(aRun());
  store.journal.appendSpan(aSpan());
  await store.runs.get(aRun().id);
  // The tick is written.
  await new Promise(setImmediate);
}

describe("new files and folders", () => {
  test("of sqlite: are for this user alone; a folder of the user stays as it is", async () => {
    const folder = await aFolder();
    await chmod(folder, 0o755);
    const { store } = await opened(`sqlite:${join(folder, "made", "deep", "app.db")}`);
    await fill(store);
    expect(await modesIn(folder)).toEqual({
      made: "700",
      "made/deep": "700",
      "made/deep/app.db": "600",
      "made/deep/app.db-shm": "600",
      "made/deep/app.db-wal": "600",
      "made/deep/app.db.lock": "600",
      "made/deep/app.db.owners": "700",
      "made/deep/app.db.owners/owner": "600",
      "made/deep/app.db.spool": "700",
      "made/deep/app.db.spool/owner": "700",
      "made/deep/app.db.spool/owner/1.jsonl": "600",
      "made/deep/app.db.spool/owner/lock": "600",
    });
    expect((await stat(folder)).mode & 0o777).toBe(0o755);
  });

  test("of a new .rivulet, with its token and texts, are kept out of Git; other folders are the app's", async () => {
    const folder = await aFolder();
    await opened(`sqlite:${join(folder, "new", ".rivulet", "rivulet.db")}`);
    expect(await readFile(join(folder, "new", ".rivulet", ".gitignore"), "utf8")).toBe("*\n");
    await mkdir(join(folder, "old", ".rivulet"), { recursive: true });
    await opened(`sqlite:${join(folder, "old", ".rivulet", "rivulet.db")}`);
    await opened(`sqlite:${join(folder, "data", "rivulet.db")}`);
    const names = await readdir(folder, { recursive: true });
    expect(names.filter((name) => name.endsWith(".gitignore"))).toEqual([
      "new/.rivulet/.gitignore",
    ]);
  });

  test("have the file mode that is asked for, whatever the umask is; folders can be entered by who may read", async () => {
    const folder = await aFolder();
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    const { store } = await opened(`sqlite:${join(folder, "made", "app.db")}`, { fileMode: 0o660 });
    await fill(store);
    expect(await modesIn(folder)).toEqual({
      made: "770",
      "made/app.db": "660",
      "made/app.db-shm": "660",
      "made/app.db-wal": "660",
      "made/app.db.lock": "660",
      "made/app.db.owners": "770",
      "made/app.db.owners/owner": "660",
      "made/app.db.spool": "770",
      "made/app.db.spool/owner": "770",
      "made/app.db.spool/owner/1.jsonl": "660",
      "made/app.db.spool/owner/lock": "660",
    });
  });

  test("of json: are for this user alone", async () => {
    const folder = await aFolder();
    const { store } = await opened(`json:${join(folder, "made", "app.json")}`);
    await fill(store);
    expect(await modesIn(folder)).toMatchObject({
      made: "700",
      "made/app.json": "700",
      "made/app.json/rivulet.json": "600",
      "made/app.json/local": "700",
      "made/app.json/local/lock": "600",
    });
  });

  test("of a client have the mode that the client is given", async () => {
    const folder = await aFolder();
    const store = `sqlite:${join(folder, "made", "app.db")}`;
    await using rivulet = createRivulet({ store, fileMode: 0o640 });
    await rivulet.flush();
    expect(await modesIn(folder)).toMatchObject({ made: "750", "made/app.db": "640" });
  });
});

test.each(["sqlite"])("files of a %s: store that are there keep their mode", async (scheme) => {
  const path = join(await aFolder(), "app");
  const before = await openStore(`${scheme}:${path}`);
  await before.runs.create(aRun({ id: hexId(9) }));
  await before.close();
  await chmod(path, 0o644);
  const { store } = await opened(`${scheme}:${path}`);
  await fill(store);
  await store.close();
  expect((await stat(path)).mode & 0o777).toBe(0o644);
});

describe.each([
  { scheme: "sqlite", inside: ".", spool: "store.spool" },
  { scheme: "json", inside: "store/local", spool: "store" },
])("a $scheme: store that is reached by a symbolic link", ({ scheme, inside, spool }) => {
  test("is the one behind the link: what lies beside it lies there, and clients share its engine", async () => {
    const folder = await aFolder();
    await mkdir(join(folder, "real"));
    await symlink(join(folder, "real", "store"), join(folder, "link"));
    await symlink(join(folder, "real"), join(folder, "folder"));

    // The file is not there yet: the link leads to where it will be.
    const { store } = await opened(`${scheme}:${join(folder, "link")}`);
    const { store: other } = await opened(`${scheme}:${join(folder, "folder", "store")}`);
    await fill(store);
    expect(other.owner).toBe(store.owner);
    expect(store.info).toMatchObject({
      url: `${scheme}:${join(folder, "real", "store")}`,
      folder: join(folder, "real", inside),
    });
    expect((await readdir(folder)).toSorted()).toEqual(["folder", "link", "real"]);
    expect(await readdir(join(folder, "real"))).toContain(spool);
    await store.close();
    await other.close();
    expect(await readdir(join(folder, "real"))).toEqual(["store"]);
  });
});

test.each([
  ["sqlite", ".files"],
  ["json", "/files"],
])(
  "files of a %s: store that is open for reading are listed without a write beside them",
  async (scheme, ending) => {
    const path = join(await aFolder(), "app");
    const writer = await openStore(`${scheme}:${path}`);
    await writer.files.write({ id: "abcd", content: Buffer.from("hello") });
    await writer.close();
    const { store } = await opened(`${scheme}:${path}`, { readOnly: true });
    const before = await stat(`${path}${ending}`, { bigint: true });
    const { items } = await store.files.list({ limit: 10 });
    expect(items.map(({ id, size }) => ({ id, size }))).toEqual([{ id: "abcd", size: 5 }]);
    expect((await stat(`${path}${ending}`, { bigint: true })).mtimeNs).toBe(before.mtimeNs);
  },
);

describe("a store on a read-only disk", () => {
  /** A folder whose disk lets nobody write, not even root; undefined where none can be mounted. */
  async function aReadOnlyDisk(
    fill: (folder: string) => Promise<void>,
  ): Promise<string | undefined> {
    const folder = await aFolder();
    if (!mountDisk(folder, "64m")) return undefined;
    await fill(folder);
    makeReadOnly(folder);
    return folder;
  }

  test("is opened for reading when it was cleanly closed", async ({ skip }) => {
    const folder = await aReadOnlyDisk(async (disk) => {
      for (const scheme of ["sqlite", "json"]) {
        const store = await openStore(`${scheme}:${join(disk, scheme)}`);
        await store.runs.create(aRun());
        await store.close();
      }
    });
    if (folder === undefined) return skip("this user may not mount a disk");
    for (const scheme of ["sqlite", "json"]) {
      const { store } = await opened(`${scheme}:${join(folder, scheme)}`, { readOnly: true });
      expect((await store.runs.get(aRun().id))?.id).toBe(aRun().id);
      expect(await store.checkIntegrity()).toEqual({ ok: true, problems: [] });
    }
    expect((await readdir(folder)).toSorted()).toEqual(["json", "sqlite"]);
  });

  test("is read with what its log holds, when it was not cleanly closed", async ({ skip }) => {
    const folder = await aReadOnlyDisk(async (disk) => {
      const used = join(await aFolder(), "app.db");
      const store = await openStore(`sqlite:${used}`);
      await store.runs.create(aRun());
      for (const ending of ["", "-wal", "-shm"]) {
        await copyFile(`${used}${ending}`, join(disk, `app.db${ending}`));
      }
      await store.close();
    });
    if (folder === undefined) return skip("this user may not mount a disk");
    const { store } = await opened(`sqlite:${join(folder, "app.db")}`, { readOnly: true });
    expect((await store.runs.get(aRun().id))?.id).toBe(aRun().id);
  });

  test("says that it cannot be written when it is opened for that", async ({ skip }) => {
    const folder = await aReadOnlyDisk(async (disk) => {
      await (await openStore(`sqlite:${join(disk, "app.db")}`)).close();
    });
    if (folder === undefined) return skip("this user may not mount a disk");
    await expect(openStore(`sqlite:${join(folder, "app.db")}`)).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining(basename(folder)),
    });
  });
});

describe("the spool", () => {
  test("is in the folder that is asked for", async () => {
    const folder = await aFolder();
    const spool = join(folder, "elsewhere", "spool");
    const { store } = await opened(`sqlite:${join(folder, "app.db")}`, { spool });
    await fill(store);
    expect(await readdir(spool)).toEqual([store.owner]);
    await store.journal.flush();
    expect((await store.traces.get(aSpan().traceId))?.spanCount).toBe(1);
    await store.close();
    expect((await readdir(folder, { recursive: true })).toSorted()).toEqual([
      "app.db",
      "elsewhere",
      "elsewhere/spool",
    ]);
  });

  test("stays where its user has made the folder, also when it takes what others have left", async () => {
    const folder = await aFolder();
    const spool = join(folder, "elsewhere");
    const leftBehind = join(spool, "0".repeat(16));
    await mkdir(leftBehind, { recursive: true });
    await writeFile(join(leftBehind, "lock"), "");
    const { store } = await opened(`sqlite:${join(folder, "app.db")}`, { spool });
    await fill(store);
    await store.close();
    expect(await readdir(spool)).toEqual([]);
  });

  test("of a client is in the folder that the client is given", async () => {
    const folder = await aFolder();
    const spool = join(folder, "elsewhere");
    await using rivulet = createRivulet({ store: `sqlite:${join(folder, "app.db")}`, spool });
    await rivulet.flush();
    expect(await readdir(spool)).toHaveLength(1);
  });

  test.each(["sqlite", "json"])(
    "of %s: is in memory where no folder can be made, which is said",
    async (scheme) => {
      const folder = await aFolder();
      const file = join(folder, "a file");
      await writeFile(file, "");
      const { store, errors } = await opened(`${scheme}:${join(folder, "app")}`, {
        spool: join(file, "spool"),
        journalBytes: 60_000,
      });
      expect(errors).toEqual([
        expect.objectContaining({
          code: "store_unavailable",
          message: expect.stringMatching(
            /^Records wait in memory and will be lost .*: Cannot write to the spool in .*spool: ENOTDIR: .*'\.$/,
          ),
        }),
      ]);
      const input = "x".repeat(9_000);
      const taken = Array.from({ length: 20 }, (_, index) =>
        store.journal.appendSpan(aSpan({ id: (index + 1).toString(16).padStart(16, "0"), input })),
      );
      expect(taken.filter(Boolean)).toHaveLength(6);
      expect(store.journal.stats()).toMatchObject({ medium: "memory", appended: 6, dropped: 14 });
      await store.journal.flush();
      expect(store.journal.stats()).toMatchObject({ appended: 6, dropped: 14, pendingBytes: 0 });
      expect((await store.traces.get(aSpan().traceId))?.spanCount).toBe(6);
      expect(store.journal.appendSpan(aSpan({ id: "f".repeat(16) }))).toBe(true);
      await store.close();
      const { store: again } = await opened(`${scheme}:${join(folder, "app")}`);
      expect((await again.traces.get(aSpan().traceId))?.spanCount).toBe(7);
    },
  );
});

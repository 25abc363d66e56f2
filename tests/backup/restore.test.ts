import { copyFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { createRivulet, openStore, restoreBackup, type Store } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";
import { registerDriver } from "@rivulet/store";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { aFolder, namesBelow, opened } from "./folder.ts";
import { fillStore } from "./full-store.ts";

/** A folder with a backup of a full store in it. */
async function aBackup(): Promise<{ readonly folder: string; readonly backup: string }> {
  const folder = await aFolder();
  const store = await opened("memory:");
  await fillStore(store);
  await store.backup(join(folder, "backup"));
  return { folder, backup: join(folder, "backup") };
}

test.each(["sqlite", "json"])(
  "a %s store that somebody has open is not restored into",
  async (scheme) => {
    const { folder, backup } = await aBackup();
    const url = `${scheme}:${join(folder, "store")}`;
    const store = await openStore(url);
    await expect(restoreBackup(backup, { store: url })).rejects.toMatchObject({
      code: "store_locked",
      message: expect.stringContaining(join(folder, "store")),
    });
    await store.close();
    await restoreBackup(backup, { store: url });
    expect((await (await opened(url)).runs.get(hexId(1)))?.status).toBe("failed");
  },
);

test.each(["sqlite", "json"])(
  "what is made for a %s store has the permissions that are asked for",
  async (scheme) => {
    const { folder, backup } = await aBackup();
    const place = join(folder, "new");
    await restoreBackup(backup, { store: `${scheme}:${join(place, "store")}`, fileMode: 0o660 });
    for (const name of ["", ...(await namesBelow(place))]) {
      const found = await stat(join(place, name));
      expect([name, (found.mode & 0o777).toString(8)]).toEqual([
        name,
        found.isFile() ? "660" : "770",
      ]);
    }
  },
);

test("a restore leaves nothing but the store", async () => {
  const { folder, backup } = await aBackup();
  await restoreBackup(backup, { store: `sqlite:${join(folder, "new", "app.db")}` });
  const names = await namesBelow(join(folder, "new"));
  expect(names.filter((name) => !name.includes("/"))).toEqual(["app.db", "app.db.files"]);
});

test("the log of a database that is not there any more does not get into the restored one", async () => {
  const { folder, backup } = await aBackup();
  const used = join(folder, "used.db");
  const store = await opened(`sqlite:${used}`);
  await store.runs.create(aRun({ id: hexId(999) }));
  const place = join(folder, "new.db");
  for (const ending of ["-wal", "-shm"]) await copyFile(`${used}${ending}`, `${place}${ending}`);
  await restoreBackup(backup, { store: `sqlite:${place}` });
  const restored = await opened(`sqlite:${place}`);
  expect(await restored.checkIntegrity()).toEqual({ ok: true, problems: [] });
  expect(await restored.runs.get(hexId(999))).toBeUndefined();
  expect((await restored.runs.get(hexId(1)))?.status).toBe("failed");
});

test("what was recorded before a backup is in it, although nobody has waited for it", async () => {
  const folder = await aFolder();
  const store = await opened(`sqlite:${join(folder, "app.db")}`);
  store.journal.appendSpan(aSpan());
  await store.backup(join(folder, "backup"));
  await restoreBackup(join(folder, "backup"), { store: `sqlite:${join(folder, "restored.db")}` });
  const restored = await opened(`sqlite:${join(folder, "restored.db")}`);
  expect((await restored.traces.get(aSpan().traceId))?.spanCount).toBe(1);
});

test("a run that was going on, and that a process watched over, has ended in the restored store", async () => {
  const folder = await aFolder();
  const rivulet = createRivulet({ store: `sqlite:${join(folder, "app.db")}` });
  onTestFinished(() => rivulet.close());
  const watched = await rivulet.runs.start();
  watched.logMetric("loss", 0.5);
  const source = await openStore(`sqlite:${join(folder, "app.db")}`);
  onTestFinished(() => source.close());
  await source.runs.create(aRun({ name: "nobody's" }));
  await rivulet.backup(join(folder, "backup"));

  const url = `sqlite:${join(folder, "restored.db")}`;
  await restoreBackup(join(folder, "backup"), { store: url });
  const restored = await opened(url);
  expect(await restored.runs.get(watched.id)).toMatchObject({
    status: "killed",
    statusMessage: "the backup was taken while the run was in progress",
  });
  expect((await restored.runs.get(hexId(1)))?.status).toBe("running");
  expect((await source.runs.get(watched.id))?.status).toBe("running");
});

test("a driver of another package restores into its own stores", async () => {
  const { backup } = await aBackup();
  const restore = vi.fn(async () => undefined);
  registerDriver({ schemes: ["test+restore"], open: () => openStore("memory:"), restore });
  const report = await restoreBackup(backup, { store: "test+restore://db", fileMode: 0o640 });
  expect(report.path).toBe(backup);
  expect(restore).toHaveBeenCalledExactlyOnceWith(
    "test+restore://db",
    expect.objectContaining({ path: backup }),
    { fileMode: 0o640 },
  );
});

describe("while a backup is being made", () => {
  async function aLargeStore(url: string): Promise<Store> {
    const store = await opened(url);
    for (let trace = 1; trace <= 300; trace += 1) {
      const traceId = hexId(trace);
      for (let n = 1; n <= 20; n += 1) {
        const parent = n === 1 ? {} : { parentId: hexId(1, 16) };
        const input = `input ${trace} ${n} `.repeat(60);
        store.journal.appendSpan(aSpan({ traceId, id: hexId(n, 16), input, ...parent }));
      }
    }
    await store.journal.flush();
    return store;
  }

  test("the store answers", async () => {
    const folder = await aFolder();
    const store = await aLargeStore(`sqlite:${join(folder, "app.db")}`);
    let isOver = false;
    const making = store.backup(join(folder, "backup")).finally(() => {
      isOver = true;
    });
    let answers = 0;
    while (!isOver) {
      expect((await store.traces.get(hexId(7)))?.spanCount).toBe(20);
      await store.runs.create(aRun({ id: hexId(1000 + answers) }));
      answers += 1;
    }
    await making;
    expect(answers).toBeGreaterThan(3);
  });
});

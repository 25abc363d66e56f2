import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { openStore, restoreBackup, type Store, toRivuletError } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { startChild } from "./child.ts";
import { aFolder, namesBelow, opened } from "./folder.ts";

const FILES = 60;
const SPANS = 5_000;

/** A store that takes a while to copy. */
async function fill(store: Store): Promise<void> {
  await store.runs.create(aRun());
  for (let n = 0; n < FILES; n += 1) {
    const content = Buffer.from(`file ${n} `.repeat(1000));
    const sha256 = hash("sha256", content);
    await store.files.write({ id: sha256, content });
    const artifact = { runId: hexId(1), path: `file-${n}`, size: content.length, sha256 };
    await store.artifacts.put({ ...artifact, contentType: "x/y", createdAt: 0, fileId: sha256 });
  }
  for (let n = 0; n < SPANS; n += 1) {
    store.journal.appendSpan(aSpan({ id: hexId(n + 1, 16), input: `input ${n} `.repeat(20) }));
  }
  await store.journal.flush();
}

async function expectWhole(store: Store): Promise<void> {
  expect(await store.artifacts.list({ runId: hexId(1) })).toHaveLength(FILES);
  expect(await store.traces.listSpans(hexId(1))).toHaveLength(SPANS);
}

/** Kills a process as soon as there are so many files below a folder, or lets it end. */
async function killAt(
  child: ReturnType<typeof startChild>,
  folder: string,
  count: number,
): Promise<void> {
  let isOver = false;
  void child.ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    if (existsSync(folder) && (await namesBelow(folder).catch(() => [])).length >= count) break;
    await new Promise(setImmediate);
  }
  child.process.kill("SIGKILL");
  await child.ended;
}

test("a backup that is killed is known as unfinished, and hurts nothing", {
  timeout: 180_000,
}, async () => {
  const folder = await aFolder();
  const url = `sqlite:${join(folder, "source.db")}`;
  const store = await opened(url);
  await fill(store);
  const outcomes: string[] = [];
  for (const [round, count] of [1, 3, 20, 100, 150, 184, 190, 10_000].entries()) {
    const backup = join(folder, `backup-${round}`);
    await killAt(startChild("copy", "backup", backup, url), backup, count);
    const target = `sqlite:${join(folder, `target-${round}.db`)}`;
    const outcome = await restoreBackup(backup, { store: target }).catch(toRivuletError);
    outcomes.push("code" in outcome ? outcome.code : "whole");
    if ("code" in outcome) expect(outcome.message).toMatch(/is unfinished: /);
    else await expectWhole(await opened(target));
  }
  expect(new Set(outcomes)).toEqual(new Set(["store_corrupt", "whole"]));
  expect(outcomes.at(-1)).toBe("whole");
  await expectWhole(store);
});

test("a restore that is killed leaves no store or a whole one, and can be repeated", {
  timeout: 180_000,
}, async () => {
  const folder = await aFolder();
  const backup = join(folder, "backup");
  const source = await opened("memory:");
  await fill(source);
  await source.backup(backup);
  const outcomes: string[] = [];
  for (const [round, count] of [1, 2, 4, 30, 100, 150, 10_000].entries()) {
    const place = join(folder, `place-${round}`);
    const path = join(place, "target.db");
    await killAt(startChild("copy", "restore", backup, `sqlite:${path}`), place, count);
    outcomes.push(existsSync(path) ? "whole" : "none");
    if (!existsSync(path)) await restoreBackup(backup, { store: `sqlite:${path}` });
    const store = await opened(`sqlite:${path}`);
    await expectWhole(store);
    expect(await store.checkIntegrity()).toEqual({ ok: true, problems: [] });
    expect(existsSync(`${path}.restoring`)).toBe(false);
  }
  expect(new Set(outcomes)).toEqual(new Set(["none", "whole"]));
});

test("a log that a killed process left beside a database that is gone is not read into the restored one", async () => {
  const folder = await aFolder();
  const path = join(folder, "app.db");
  const backup = join(folder, "backup");
  const before = await openStore(`sqlite:${path}`);
  await before.runs.create(aRun({ name: "in the backup" }));
  await before.backup(backup);
  // What a kill leaves: the log with what came after the backup.
  await before.runs.update({ id: hexId(1), name: "after the backup" });
  await copyFile(`${path}-wal`, join(folder, "wal"));
  await before.close();
  await rm(path);
  await copyFile(join(folder, "wal"), `${path}-wal`);

  await restoreBackup(backup, { store: `sqlite:${path}` });
  const store = await opened(`sqlite:${path}`);
  expect((await store.runs.get(hexId(1)))?.name).toBe("in the backup");
  expect(await store.checkIntegrity()).toEqual({ ok: true, problems: [] });
});

import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { createRivulet, openStore, restoreBackup } from "@rivulet/core";
import { aPromptVersion, aSpan, hexId } from "@rivulet/core/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { aStoreUrl } from "../postgres/store-url.ts";
import { aFolder, namesBelow, opened } from "./folder.ts";
import { fillStore, readStore } from "./full-store.ts";

type NewUrl = (folder: string) => string | Promise<string>;

const SOURCES = {
  sqlite: (folder) => `sqlite:${join(folder, "source.db")}`,
  memory: () => "memory:",
  json: (folder) => `json:${join(folder, "source.json")}`,
  postgres: () => aStoreUrl(),
} satisfies Readonly<Record<string, NewUrl>>;
const TARGETS = {
  sqlite: (folder) => `sqlite:${join(folder, "new", "target.db")}`,
  json: (folder) => `json:${join(folder, "new", "target.json")}`,
  postgres: () => aStoreUrl({ partitions: "month" }),
} satisfies Readonly<Record<string, NewUrl>>;

/** What is in a backup does not depend on the kind of store that it is of: each kind of both sides is tried once. */
const PAIRS = [
  ["sqlite", "json"],
  ["memory", "sqlite"],
  ["json", "postgres"],
  ["postgres", "sqlite"],
] as const;

describe("a backup", () => {
  test.each(PAIRS)("of a %s store comes back whole in a %s store", async (kind, targetKind) => {
    const [urlOf, targetOf] = [SOURCES[kind], TARGETS[targetKind]];
    const folder = await aFolder();
    const source = await opened(await urlOf(folder));
    await fillStore(source);
    const report = await source.backup(join(folder, "backup"));
    const targetUrl = await targetOf(folder);
    const restored = await restoreBackup(join(folder, "backup"), { store: targetUrl });

    // A table that nothing is written to would not be tried.
    const empty = Object.keys(report.rows).filter((table) => report.rows[table] === 0);
    expect(empty).toEqual(["run_owners"]);
    expect(report).toMatchObject({ path: join(folder, "backup"), files: 3, missingFiles: [] });
    expect(report.bytes).toBeGreaterThan(70_000);
    expect(restored).toEqual(report);
    const target = await opened(targetUrl);
    const content = await readStore(target);
    expect(content).toEqual(await readStore(source));
    expect(await target.checkIntegrity()).toEqual({ ok: true, problems: [] });

    // The restored store is a store like any other: another backup of it is the same.
    const again = await target.backup(join(folder, "again"));
    expect(again).toEqual({ ...report, path: join(folder, "again") });
    const next = await target.prompts.addVersion(aPromptVersion({ template: "next" }));
    expect(next.version).toBe(4);
  });
});

test("a backup is for this user alone", async () => {
  const folder = await aFolder();
  const store = await opened(`sqlite:${join(folder, "source.db")}`);
  await fillStore(store);
  await store.backup(join(folder, "new", "backup"));
  for (const name of ["", ...(await namesBelow(join(folder, "new")))]) {
    const found = await stat(join(folder, "new", name));
    expect([name, (found.mode & 0o777).toString(8)]).toEqual([
      name,
      found.isFile() ? "600" : "700",
    ]);
  }
});

test("what was recorded before the call is in the backup", async () => {
  const folder = await aFolder();
  const rivulet = createRivulet({
    store: `sqlite:${join(folder, "source.db")}`,
    tracing: { experiment: "new" },
  });
  onTestFinished(() => rivulet.close());
  const run = await rivulet.runs.start();
  run.logMetric("loss", 0.5);
  const traced = rivulet.traced(async () => "done", { name: "last moment" });
  await traced();
  const { rows } = await rivulet.backup(join(folder, "backup"));
  expect(rows).toMatchObject({ experiments: 2, spans: 1, traces: 1, points: 1 });
});

test("a store that is open for reading only can be backed up", async () => {
  const folder = await aFolder();
  const url = `sqlite:${join(folder, "source.db")}`;
  const writer = await opened(url);
  writer.journal.appendSpan(aSpan());
  await writer.journal.flush();
  const reader = await openStore(url, { readOnly: true });
  onTestFinished(() => reader.close());
  const { rows } = await reader.backup(join(folder, "backup"));
  expect(rows["spans"]).toBe(1);
});

test("a file that the store has lost is named, and the rest is backed up and restored", async () => {
  const folder = await aFolder();
  const store = await opened(`sqlite:${join(folder, "source.db")}`);
  await fillStore(store);
  const key = { runId: hexId(1), path: "model/weights.bin" };
  const { fileId = "" } = (await store.artifacts.get(key)) ?? {};
  await rm(join(folder, "source.db.files", fileId.slice(-2), fileId.slice(-4, -2), fileId));

  const report = await store.backup(join(folder, "backup"));
  expect(report).toMatchObject({ missingFiles: [fileId], files: 2 });
  const url = `sqlite:${join(folder, "target.db")}`;
  expect(await restoreBackup(join(folder, "backup"), { store: url })).toEqual(report);
  const target = await opened(url);
  expect((await target.artifacts.get(key))?.fileId).toBe(fileId);
  expect(await target.files.read(fileId)).toBe(undefined);
});

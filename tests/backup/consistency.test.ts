import { hash } from "node:crypto";
import { join } from "node:path";
import { restoreBackup, type Store } from "@rivulet/core";
import { expect, test, vi } from "vitest";
import { startChild } from "./child.ts";
import { aFolder, opened } from "./folder.ts";

const ALL = { where: [], order: [], limit: 1000 };
const EVERYWHERE = { ...ALL, experimentIds: [] };

/** Versions of a prompt are numbered without a gap, and its entry knows the newest. */
async function checkVersions(store: Store): Promise<void> {
  const numbers: number[] = [];
  let pageToken: string | undefined;
  do {
    const page = { name: "shared", limit: 1000, ...(pageToken === undefined ? {} : { pageToken }) };
    const { items, nextPageToken } = await store.prompts.listVersions(page);
    numbers.push(...items.map(({ version }) => version));
    pageToken = nextPageToken;
  } while (pageToken !== undefined);
  expect(numbers).toEqual(Array.from(numbers, (_, index) => numbers.length - index));
  const entry = await store.prompts.get("shared");
  expect(entry?.latestVersion).toBe(numbers.length);
}

/** What is said of a trace is what its spans add up to. */
async function checkTraces(store: Store): Promise<number> {
  const { items } = await store.traces.search(EVERYWHERE);
  for (const { id, spanCount } of items) {
    expect([id, (await store.traces.listSpans(id)).length]).toEqual([id, spanCount]);
  }
  return items.length;
}

async function checkRuns(store: Store): Promise<void> {
  const { items } = await store.runs.search({ ...EVERYWHERE, lifecycle: "all" });
  expect(items).toHaveLength(4);
  for (const { id, metrics } of items) {
    const history = await store.runs.metricHistory({ runId: id, key: "loss", limit: 1000 });
    expect(metrics["loss"]).toBe(history.items.at(-1)?.value);
    for (const { path, size, sha256 } of await store.artifacts.list({ runId: id })) {
      const { fileId = "" } = (await store.artifacts.get({ runId: id, path })) ?? {};
      const content = (await store.files.read(fileId)) ?? new Uint8Array(0);
      expect([content.byteLength, hash("sha256", content)]).toEqual([size, sha256]);
    }
  }
}

/** Waits for a trace that is not there yet. */
async function moreTraces(store: Store): Promise<void> {
  const count = (): Promise<number> => store.traces.count({ where: [], experimentIds: [] });
  const before = await count();
  await vi.waitUntil(async () => (await count()) > before, { timeout: 60_000 });
}

test("backups taken while four processes write are each of one moment", {
  timeout: 180_000,
}, async () => {
  const folder = await aFolder();
  const url = `sqlite:${join(folder, "source.db")}`;
  const store = await opened(url);
  const writers = ["a", "b", "c", "d"].map((name) => startChild("write", url, name));
  await Promise.all(writers.map(({ firstLine }) => firstLine));

  const sizes: number[] = [];
  for (const n of [1, 2, 3]) {
    const report = await store.backup(join(folder, `backup-${n}`));
    expect(report.missingFiles).toEqual([]);
    sizes.push(report.rows["spans"] ?? 0);
    await moreTraces(store);
  }
  for (const { process } of writers) process.kill("SIGKILL");
  await Promise.all(writers.map(({ ended }) => ended));
  // Between two backups more was written.
  expect(sizes).toEqual([...new Set(sizes)].toSorted((a, b) => a - b));

  for (const n of [1, 2, 3]) {
    const target = `sqlite:${join(folder, `target-${n}.db`)}`;
    await restoreBackup(join(folder, `backup-${n}`), { store: target });
    const restored = await opened(target);
    expect(await checkTraces(restored)).toBeGreaterThan(0);
    await checkVersions(restored);
    await checkRuns(restored);
    expect(await restored.checkIntegrity()).toEqual({ ok: true, problems: [] });
  }
});

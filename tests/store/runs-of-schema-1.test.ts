import { join } from "node:path";
import { parseFilter } from "@rivulet/core";
import { hexId } from "@rivulet/core/testing";
import { openBackup, restoreInTransaction, writeBackup } from "@rivulet/store/backup";
import { type Database, migrate } from "@rivulet/store/sql";
import { openSqlite } from "@rivulet/store/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { aDatabase, type Backend, backendOver, noUploads } from "./a-backend.ts";
import { aFolder } from "./folder.ts";
import { SCHEMA_1 } from "./schema-1.ts";

const [FIRST, SECOND] = [hexId(1), hexId(2)];

/** A store of schema 1 with two runs, of which the second began first. */
async function aStoreOf1(): Promise<Database> {
  const database = openSqlite(":memory:");
  onTestFinished(() => database.close());
  await migrate(database, SCHEMA_1);
  const fill = async (table: string, rows: readonly object[]): Promise<void> => {
    const columns = Object.keys(rows[0] ?? {});
    await database.insert(
      { table, columns },
      rows.map((row) => Object.values(row)),
    );
  };
  const run = { experiment_id: "0", status: "finished", lifecycle_stage: "active" };
  await fill("runs", [
    { ...run, id: FIRST, name: "first", start_us: 2_000 },
    { ...run, id: SECOND, name: "second", start_us: 1_000 },
  ]);
  const of = (run_id: string, key: string) => ({ run_id, key, experiment_id: "0" });
  await fill("run_params", [
    { ...of(FIRST, "lr"), value: "0.1" },
    { ...of(SECOND, "lr"), value: "none" },
    { ...of(SECOND, "acc"), value: "7" },
  ]);
  await fill("latest_metrics", [
    { ...of(FIRST, "acc"), value: 0.5, step: 2, ts_us: 2_000 },
    { ...of(SECOND, "acc"), value: "NaN", step: 0, ts_us: 1_000 },
  ]);
  await fill("metric_series", [
    { run_id: FIRST, key: "acc", id: 70 },
    { run_id: SECOND, key: "acc", id: 71 },
  ]);
  await fill("metric_points", [
    { series: 70, step: 1, ts_us: 1_000, value: 0.25 },
    { series: 70, step: 2, ts_us: 2_000, value: 0.5 },
    { series: 71, step: 0, ts_us: 1_000, value: "NaN" },
  ]);
  return database;
}

async function expectRuns({ entities: { runs } }: Backend): Promise<void> {
  expect(await runs.get(FIRST)).toMatchObject({ params: { lr: "0.1" }, metrics: { acc: 0.5 } });
  expect(await runs.get(SECOND)).toMatchObject({
    params: { acc: "7", lr: "none" },
    metrics: { acc: Number.NaN },
  });
  expect(await runs.keys({ experimentIds: ["0"] })).toMatchObject({
    metrics: ["acc"],
    params: ["acc", "lr"],
  });
  expect(await runs.metricHistory({ runId: FIRST, key: "acc", limit: 9 })).toEqual({
    items: [
      { key: "acc", value: 0.25, step: 1, timestamp: 1 },
      { key: "acc", value: 0.5, step: 2, timestamp: 2 },
    ],
  });
  const found = async (filter: string): Promise<readonly string[]> => {
    const page = { order: [], limit: 9, experimentIds: ["0"], lifecycle: "active" } as const;
    const { items } = await runs.search({ ...page, where: parseFilter("run", filter) });
    return items.map(({ id }) => id);
  };
  expect(await found("params.lr < 0.5")).toEqual([FIRST]);
  expect(await found("params.lr = 'none'")).toEqual([SECOND]);
  expect(await found("params.acc = 7")).toEqual([SECOND]);
  const point = { key: "acc", value: 0.75, step: 3, timestamp: 3 };
  await runs.logBatch({ runId: FIRST, metrics: [point], params: { epochs: "3" } });
  expect(await runs.get(FIRST)).toMatchObject({
    params: { lr: "0.1", epochs: "3" },
    metrics: { acc: 0.75 },
  });
}

test("runs of a store of schema 1 keep their params, metrics and points", async () => {
  const database = await aStoreOf1();
  await migrate(database);
  await expectRuns(backendOver(database));
  expect(
    await database.all("SELECT name FROM sqlite_master WHERE name LIKE '%metric%' ORDER BY name"),
  ).toEqual(
    [
      "metrics",
      "metrics_first",
      "metrics_max",
      "metrics_min",
      "metrics_value",
      "model_metrics",
    ].map((name) => ({
      name,
    })),
  );
  expect(await database.all("SELECT id, inner_id FROM runs ORDER BY inner_id")).toEqual([
    { id: SECOND, inner_id: 1 },
    { id: FIRST, inner_id: 2 },
  ]);
});

const storage = {
  write: async () => undefined,
  read: async () => undefined,
  readPart: async () => undefined,
  uploads: noUploads,
  list: async () => ({ items: [] }),
  hold: async () => [],
  remove: async () => undefined,
  removeTemporary: async () => 0,
};

test("a backup of schema 1 is restored with all that its runs have", async () => {
  const folder = join(await aFolder(), "backup");
  const stored = await aStoreOf1();
  // Where a backup looks for the files that records name, though it is of today.
  await stored.run("CREATE TABLE attachments (hash TEXT)");
  await stored.run("CREATE TABLE attachment_files (hash TEXT, is_stored INTEGER)");
  await writeBackup(folder, { database: stored, storage, schema: SCHEMA_1 });
  const database = await aDatabase();
  const tables = "SELECT name, sql FROM sqlite_master ORDER BY name";
  const before = await database.all(tables);
  await restoreInTransaction(await openBackup(folder), { database, storage, url: "sqlite:test" });
  await expectRuns(backendOver(database));
  expect(await database.all(tables)).toEqual(before);
});

import type { Dataset, DatasetRecord, JsonObject, JsonValue } from "@rivulet/domain";
import { ENTITIES, PARTS } from "@rivulet/domain/entities";
import type { DatasetChange, DatasetStore } from "../../port/store.ts";
import type { Database, Sql } from "../database.ts";
import { type EntityRows, entityRows } from "../kit/entity-rows.ts";
import { type RecordRows, recordRows } from "../kit/record-rows.ts";
import { readPage } from "../search/read-page.ts";
import { number } from "../values.ts";
import { lookAgain } from "./held-traces.ts";

const datasets: EntityRows<Dataset> = entityRows(ENTITIES.dataset);
const records: RecordRows<DatasetRecord> = recordRows(PARTS.datasetRecord);

/** Datasets in SQL. A record's row carries the range of versions it belongs to. */
export function datasetStore(database: Database): DatasetStore {
  return {
    create: (dataset) =>
      database.transaction((sql) =>
        datasets.create(sql, { ...dataset, version: 0, recordCount: 0 }),
      ),
    get: (name) => database.snapshot((sql) => datasets.find(sql, [name])),
    update: (patch) => database.transaction((sql) => datasets.patch(sql, [patch.name], patch)),
    delete: (name) =>
      database.transaction(async (sql) => {
        await datasets.remove(sql, [name]);
        await lookAgain(sql, {
          sql: "SELECT source_trace_id FROM dataset_records WHERE dataset = ?",
          values: [name],
        });
        await sql.run("DELETE FROM dataset_records WHERE dataset = ?", [name]);
      }),
    search: (query) => datasets.search(database, { query }),
    changeRecords: (change) =>
      database.transaction(async (sql) => {
        const { name } = change;
        await applyChange(sql, await datasets.get(sql, [name], sql.dialect.forUpdate), change);
        return datasets.get(sql, [name]);
      }),
    listRecords: ({ name, version, ...page }) =>
      database.snapshot(async (sql) => {
        const newest = await datasets.get(sql, [name]);
        const wanted = version ?? newest.version;
        const within = {
          sql: "dataset = ? AND since_version <= ? AND (until_version IS NULL OR until_version > ?)",
          values: [name, wanted, wanted],
        };
        const order = ["created_us", "position"];
        return readPage(sql, {
          table: "dataset_records",
          within,
          order,
          page,
          read: records.record,
        });
      }),
  };
}

async function applyChange(sql: Sql, current: Dataset, change: DatasetChange): Promise<void> {
  const next = current.version + 1;
  let changed = 0;
  let count = current.recordCount;
  for (const record of change.upsert ?? []) {
    const outcome = await upsert(sql, { dataset: current.name, next }, record);
    changed += outcome === "same" ? 0 : 1;
    count += outcome === "added" ? 1 : 0;
  }
  for (const id of change.remove ?? []) {
    const removed = await retire(sql, { dataset: current.name, next }, id);
    changed += removed;
    count -= removed;
  }
  if (changed === 0) return;
  const { updatedAt } = change;
  await datasets.update(sql, [current.name], { version: next, recordCount: count, updatedAt });
}

interface Target {
  readonly dataset: string;
  /** The version being created. */
  readonly next: number;
}

async function upsert(
  sql: Sql,
  target: Target,
  record: DatasetRecord,
): Promise<"added" | "changed" | "same"> {
  const [stored] = await sql.all(
    "SELECT * FROM dataset_records WHERE dataset = ? AND id = ? AND until_version IS NULL",
    [target.dataset, record.id],
  );
  if (stored === undefined) {
    await insertRecord(sql, target, { record, position: await nextPosition(sql, target.dataset) });
    return "added";
  }
  const before = records.record(stored);
  const merged = mergeRecords(before, record);
  if (JSON.stringify(merged) === JSON.stringify(before)) return "same";
  await retire(sql, target, record.id);
  await insertRecord(sql, target, { record: merged, position: number(stored, "position") });
  return "changed";
}

async function nextPosition(sql: Sql, dataset: string): Promise<number> {
  const [row = {}] = await sql.all(
    "SELECT COALESCE(MAX(position), 0) + 1 AS next FROM dataset_records WHERE dataset = ?",
    [dataset],
  );
  return number(row, "next");
}

/** A row added in the version being created was never visible, so it is deleted. Other rows end with that version. */
async function retire(sql: Sql, { dataset, next }: Target, id: string): Promise<number> {
  const values = [dataset, id, next];
  const dropped = await sql.run(
    "DELETE FROM dataset_records WHERE dataset = ? AND id = ? AND since_version = ?",
    values,
  );
  if (dropped > 0) return dropped;
  return sql.run(
    "UPDATE dataset_records SET until_version = ? WHERE dataset = ? AND id = ? AND until_version IS NULL",
    [next, dataset, id],
  );
}

async function insertRecord(
  sql: Sql,
  { dataset, next }: Target,
  { record, position }: { record: DatasetRecord; position: number },
): Promise<void> {
  const row = { ...record, dataset, sinceVersion: next, position };
  await sql.insert(records.insert, [records.values(row)]);
}

function mergeRecords(before: DatasetRecord, after: DatasetRecord): DatasetRecord {
  const expectations = mergeValues(before.expectations, after.expectations);
  return {
    id: before.id,
    inputs: before.inputs,
    ...(expectations === undefined ? {} : { expectations }),
    metadata: { ...before.metadata, ...after.metadata },
    ...((after.sourceTraceId ?? before.sourceTraceId) === undefined
      ? {}
      : { sourceTraceId: after.sourceTraceId ?? before.sourceTraceId ?? "" }),
    createdAt: before.createdAt,
  };
}

function mergeValues(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): JsonValue | undefined {
  if (after === undefined) return before;
  return isObject(before) && isObject(after) ? { ...before, ...after } : after;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

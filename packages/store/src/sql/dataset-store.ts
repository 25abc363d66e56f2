import type { Dataset, DatasetRecord, JsonObject, JsonValue, Page } from "@rivulet/domain";
import type { DatasetChange, DatasetRecordQuery, DatasetStore } from "../port/store.ts";
import type { Database, Insert, Row, Sql, SqlValue } from "./database.ts";
import { decodePageToken, encodePageToken } from "./page-token.ts";
import { noName, taken } from "./registry-errors.ts";
import { searchRows } from "./search.ts";
import { type SearchTable, tagLookup } from "./search-table.ts";
import { deleteTags, loadTags, patchTags } from "./tags.ts";
import { number, optionalText, orNull, parsed, text, toMicros, toMillis } from "./values.ts";

const table: SearchTable = {
  name: "datasets",
  attributes: {
    name: { expression: "t.name", type: "text" },
    version: { expression: "t.version", type: "number" },
    recordCount: { expression: "t.record_count", type: "number" },
    createdAt: { expression: "t.created_us", type: "time" },
    updatedAt: { expression: "t.updated_us", type: "time" },
  },
  lookups: { tag: tagLookup("dataset", "t.name") },
  defaultOrder: [{ column: "name", descending: false }],
  tieBreak: [{ column: "name", descending: false }],
};

/** Datasets in SQL. A record's row says from which version until which it holds. */
export function datasetStore(database: Database): DatasetStore {
  return {
    create: (dataset) => database.transaction((sql) => insert(sql, dataset)),
    get: (name) => database.snapshot((sql) => find(sql, name)),
    update: (patch) =>
      database.transaction(async (sql) => {
        const updated = await sql.run(
          "UPDATE datasets SET description = COALESCE(?, description), updated_us = ? WHERE name = ?",
          [orNull(patch.description), toMicros(patch.updatedAt), patch.name],
        );
        if (updated === 0) throw noName("dataset", patch.name);
        await patchTags(sql, { entity: "dataset", owner: patch.name }, patch);
        return required(sql, patch.name);
      }),
    delete: (name) =>
      database.transaction(async (sql) => {
        const deleted = await sql.run("DELETE FROM datasets WHERE name = ?", [name]);
        if (deleted === 0) throw noName("dataset", name);
        await sql.run("DELETE FROM dataset_records WHERE dataset = ?", [name]);
        await deleteTags(sql, "dataset", [name]);
      }),
    search: (query) =>
      database.snapshot(async (sql) => {
        const { items, ...rest } = await searchRows(sql, { table, query });
        return { items: await loadDatasets(sql, items), ...rest };
      }),
    changeRecords: (change) =>
      database.transaction(async (sql) => {
        await applyChange(sql, await required(sql, change.name, sql.dialect.forUpdate), change);
        return required(sql, change.name);
      }),
    listRecords: (query) =>
      database.snapshot(async (sql) => {
        const { version } = await required(sql, query.name);
        return listRecords(sql, { ...query, version: query.version ?? version });
      }),
  };
}

async function insert(sql: Sql, dataset: Dataset): Promise<void> {
  const { name, description, createdAt, updatedAt } = dataset;
  const inserted = await sql.insert(
    {
      table: "datasets",
      columns: ["name", "description", "version", "record_count", "created_us", "updated_us"],
      conflict: { key: ["name"], update: [] },
    },
    [[name, description, 0, 0, toMicros(createdAt), toMicros(updatedAt)]],
  );
  if (inserted === 0) throw taken("Dataset", name);
  await patchTags(sql, { entity: "dataset", owner: name }, dataset);
}

async function find(sql: Sql, name: string, lock = ""): Promise<Dataset | undefined> {
  const rows = await sql.all(`SELECT * FROM datasets WHERE name = ? ${lock}`, [name]);
  return (await loadDatasets(sql, rows))[0];
}

async function required(sql: Sql, name: string, lock?: string): Promise<Dataset> {
  const dataset = await find(sql, name, lock);
  if (dataset === undefined) throw noName("dataset", name);
  return dataset;
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
  await sql.run(
    "UPDATE datasets SET version = ?, record_count = ?, updated_us = ? WHERE name = ?",
    [next, count, toMicros(change.updatedAt), current.name],
  );
}

interface Target {
  readonly dataset: string;
  /** The version being made. */
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
  const before = toRecord(stored);
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

/** A row made in the version that is being made was never visible: it goes. Others end with it. */
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

const INSERT_RECORD: Insert = {
  table: "dataset_records",
  columns: [
    "dataset",
    "id",
    "since_version",
    "inputs",
    "expectations",
    "metadata",
    "source_trace_id",
    "created_us",
    "position",
  ],
};

async function insertRecord(
  sql: Sql,
  { dataset, next }: Target,
  { record, position }: { record: DatasetRecord; position: number },
): Promise<void> {
  await sql.insert(INSERT_RECORD, [
    [
      dataset,
      record.id,
      next,
      JSON.stringify(record.inputs),
      record.expectations === undefined ? null : JSON.stringify(record.expectations),
      JSON.stringify(record.metadata),
      orNull(record.sourceTraceId),
      toMicros(record.createdAt),
      position,
    ],
  ]);
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

async function listRecords(
  sql: Sql,
  { name, version, limit, pageToken }: DatasetRecordQuery & { readonly version: number },
): Promise<Page<DatasetRecord>> {
  const after: readonly SqlValue[] =
    pageToken === undefined ? [] : decodePageToken(pageToken, { shape: "records", length: 2 });
  const rows = await sql.all(
    `SELECT * FROM dataset_records WHERE dataset = ? AND since_version <= ?
     AND (until_version IS NULL OR until_version > ?)${after.length > 0 ? " AND (created_us, position) > (?, ?)" : ""}
     ORDER BY created_us, position LIMIT ?`,
    [name, version, version, ...after, limit + 1],
  );
  const items = rows.slice(0, limit).map(toRecord);
  const last = rows[limit - 1];
  return rows.length <= limit || last === undefined
    ? { items }
    : {
        items,
        nextPageToken: encodePageToken("records", [
          number(last, "created_us"),
          number(last, "position"),
        ]),
      };
}

function toRecord(row: Row): DatasetRecord {
  const sourceTraceId = optionalText(row, "source_trace_id");
  return {
    id: text(row, "id"),
    inputs: parsed(row, "inputs"),
    ...(optionalText(row, "expectations") === undefined
      ? {}
      : { expectations: parsed(row, "expectations") }),
    metadata: parsed(row, "metadata"),
    ...(sourceTraceId === undefined ? {} : { sourceTraceId }),
    createdAt: toMillis(row["created_us"]),
  };
}

async function loadDatasets(sql: Sql, rows: readonly Row[]): Promise<Dataset[]> {
  const tags = await loadTags(
    sql,
    "dataset",
    rows.map((row) => text(row, "name")),
  );
  return rows.map((row) => ({
    name: text(row, "name"),
    description: text(row, "description"),
    createdAt: toMillis(row["created_us"]),
    updatedAt: toMillis(row["updated_us"]),
    tags: tags.get(text(row, "name")) ?? {},
    version: number(row, "version"),
    recordCount: number(row, "record_count"),
  }));
}

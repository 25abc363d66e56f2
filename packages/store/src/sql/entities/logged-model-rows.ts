import { type LoggedModel, type ModelMetric, RivuletError, type StringMap } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { Insert, Row, Sql } from "../database.ts";
import { type EntityRows, entityRows } from "../kit/entity-rows.ts";
import { byBytes, number, numberIn, placeholders, text, toMillis } from "../values.ts";

/** Logged models with their params and metrics. */
export const loggedModelRows: EntityRows<LoggedModel> = entityRows(ENTITIES.loggedModel, {
  async load(sql, rows) {
    const ids = rows.map((row) => text(row, "id"));
    const params = await loadParams(sql, ids);
    const metrics = await loadMetrics(sql, ids);
    return (row) => {
      const id = text(row, "id");
      return { params: params.get(id) ?? {}, metrics: metrics.get(id) ?? [] };
    };
  },
});

const INSERT_PARAM: Insert = {
  table: "model_params",
  columns: ["model_id", "key", "value", "number"],
  conflict: { key: ["model_id", "key"], update: [] },
};

/** Adds params. @throws RivuletError `conflict` for one that already has another value */
export async function insertModelParams(
  sql: Sql,
  modelId: string,
  params: StringMap,
): Promise<void> {
  const rows = Object.entries(params).map(([key, value]) => [modelId, key, value, numberIn(value)]);
  if (rows.length === 0 || (await sql.insert(INSERT_PARAM, rows)) === rows.length) return;
  const known = new Map(Object.entries((await loadParams(sql, [modelId])).get(modelId) ?? {}));
  for (const [key, value] of Object.entries(params)) {
    const before = known.get(key);
    if (before === value) continue;
    throw new RivuletError(
      "conflict",
      `Param "${key}" of logged model "${modelId}" has the value "${before}" and cannot become "${value}". Params are written once.`,
      { details: { id: modelId, key } },
    );
  }
}

async function loadParams(
  sql: Sql,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StringMap>> {
  const rows = await rowsOf(sql, "model_params", ids);
  const byModel = Map.groupBy(rows, (row) => text(row, "model_id"));
  return new Map(
    [...byModel].map(([id, own]) => {
      const entries = own.map((row) => [text(row, "key"), text(row, "value")] as const);
      return [id, Object.fromEntries(entries.toSorted(([a], [b]) => byBytes(a, b)))];
    }),
  );
}

async function loadMetrics(
  sql: Sql,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly ModelMetric[]>> {
  const rows = await rowsOf(sql, "model_metrics", ids);
  const byModel = Map.groupBy(rows, (row) => text(row, "model_id"));
  return new Map([...byModel].map(([id, own]) => [id, own.map(metricOf).sort(inOrder)]));
}

function rowsOf(
  sql: Sql,
  table: "model_params" | "model_metrics",
  ids: readonly string[],
): Promise<readonly Row[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return sql.all(`SELECT * FROM ${table} WHERE model_id IN (${placeholders(ids)})`, ids);
}

function metricOf(row: Row): ModelMetric {
  const datasetName = text(row, "dataset_name");
  const datasetDigest = text(row, "dataset_digest");
  return {
    key: text(row, "key"),
    value: number(row, "value"),
    step: number(row, "step"),
    timestamp: toMillis(number(row, "ts_us")),
    runId: text(row, "run_id"),
    ...(datasetName === "" ? {} : { datasetName }),
    ...(datasetDigest === "" ? {} : { datasetDigest }),
  };
}

function inOrder(one: ModelMetric, other: ModelMetric): number {
  return (
    byBytes(one.key, other.key) ||
    byBytes(one.datasetName ?? "", other.datasetName ?? "") ||
    byBytes(one.datasetDigest ?? "", other.datasetDigest ?? "")
  );
}

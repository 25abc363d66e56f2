import { type LoggedPoint, RivuletError } from "@rivulet/domain";
import type { Insert, Sql } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { placeholders, text, toMicros } from "../values.ts";

/** A point of a logged model, and the run that it belongs to. */
export interface MeasuredPoint extends LoggedPoint {
  readonly runId: string;
}

/** What became of points. */
export interface WrittenModelMetrics {
  readonly modelIds: readonly string[];
  /** The models that do not exist, or are deleted. */
  readonly refused: readonly RivuletError[];
}

const INSERT_LATEST: Insert = {
  table: "model_metrics",
  columns: [
    "model_id",
    "key",
    "dataset_name",
    "dataset_digest",
    "value",
    "step",
    "ts_us",
    "run_id",
  ],
  conflict: {
    key: ["model_id", "key", "dataset_name", "dataset_digest"],
    update: ["value", "step", "ts_us", "run_id"],
    where: `excluded.step > model_metrics.step
      OR (excluded.step = model_metrics.step AND excluded.ts_us >= model_metrics.ts_us)`,
  },
};

/** Keeps the latest value of each metric of each model on each dataset. Points of no model are skipped. */
export async function insertModelMetrics(
  sql: Sql,
  points: readonly MeasuredPoint[],
): Promise<WrittenModelMetrics> {
  const latest = latestOf(points);
  const wanted = [...new Set([...latest.values()].map(modelOf))].sort();
  if (wanted.length === 0) return { modelIds: [], refused: [] };
  const found = await inChunks(wanted, (part) =>
    sql.all(
      `SELECT id FROM logged_models WHERE lifecycle_stage = 'active' AND id IN (${placeholders(part)}) ORDER BY id ${sql.dialect.forUpdate}`,
      part,
    ),
  );
  const modelIds = found.map((row) => text(row, "id"));
  const rows = [...latest.values()].filter((point) => modelIds.includes(modelOf(point)));
  if (rows.length > 0) {
    await sql.insert(
      INSERT_LATEST,
      rows.map((point) => [
        modelOf(point),
        point.key,
        point.model?.datasetName ?? "",
        point.model?.datasetDigest ?? "",
        sql.dialect.real(point.value),
        point.step,
        toMicros(point.timestamp),
        point.runId,
      ]),
    );
  }
  const refused = wanted.filter((id) => !modelIds.includes(id)).map(noModel);
  return { modelIds, refused };
}

function latestOf(points: readonly MeasuredPoint[]): ReadonlyMap<string, MeasuredPoint> {
  const latest = new Map<string, MeasuredPoint>();
  for (const point of points) {
    if (point.model === undefined) continue;
    const { modelId, datasetName = "", datasetDigest = "" } = point.model;
    const place = JSON.stringify([modelId, point.key, datasetName, datasetDigest]);
    const known = latest.get(place);
    if (known === undefined || isLater(point, known)) latest.set(place, point);
  }
  return latest;
}

function isLater(point: LoggedPoint, than: LoggedPoint): boolean {
  return point.step > than.step || (point.step === than.step && point.timestamp >= than.timestamp);
}

function modelOf({ model }: LoggedPoint): string {
  return model?.modelId ?? "";
}

function noModel(id: string): RivuletError {
  return new RivuletError(
    "not_found",
    `There is no logged model "${id}" to keep metrics with, or it is deleted.`,
    { details: { id } },
  );
}

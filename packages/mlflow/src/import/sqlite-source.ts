import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { type MetricPoint, messageOf } from "@rivulet/core";
import { checkVersion } from "./alembic-version.ts";
import type { ReadSpans } from "./artifact-spans.ts";
import type { Tally } from "./report.ts";
import {
  inputOf,
  type MlflowSource,
  MODEL_STATUSES,
  measured,
  type SourceExperiment,
  type SourceInput,
  type SourceLoggedModel,
  type SourceModel,
  type SourceModelOutput,
  type SourceRun,
  type SourceVersion,
  STATUSES,
  withInfinities,
  withSource,
} from "./source.ts";
import { readDataset } from "./sqlite-datasets.ts";
import { leftOutOf } from "./sqlite-left-out.ts";
import { numberIn, optionalIn, type Row, type Rows, rowsOf, textIn } from "./sqlite-rows.ts";
import { readTrace } from "./sqlite-traces.ts";

/** Points that are given at a time. */
const POINTS = 1_000;

/** How a file is opened. */
export interface SqliteOptions {
  /** Whether a schema that is not known is tried. */
  readonly force: boolean;
  /** Reads the spans of those traces that have them in a file. */
  readonly spansAt: ReadSpans;
}

/**
 * A SQLite file that MLflow has written. It is opened for reading only.
 *
 * @throws RivuletError `invalid_argument` for a file that is not MLflow's, or of an unknown version unless `force` is set
 */
export function openSqlite(
  path: string,
  tally: Tally,
  { force, spansAt }: SqliteOptions,
): MlflowSource {
  const database = openDatabase(path, force);
  const rows = rowsOf(database);
  const tried = <T>(what: string, read: () => T): T[] => {
    try {
      return [read()];
    } catch (error) {
      tally.skip(`${path}: ${what}`, messageOf(error));
      return [];
    }
  };
  const listed = listing(rows, (table, why) => tally.skip(`${path}: table ${table}`, why));
  tellOfDamage(database, (why) => tally.skip(path, why));

  return {
    folder: dirname(path),
    *experiments() {
      for (const row of listed("experiments", "ORDER BY experiment_id")) {
        yield* tried(`experiment ${textIn(row, "experiment_id")}`, () => experimentOf(row, rows));
      }
    },
    *runs() {
      const parents = new Map(
        listed("tags", "WHERE key = ?", "mlflow.parentRunId").map((row) => [
          textIn(row, "run_uuid"),
          textIn(row, "value"),
        ]),
      );
      for (const row of listed("runs", "ORDER BY start_time, run_uuid")) {
        const id = textIn(row, "run_uuid");
        const parentRunId = parents.get(id);
        yield {
          id,
          experimentId: textIn(row, "experiment_id"),
          ...(parentRunId === undefined ? {} : { parentRunId }),
          path: `${path}: run ${id}`,
        };
      }
    },
    readRun: ({ id, path: place }) => readRun(id, rows, (why) => tally.skip(place, why)),
    points: ({ id }) => pointsOf(id, rows),
    *loggedModels() {
      for (const row of listed("logged_models", "ORDER BY creation_timestamp_ms")) {
        const id = textIn(row, "model_id");
        yield* tried(id, () => loggedModelOf(row, rows, `${path}: ${id}`));
      }
    },
    *models() {
      for (const row of listed("registered_models", "ORDER BY name")) {
        const name = textIn(row, "name");
        yield* tried(`model ${name}`, () => modelOf(row, rows, `${path}: model ${name}`));
      }
    },
    ...genai({ path, rows, listed, tried, tally, spansAt }),
    close: () => database.close(),
  };
}

interface GenaiReading {
  readonly path: string;
  readonly rows: Rows;
  readonly listed: List;
  readonly tried: <T>(what: string, read: () => T) => T[];
  readonly tally: Tally;
  readonly spansAt: ReadSpans;
}

/** What MLflow has recorded of language models. */
function genai({
  path,
  rows,
  listed,
  tried,
  tally,
  spansAt,
}: GenaiReading): Pick<MlflowSource, "traces" | "datasets" | "leftOut"> {
  return {
    *traces() {
      for (const row of listed("trace_info", "ORDER BY timestamp_ms, request_id")) {
        const id = textIn(row, "request_id");
        yield* tried(`trace ${id}`, () =>
          readTrace(row, { rows, spansAt }, `${path}: trace ${id}`),
        );
      }
    },
    *datasets() {
      for (const row of listed("evaluation_datasets", "ORDER BY created_time, dataset_id")) {
        const what = `evaluation dataset ${textIn(row, "name")}`;
        yield* tried(what, () => readDataset(row, { rows, skip: tally.skip }, `${path}: ${what}`));
      }
    },
    leftOut: () => leftOutOf(path, (table) => listed(table, "")),
  };
}

function openDatabase(path: string, force: boolean): DatabaseSync {
  // Not imported above: Node 22 prints a warning for it, and a build takes away its prefix, without which it is not found.
  const sqlite = process.getBuiltinModule("node:sqlite");
  const database = new sqlite.DatabaseSync(path, { readOnly: true });
  try {
    checkVersion(database, path, force);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

type List = (table: string, rest: string, ...values: readonly string[]) => readonly Row[];

/** Gives the rows of a table, as far as they can be read. */
function listing(rows: Rows, skip: (table: string, why: string) => void): List {
  return (table, rest, ...values) => {
    const found: Row[] = [];
    try {
      for (const row of rows.each(table, rest, ...values)) found.push(row);
    } catch (error) {
      skip(table, messageOf(error));
    }
    return found;
  };
}

/** A database may be damaged where nothing looks that finds a record wrong. */
function tellOfDamage(database: DatabaseSync, tell: (why: string) => void): void {
  try {
    const [row = {}] = database.prepare("PRAGMA quick_check(1)").all();
    const [said] = Object.values(row);
    if (said !== "ok") tell(`is damaged (${String(said)}): what can be read of it is imported`);
  } catch (error) {
    tell(`is damaged (${messageOf(error)}): what can be read of it is imported`);
  }
}

function experimentOf(row: Row, rows: Rows): SourceExperiment {
  const id = textIn(row, "experiment_id");
  const createdAt = numberIn(row, "creation_time") ?? 0;
  return {
    id,
    name: textIn(row, "name"),
    isDeleted: row["lifecycle_stage"] === "deleted",
    createdAt,
    updatedAt: numberIn(row, "last_update_time") ?? createdAt,
    tags: rows.pairs("experiment_tags", "experiment_id = ?", id),
  };
}

type Skip = (why: string) => void;

const OF_RUN = "WHERE source_id = ?";

function readRun(id: string, rows: Rows, skip: Skip): SourceRun {
  const [row] = [...rows.each("runs", "WHERE run_uuid = ?", id)];
  if (row === undefined) throw new Error("is not there any more");
  const status = STATUSES[textIn(row, "status")];
  if (status === undefined) throw new Error(`has the unknown status ${textIn(row, "status")}`);
  const tags = withSource(rows.pairs("tags", "run_uuid = ?", id), row);
  const endTime = numberIn(row, "end_time");
  const deletedAt = numberIn(row, "deleted_time");
  const userId = tags["mlflow.user"] ?? optionalIn(row, "user_id");
  const artifactUri = optionalIn(row, "artifact_uri");
  return {
    name: tags["mlflow.runName"] ?? textIn(row, "name"),
    status,
    startTime: numberIn(row, "start_time") ?? 0,
    ...(endTime === undefined ? {} : { endTime }),
    ...(userId === undefined || userId === "" ? {} : { userId }),
    isDeleted: row["lifecycle_stage"] === "deleted",
    ...(deletedAt === undefined ? {} : { deletedAt }),
    params: rows.pairs("params", "run_uuid = ?", id),
    tags,
    ...(artifactUri === undefined ? {} : { artifactUri }),
    inputs: inputsOf(id, rows, skip),
    modelInputs: [...rows.each("inputs", `${OF_RUN} AND source_type = 'RUN_INPUT'`, id)].map(
      (row) => textIn(row, "destination_id"),
    ),
    modelOutputs: [...rows.each("inputs", `${OF_RUN} AND source_type = 'RUN_OUTPUT'`, id)].map(
      (row): SourceModelOutput => ({
        modelId: textIn(row, "destination_id"),
        step: numberIn(row, "step") ?? 0,
      }),
    ),
  };
}

function inputsOf(id: string, rows: Rows, skip: Skip): readonly SourceInput[] {
  const where = "WHERE source_type = 'DATASET' AND destination_type = 'RUN' AND destination_id = ?";
  return [...rows.each("inputs", where, id)].flatMap((input) => {
    const datasetId = textIn(input, "source_id");
    const [row] = [...rows.each("datasets", "WHERE dataset_uuid = ?", datasetId)];
    if (row === undefined) {
      skip(`its dataset ${datasetId} is not there`);
      return [];
    }
    const tags = [...rows.each("input_tags", "WHERE input_uuid = ?", textIn(input, "input_uuid"))];
    const dataset = {
      name: textIn(row, "name"),
      digest: textIn(row, "digest"),
      sourceType: textIn(row, "dataset_source_type"),
      source: textIn(row, "dataset_source"),
      schema: optionalIn(row, "dataset_schema"),
      profile: optionalIn(row, "dataset_profile"),
    };
    const pairs = tags.map((tag) => [textIn(tag, "name"), textIn(tag, "value")]);
    return [inputOf(dataset, Object.fromEntries(pairs))];
  });
}

function* pointsOf(id: string, rows: Rows): Iterable<readonly MetricPoint[]> {
  let points: MetricPoint[] = [];
  for (const row of rows.each("metrics", "WHERE run_uuid = ? ORDER BY key, timestamp", id)) {
    points.push({
      key: textIn(row, "key"),
      value: pointValue(row),
      step: numberIn(row, "step") ?? 0,
      timestamp: numberIn(row, "timestamp") ?? 0,
    });
    if (points.length < POINTS) continue;
    yield points;
    points = [];
  }
  if (points.length > 0) yield points;
}

/** The first of MLflow's versions had no NaN. */
function pointValue(row: Row): number {
  return row["is_nan"] === 1 ? Number.NaN : withInfinities(Number(row["value"]));
}

/** MLflow keeps NaN as 0 with its models: what it is stands with the run. */
function modelValueOf(point: Row, rows: Rows): number {
  const value = withInfinities(numberIn(point, "metric_value") ?? Number.NaN);
  if (value !== 0) return value;
  const [key, step, time, run] = [
    "metric_name",
    "metric_step",
    "metric_timestamp_ms",
    "run_id",
  ].map((column) => textIn(point, column));
  const same = "WHERE run_uuid = ? AND key = ? AND step = ? AND timestamp = ?";
  const [found] = rows.each("metrics", same, run ?? "", key ?? "", step ?? "", time ?? "");
  return found === undefined ? value : pointValue(found);
}

function loggedModelOf(row: Row, rows: Rows, path: string): SourceLoggedModel {
  const id = textIn(row, "model_id");
  const status = MODEL_STATUSES[Number(row["status"])];
  if (status === undefined) throw new Error(`has the unknown status ${textIn(row, "status")}`);
  const [runId, modelType, statusMessage, artifactUri] = [
    "source_run_id",
    "model_type",
    "status_message",
    "artifact_location",
  ].map((column) => optionalIn(row, column));
  const pairsOf = (table: string, kind: string): Record<string, string> =>
    Object.fromEntries(
      [...rows.each(table, "WHERE model_id = ?", id)].map((one) => [
        textIn(one, `${kind}_key`),
        textIn(one, `${kind}_value`),
      ]),
    );
  const createdAt = numberIn(row, "creation_timestamp_ms") ?? 0;
  return {
    id,
    name: textIn(row, "name"),
    experimentId: textIn(row, "experiment_id"),
    status,
    ...(runId === undefined ? {} : { runId }),
    ...(modelType === undefined ? {} : { modelType }),
    ...(statusMessage === undefined ? {} : { statusMessage }),
    ...(artifactUri === undefined ? {} : { artifactUri }),
    params: pairsOf("logged_model_params", "param"),
    tags: pairsOf("logged_model_tags", "tag"),
    createdAt,
    updatedAt: numberIn(row, "last_updated_timestamp_ms") ?? createdAt,
    isDeleted: row["lifecycle_stage"] === "deleted",
    points: [...rows.each("logged_model_metrics", "WHERE model_id = ?", id)].map((point) => ({
      key: textIn(point, "metric_name"),
      value: modelValueOf(point, rows),
      step: numberIn(point, "metric_step") ?? 0,
      timestamp: numberIn(point, "metric_timestamp_ms") ?? 0,
      runId: textIn(point, "run_id"),
      model: measured({
        modelId: id,
        datasetName: optionalIn(point, "dataset_name"),
        datasetDigest: optionalIn(point, "dataset_digest"),
      }),
    })),
    path,
  };
}

function modelOf(row: Row, rows: Rows, path: string): SourceModel {
  const name = textIn(row, "name");
  const found = [...rows.each("model_versions", "WHERE name = ? ORDER BY version", name)];
  return {
    ...describedIn(row),
    name,
    tags: rows.pairs("registered_model_tags", "name = ?", name),
    aliases: Object.fromEntries(
      [...rows.each("registered_model_aliases", "WHERE name = ?", name)].map((alias) => [
        textIn(alias, "alias"),
        Number(alias["version"]),
      ]),
    ),
    versions: found
      .filter((version) => version["current_stage"] !== "Deleted_Internal")
      .map((version) => versionOf(version, rows)),
    lastVersion: Number(found.at(-1)?.["version"] ?? 0),
    path,
  };
}

function versionOf(row: Row, rows: Rows): SourceVersion {
  const [runId, source, stage] = ["run_id", "source", "current_stage"].map((column) =>
    optionalIn(row, column),
  );
  const version = Number(row["version"]);
  return {
    ...describedIn(row),
    version,
    ...(runId === undefined ? {} : { runId }),
    ...(source === undefined ? {} : { source }),
    ...(stage === undefined ? {} : { stage }),
    tags: rows.pairs(
      "model_version_tags",
      "name = ? AND version = ?",
      textIn(row, "name"),
      version,
    ),
  };
}

function describedIn(row: Row): Pick<SourceVersion, "description" | "createdAt" | "updatedAt"> {
  const createdAt = numberIn(row, "creation_time") ?? 0;
  return {
    description: textIn(row, "description"),
    createdAt,
    updatedAt: numberIn(row, "last_updated_time") ?? createdAt,
  };
}

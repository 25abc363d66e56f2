import type {
  DatasetRecordInput,
  FinishedSpan,
  JsonObject,
  JsonValue,
  LoggedModel,
  LoggedModelStatus,
  LoggedPoint,
  MeasuredModel,
  MetricPoint,
  RunInput,
  RunStatus,
  StringMap,
} from "@rivulet/core";

/** An experiment as MLflow has it. */
export interface SourceExperiment {
  readonly id: string;
  readonly name: string;
  readonly isDeleted: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: StringMap;
}

/** Where a run is, and what must be there before it. */
export interface RunPlace {
  readonly id: string;
  readonly experimentId: string;
  readonly parentRunId?: string;
  /** For messages: the run's folder, or `run ID`. */
  readonly path: string;
}

/** A run as MLflow has it. */
export interface SourceRun {
  readonly name: string;
  readonly status: RunStatus;
  readonly startTime: number;
  readonly endTime?: number;
  readonly userId?: string;
  readonly isDeleted: boolean;
  /** When MLflow deleted it, where it says so; milliseconds since the epoch. */
  readonly deletedAt?: number;
  readonly params: StringMap;
  readonly tags: StringMap;
  /** Where its files are: a URI, or a path. */
  readonly artifactUri?: string;
  /** The datasets it was given. */
  readonly inputs: readonly SourceInput[];
  /** Ids of the logged models it was given. */
  readonly modelInputs: readonly string[];
  /** Logged models it has made, and at which step. */
  readonly modelOutputs: readonly SourceModelOutput[];
}

/** A logged model that came out of a run. */
export interface SourceModelOutput {
  readonly modelId: string;
  readonly step: number;
}

/** A dataset that a run was given. */
export type SourceInput = Pick<RunInput, "dataset" | "context" | "tags">;

/** A dataset as MLflow describes it: schema and profile are texts, mostly of JSON. */
export function inputOf(
  dataset: Readonly<Record<string, string | undefined>>,
  tags: StringMap,
): SourceInput {
  const { name = "", digest = "", sourceType = "", source = "", schema, profile } = dataset;
  const { "mlflow.data.context": context, ...others } = tags;
  return {
    dataset: {
      name,
      digest,
      sourceType,
      source,
      ...(schema === undefined ? {} : { schema: jsonOr(schema) }),
      ...(profile === undefined ? {} : { profile: jsonOr(profile) }),
    },
    ...(context === undefined ? {} : { context }),
    tags: others,
  };
}

function jsonOr(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

/** A logged model of MLflow 3. */
export interface SourceLoggedModel
  extends Pick<
    LoggedModel,
    | "id"
    | "name"
    | "modelType"
    | "status"
    | "statusMessage"
    | "params"
    | "tags"
    | "createdAt"
    | "updatedAt"
    | "experimentId"
  > {
  /** The run that made it. */
  readonly runId?: string;
  readonly isDeleted: boolean;
  /** Where its files are. */
  readonly artifactUri?: string;
  /** Points by the run that measured them. */
  readonly points: readonly (LoggedPoint & { readonly runId: string })[];
  /** For messages. */
  readonly path: string;
}

/** Of which model a point is, on which dataset. */
export function measured({
  modelId,
  datasetName,
  datasetDigest,
}: {
  readonly modelId: string;
  readonly datasetName: string | undefined;
  readonly datasetDigest: string | undefined;
}): MeasuredModel {
  return {
    modelId,
    ...(datasetName === undefined ? {} : { datasetName }),
    ...(datasetDigest === undefined ? {} : { datasetDigest }),
  };
}

/** By MLflow's numbers. */
export const MODEL_STATUSES: readonly (LoggedModelStatus | undefined)[] = [
  undefined,
  "pending",
  "ready",
  "upload_failed",
];

/** A registered model, or a prompt, which MLflow keeps as one. */
export interface SourceModel {
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: StringMap;
  readonly aliases: Readonly<Record<string, number>>;
  /** By number, without deleted ones. */
  readonly versions: readonly SourceVersion[];
  /** The highest number that was ever given. */
  readonly lastVersion: number;
  /** For messages. */
  readonly path: string;
}

/** A version of a registered model. */
export interface SourceVersion {
  readonly version: number;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly runId?: string;
  readonly source?: string;
  readonly stage?: string;
  /** The logged model that it is of, where MLflow says so. */
  readonly modelId?: string;
  readonly tags: StringMap;
}

/** A trace as MLflow has it. */
export interface SourceTrace {
  /** 32 hex digits. */
  readonly id: string;
  readonly experimentId: string;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  readonly spans: readonly FinishedSpan[];
  readonly tags: StringMap;
  readonly metadata: JsonObject;
  readonly sessionId?: string;
  readonly userId?: string;
  readonly runId?: string;
  readonly assessments: readonly SourceAssessment[];
  /** For messages. */
  readonly path: string;
}

/** Feedback or an expectation. */
export interface SourceAssessment {
  readonly id: string;
  readonly kind: "feedback" | "expectation";
  readonly name: string;
  /** JSON text. */
  readonly value: string | undefined;
  readonly error: string | undefined;
  readonly source: string;
  readonly sourceId?: string;
  readonly rationale?: string;
  readonly spanId?: string;
  readonly runId?: string;
  readonly metadata: JsonObject;
  readonly createdAt: number;
  /** Id of the one that this one corrects. */
  readonly overrides?: string;
}

/** An evaluation dataset of MLflow 3. */
export interface SourceDataset {
  readonly name: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: StringMap;
  readonly records: Iterable<DatasetRecordInput>;
  /** For messages. */
  readonly path: string;
}

/** What MLflow has recorded, whichever way it is stored. Methods skip what they cannot read, and say so. */
export interface MlflowSource {
  /** The folder below which everything is that is read without being asked for. */
  readonly folder: string;
  experiments(): Iterable<SourceExperiment>;
  runs(): Iterable<RunPlace>;
  /** @throws Error when it cannot be read */
  readRun(place: RunPlace): SourceRun;
  /** Points of metrics, some at a time. */
  points(place: RunPlace): Iterable<readonly MetricPoint[]>;
  loggedModels(): Iterable<SourceLoggedModel>;
  models(): Iterable<SourceModel>;
  traces(): Iterable<SourceTrace>;
  datasets(): Iterable<SourceDataset>;
  /** What an import does not take yet. */
  leftOut(): Iterable<{ readonly path: string; readonly why: string }>;
  close(): void;
}

/** Tags that are fields of our runs. */
export const FIELD_TAGS: ReadonlySet<string> = new Set([
  "mlflow.runName",
  "mlflow.user",
  "mlflow.parentRunId",
]);

const SOURCE_TYPES = ["", "NOTEBOOK", "JOB", "PROJECT", "LOCAL"];

/** Tags of a run, with what MLflow 0.x kept in fields of the run. */
export function withSource(tags: StringMap, fields: Readonly<Record<string, unknown>>): StringMap {
  const { source_name: name, source_version: commit, entry_point_name: entryPoint } = fields;
  const type = fields["source_type"];
  const told = {
    "mlflow.source.name": name,
    "mlflow.source.git.commit": commit,
    "mlflow.project.entryPoint": entryPoint,
    "mlflow.source.type": name ? (SOURCE_TYPES[Number(type)] ?? type) : undefined,
  };
  const missing = Object.entries(told).filter(([, value]) => typeof value === "string" && value);
  return { ...(Object.fromEntries(missing) as StringMap), ...tags };
}

/** MLflow's statuses by their names. */
export const STATUSES: Readonly<Record<string, RunStatus>> = {
  RUNNING: "running",
  SCHEDULED: "scheduled",
  FINISHED: "finished",
  FAILED: "failed",
  KILLED: "killed",
};

/** Greatest double: MLflow's databases keep the infinities as it and its negative. */
export function withInfinities(value: number): number {
  if (value >= Number.MAX_VALUE) return Number.POSITIVE_INFINITY;
  return value <= -Number.MAX_VALUE ? Number.NEGATIVE_INFINITY : value;
}

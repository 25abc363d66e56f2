import { TABLES } from "../../sql/schema.ts";
import type { Table } from "../../sql/table.ts";

/** How the rows of a table are represented in files. */
export interface FileKind {
  readonly table: Table;
  /** Columns that follow from the row's place, are counted, or are machine-local. */
  readonly left: readonly string[];
  /** The entity whose tags the row has, and the column they refer to. */
  readonly tagged?: { readonly entity: string; readonly by: string };
}

/** An entity with a folder per row. */
export interface FolderKind {
  readonly folder: string;
  /** Names the row's file, and its change events. */
  readonly noun: "experiment" | "prompt" | "model" | "dataset" | "evaluation";
  readonly entry: FileKind;
  /** Column of the entry that names the folder. */
  readonly key: string;
  readonly versions?: VersionsKind;
  readonly lines?: LinesKind;
}

/** Numbered versions of an entity and the aliases that point to them, one file each. */
export interface VersionsKind {
  readonly rows: FileKind;
  readonly aliases: FileKind;
  /** Files of a version, in its file. @default it has none */
  readonly files?: FileKind;
  /** Column of the entry with the highest number ever used. */
  readonly last: "latest_version" | "last_version";
}

/** Rows that belong to an entity, one per line in a single file. */
export interface LinesKind {
  readonly file: "records.jsonl" | "rows.jsonl";
  readonly rows: FileKind;
  /** Column that refers to the entity. */
  readonly owner: string;
  readonly order: string;
}

/** The table of this name. */
export function tableOf(name: string): Table {
  const table = TABLES.find((candidate) => candidate.name === name);
  if (table === undefined) throw new Error(`There is no table ${name}.`);
  return table;
}

function kind(name: string, left: readonly string[], tagged?: FileKind["tagged"]): FileKind {
  return { table: tableOf(name), left, ...(tagged && { tagged }) };
}

/** A tag, in a file of its own, because two branches may each add one. */
export const TAGS: FileKind = kind("tags", ["entity", "owner"]);

/** `runs/ID.json`, with tags, params, last metrics and artifacts: a run is recorded in one place. */
export const RUNS: FileKind = kind("runs", ["inner_id"], { entity: "run", by: "id" });
/** Artifacts of a run, in its file. */
export const ARTIFACTS: FileKind = kind("artifacts", ["run_id"]);
/** The last point of each metric of a run, in its file. */
export const METRICS: FileKind = kind("metrics", ["run", "key"]);
/** What a run was given, in its file. */
export const INPUTS: FileKind = kind("run_inputs", ["run_id", "experiment_id"]);
/** The description of a dataset, with each input that is of it: two branches may have given it to a run each. */
export const INPUT_DATASETS: FileKind = kind("input_datasets", ["experiment_id", "name", "digest"]);
/** The models that a run has made, in its file, with their tags, params and metrics. */
export const LOGGED_MODELS: FileKind = kind(
  "logged_models",
  ["experiment_id", "run_id", "updated_us"],
  { entity: "loggedModel", by: "id" },
);
/** The latest metrics of such a model. */
export const MODEL_METRICS: FileKind = kind("model_metrics", ["model_id"]);

const EXPERIMENTS: FolderKind = {
  folder: "experiments",
  noun: "experiment",
  entry: kind("experiments", ["updated_us"], { entity: "experiment", by: "id" }),
  key: "id",
};

const PROMPTS: FolderKind = {
  folder: "prompts",
  noun: "prompt",
  entry: kind("prompts", ["updated_us", "latest_version"], { entity: "prompt", by: "name" }),
  key: "name",
  versions: {
    rows: kind("prompt_versions", ["name", "id"], { entity: "promptVersion", by: "id" }),
    aliases: kind("prompt_aliases", ["name"]),
    last: "latest_version",
  },
};

const MODELS: FolderKind = {
  folder: "models",
  noun: "model",
  entry: kind("models", ["updated_us", "last_version"], { entity: "model", by: "name" }),
  key: "name",
  versions: {
    rows: kind("model_versions", ["name", "id", "updated_us"], {
      entity: "modelVersion",
      by: "id",
    }),
    aliases: kind("model_aliases", ["name"]),
    files: kind("model_version_files", ["name", "version"]),
    last: "last_version",
  },
};

const DATASETS: FolderKind = {
  folder: "datasets",
  noun: "dataset",
  entry: kind("datasets", ["updated_us", "version", "record_count"], {
    entity: "dataset",
    by: "name",
  }),
  key: "name",
  lines: {
    file: "records.jsonl",
    rows: kind("dataset_records", ["dataset", "position"]),
    owner: "dataset",
    order: "position, since_version",
  },
};

const EVALUATIONS: FolderKind = {
  folder: "evaluations",
  noun: "evaluation",
  entry: kind("evaluations", [], { entity: "evaluation", by: "id" }),
  key: "id",
  lines: {
    file: "rows.jsonl",
    rows: kind("evaluation_rows", ["evaluation_id"]),
    owner: "evaluation_id",
    order: "row_id, trial",
  },
};

/** Entities with a folder per row. */
export const FOLDER_KINDS: readonly FolderKind[] = [
  EXPERIMENTS,
  PROMPTS,
  MODELS,
  DATASETS,
  EVALUATIONS,
];

/** The only folder whose entities are one file each. */
export const RUNS_FOLDER = "runs";

/** Folders that contain entities. */
export const FOLDERS: readonly string[] = [
  RUNS_FOLDER,
  ...FOLDER_KINDS.map(({ folder }) => folder),
];

/** Tables whose change time is machine-local, because two branches would always differ in it. */
export const DATED: readonly Table[] = [
  "experiments",
  "prompts",
  "models",
  "model_versions",
  "datasets",
  "logged_models",
].map(tableOf);

/** A table whose rows are in the files of an entity, and the column that refers to it. */
export interface SharedTable {
  readonly table: string;
  readonly folder: string;
  readonly by: string;
  /** What the column holds instead: the run's number in this database, or the id of a logged model of the run. */
  readonly holds?: "number" | "modelId";
}

/** Tables that are shared through Git, except the tags. */
export const SHARED_TABLES: readonly SharedTable[] = [
  { table: "runs", folder: RUNS_FOLDER, by: "id" },
  { table: "artifacts", folder: RUNS_FOLDER, by: "run_id" },
  { table: "params", folder: RUNS_FOLDER, by: "run", holds: "number" },
  { table: "metrics", folder: RUNS_FOLDER, by: "run", holds: "number" },
  { table: "run_inputs", folder: RUNS_FOLDER, by: "run_id" },
  { table: "logged_models", folder: RUNS_FOLDER, by: "run_id" },
  { table: "model_params", folder: RUNS_FOLDER, by: "model_id", holds: "modelId" },
  { table: "model_metrics", folder: RUNS_FOLDER, by: "model_id", holds: "modelId" },
  ...FOLDER_KINDS.flatMap(({ folder, entry, key, versions, lines }) => [
    { table: entry.table.name, folder, by: key },
    ...(versions === undefined
      ? []
      : [versions.rows, versions.aliases, versions.files ?? []].flat().map(({ table }) => ({
          table: table.name,
          folder,
          by: "name",
        }))),
    ...(lines === undefined ? [] : [{ table: lines.rows.table.name, folder, by: lines.owner }]),
  ]),
];

/** Tables with machine-local rows. Of the tags, those of traces are, and of input datasets those that no run has. */
export const LOCAL_TABLES: readonly Table[] = TABLES.filter(
  ({ name }) => !SHARED_TABLES.some(({ table }) => table === name),
);

/** An entity whose tags are shared, and their folder. */
export interface SharedTags {
  readonly entity: string;
  readonly folder: string;
  /** What the tags refer to, where it is not what names the folder: `NAME@VERSION`, or the id of a logged model. */
  readonly owner?: "version" | "modelId";
}

/** Entities whose tags are shared through Git. */
export const SHARED_TAGS: readonly SharedTags[] = [
  { entity: "run", folder: RUNS_FOLDER },
  { entity: "loggedModel", folder: RUNS_FOLDER, owner: "modelId" },
  ...FOLDER_KINDS.flatMap(({ folder, entry, versions }) =>
    [entry, versions?.rows].flatMap((one) =>
      one?.tagged === undefined
        ? []
        : [
            {
              entity: one.tagged.entity,
              folder,
              ...(one !== entry && { owner: "version" as const }),
            },
          ],
    ),
  ),
];

import type { Table } from "../table.ts";

const models: Table = {
  name: "models",
  columns: {
    name: "text",
    description: "text",
    last_version: "integer",
    created_us: "integer",
    updated_us: "integer",
  },
  key: ["name"],
};

const modelVersions: Table = {
  name: "model_versions",
  columns: {
    name: "text",
    version: "integer",
    /** `name@version`, whose the tags are. */
    id: "text",
    description: "text",
    run_id: "text?",
    artifact_path: "text?",
    source: "text?",
    metrics: "json",
    created_us: "integer",
    updated_us: "integer",
  },
  key: ["name", "version"],
  indexes: [
    { name: "model_versions_created", columns: ["created_us DESC", "name", "version DESC"] },
    { name: "model_versions_run", columns: ["run_id"], where: "run_id IS NOT NULL" },
  ],
};

const modelAliases: Table = {
  name: "model_aliases",
  columns: { name: "text", alias: "text", version: "integer" },
  key: ["name", "alias"],
  narrow: true,
};

const prompts: Table = { ...models, name: "prompts" };

const promptVersions: Table = {
  name: "prompt_versions",
  columns: {
    name: "text",
    version: "integer",
    /** `name@version`, whose the tags are. */
    id: "text",
    type: "text",
    template: "json",
    variables: "json",
    config: "json",
    commit_message: "text",
    created_us: "integer",
    content_hash: "text",
  },
  key: ["name", "version"],
};

const promptAliases: Table = {
  name: "prompt_aliases",
  columns: { name: "text", alias: "text", arms: "json" },
  key: ["name", "alias"],
  narrow: true,
};

const datasets: Table = {
  name: "datasets",
  columns: {
    name: "text",
    description: "text",
    version: "integer",
    record_count: "integer",
    created_us: "integer",
    updated_us: "integer",
  },
  key: ["name"],
};

const datasetRecords: Table = {
  name: "dataset_records",
  columns: {
    dataset: "text",
    id: "text",
    since_version: "integer",
    until_version: "integer?",
    inputs: "json",
    expectations: "json?",
    metadata: "json",
    source_trace_id: "text?",
    created_us: "integer",
    position: "integer",
  },
  key: ["dataset", "id", "since_version"],
  indexes: [
    { name: "dataset_records_order", columns: ["dataset", "created_us", "position"] },
    { name: "dataset_records_position", columns: ["dataset", "position"] },
  ],
};

const evaluations: Table = {
  name: "evaluations",
  columns: {
    id: "text",
    experiment_id: "text",
    name: "text",
    status: "text",
    start_us: "integer",
    end_us: "integer?",
    dataset_name: "text?",
    dataset_version: "integer?",
    row_count: "integer",
    error_count: "integer",
    scores: "json",
    metadata: "json",
  },
  key: ["id"],
  indexes: [
    { name: "evaluations_experiment", columns: ["experiment_id", "start_us DESC", "id DESC"] },
    { name: "evaluations_start", columns: ["start_us DESC", "id DESC"] },
  ],
};

const evaluationRows: Table = {
  name: "evaluation_rows",
  columns: { evaluation_id: "text", row_id: "text", trial: "integer", body: "json" },
  key: ["evaluation_id", "row_id", "trial"],
};

/** Models, prompts, datasets and evaluations. */
export const registryTables: readonly Table[] = [
  models,
  modelVersions,
  modelAliases,
  prompts,
  promptVersions,
  promptAliases,
  datasets,
  datasetRecords,
  evaluations,
  evaluationRows,
];

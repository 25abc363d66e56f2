/** One step of the schema. Steps are never edited once released; a change is a new step. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

const first = `
CREATE TABLE experiments (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, lifecycle TEXT NOT NULL,
  created_us INTEGER NOT NULL, updated_us INTEGER NOT NULL
);
CREATE INDEX experiments_created ON experiments (created_us DESC, id DESC);

CREATE TABLE tags (
  entity TEXT NOT NULL, owner TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (entity, owner, key)
) WITHOUT ROWID;
CREATE INDEX tags_value ON tags (entity, key, value, owner);

CREATE TABLE runs (
  id TEXT PRIMARY KEY, experiment_id TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
  start_us INTEGER NOT NULL, end_us INTEGER, parent_run_id TEXT, user_id TEXT, lifecycle TEXT NOT NULL
);
CREATE INDEX runs_experiment ON runs (experiment_id, start_us DESC, id DESC);
CREATE INDEX runs_start ON runs (start_us DESC, id DESC);
CREATE INDEX runs_parent ON runs (parent_run_id) WHERE parent_run_id IS NOT NULL;

CREATE TABLE run_params (
  experiment_id TEXT NOT NULL, run_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (run_id, key)
) WITHOUT ROWID;
CREATE INDEX run_params_value ON run_params (experiment_id, key, value, run_id);

CREATE TABLE latest_metrics (
  experiment_id TEXT NOT NULL, run_id TEXT NOT NULL, key TEXT NOT NULL, value REAL NOT NULL,
  step INTEGER NOT NULL, ts_us INTEGER NOT NULL,
  PRIMARY KEY (run_id, key)
) WITHOUT ROWID;
CREATE INDEX latest_metrics_value ON latest_metrics (experiment_id, key, value DESC, run_id);

CREATE TABLE metric_series (
  id INTEGER PRIMARY KEY, run_id TEXT NOT NULL, key TEXT NOT NULL, UNIQUE (run_id, key)
);
CREATE TABLE metric_points (
  series INTEGER NOT NULL, step INTEGER NOT NULL, ts_us INTEGER NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (series, step, ts_us, value)
) WITHOUT ROWID;

CREATE TABLE artifacts (
  run_id TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL,
  content_type TEXT NOT NULL, file_id TEXT NOT NULL, created_us INTEGER NOT NULL,
  PRIMARY KEY (run_id, path)
);
CREATE INDEX artifacts_file ON artifacts (file_id);

CREATE TABLE models (
  name TEXT PRIMARY KEY, description TEXT NOT NULL, last_version INTEGER NOT NULL,
  created_us INTEGER NOT NULL, updated_us INTEGER NOT NULL
);
CREATE TABLE model_versions (
  name TEXT NOT NULL, version INTEGER NOT NULL, description TEXT NOT NULL, run_id TEXT,
  artifact_path TEXT, source TEXT, created_us INTEGER NOT NULL, updated_us INTEGER NOT NULL,
  metrics TEXT NOT NULL,
  PRIMARY KEY (name, version)
);
CREATE INDEX model_versions_created ON model_versions (created_us DESC, name, version DESC);
CREATE INDEX model_versions_run ON model_versions (run_id) WHERE run_id IS NOT NULL;
CREATE TABLE model_aliases (
  name TEXT NOT NULL, alias TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (name, alias)
) WITHOUT ROWID;

CREATE TABLE prompts (
  name TEXT PRIMARY KEY, description TEXT NOT NULL, last_version INTEGER NOT NULL,
  created_us INTEGER NOT NULL, updated_us INTEGER NOT NULL
);
CREATE TABLE prompt_versions (
  name TEXT NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL, template TEXT NOT NULL,
  variables TEXT NOT NULL, config TEXT NOT NULL, commit_message TEXT NOT NULL,
  created_us INTEGER NOT NULL, content_hash TEXT NOT NULL,
  PRIMARY KEY (name, version)
);
CREATE TABLE prompt_aliases (
  name TEXT NOT NULL, alias TEXT NOT NULL, arms TEXT NOT NULL, PRIMARY KEY (name, alias)
) WITHOUT ROWID;

CREATE TABLE traces (
  id TEXT PRIMARY KEY, experiment_id TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
  start_us INTEGER NOT NULL, end_us INTEGER, session_id TEXT, user_id TEXT, run_id TEXT,
  metadata TEXT NOT NULL, input_preview TEXT, output_preview TEXT,
  span_count INTEGER NOT NULL, error_count INTEGER NOT NULL,
  input_tokens INTEGER, output_tokens INTEGER, total_tokens INTEGER,
  cache_read_tokens INTEGER, cache_write_tokens INTEGER, reasoning_tokens INTEGER, cost REAL,
  prompts TEXT NOT NULL, touched_us INTEGER NOT NULL
);
CREATE INDEX traces_experiment ON traces (experiment_id, start_us DESC, id DESC);
CREATE INDEX traces_start ON traces (start_us DESC, id DESC);
CREATE INDEX traces_session ON traces (session_id, start_us DESC) WHERE session_id IS NOT NULL;
CREATE INDEX traces_run ON traces (run_id, start_us DESC) WHERE run_id IS NOT NULL;
CREATE INDEX traces_error ON traces (experiment_id, start_us DESC, id DESC) WHERE status = 'error';

CREATE TABLE spans (
  trace_id TEXT NOT NULL, id TEXT NOT NULL, parent_id TEXT, experiment_id TEXT NOT NULL,
  name TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, status_message TEXT,
  start_us INTEGER NOT NULL, end_us INTEGER, model TEXT, provider TEXT,
  input_tokens INTEGER, output_tokens INTEGER, total_tokens INTEGER,
  cache_read_tokens INTEGER, cache_write_tokens INTEGER, reasoning_tokens INTEGER, cost REAL,
  first_token_us INTEGER, prompts TEXT, body TEXT NOT NULL,
  PRIMARY KEY (trace_id, id)
);
CREATE INDEX spans_open ON spans (start_us) WHERE status = 'in_progress';

CREATE TABLE blobs (hash TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE blob_refs (
  trace_id TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (trace_id, hash)
) WITHOUT ROWID;
CREATE INDEX blob_refs_hash ON blob_refs (hash);

CREATE TABLE assessments (
  id TEXT PRIMARY KEY, trace_id TEXT NOT NULL, span_id TEXT, kind TEXT NOT NULL, name TEXT NOT NULL,
  value TEXT NOT NULL, source TEXT NOT NULL, source_id TEXT, rationale TEXT, error TEXT,
  metadata TEXT NOT NULL, run_id TEXT, created_us INTEGER NOT NULL
);
CREATE INDEX assessments_trace ON assessments (trace_id, created_us, id);

CREATE TABLE datasets (
  name TEXT PRIMARY KEY, description TEXT NOT NULL, version INTEGER NOT NULL,
  record_count INTEGER NOT NULL, created_us INTEGER NOT NULL, updated_us INTEGER NOT NULL
);
CREATE TABLE dataset_records (
  dataset TEXT NOT NULL, id TEXT NOT NULL, since_version INTEGER NOT NULL, until_version INTEGER,
  inputs TEXT NOT NULL, expectations TEXT, metadata TEXT NOT NULL, source_trace_id TEXT,
  created_us INTEGER NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY (dataset, id, since_version)
);
CREATE INDEX dataset_records_order ON dataset_records (dataset, created_us, position);
CREATE INDEX dataset_records_position ON dataset_records (dataset, position);

CREATE TABLE evaluations (
  id TEXT PRIMARY KEY, experiment_id TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
  start_us INTEGER NOT NULL, end_us INTEGER, dataset_name TEXT, dataset_version INTEGER,
  row_count INTEGER NOT NULL, error_count INTEGER NOT NULL, scores TEXT NOT NULL, metadata TEXT NOT NULL
);
CREATE INDEX evaluations_experiment ON evaluations (experiment_id, start_us DESC, id DESC);
CREATE INDEX evaluations_start ON evaluations (start_us DESC, id DESC);
CREATE TABLE evaluation_rows (
  evaluation_id TEXT NOT NULL, row_id TEXT NOT NULL, trial INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (evaluation_id, row_id, trial)
);

CREATE TABLE spool (segment TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;

INSERT INTO experiments VALUES ('0', 'Default', 'active', 0, 0);
`;

/** The schema, step by step. */
export const migrations: readonly Migration[] = [{ version: 1, sql: first }];

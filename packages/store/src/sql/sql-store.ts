import type { EntityStores } from "../port/store.ts";
import { artifactIndex } from "./artifact-index.ts";
import { assessmentStore } from "./assessment-store.ts";
import { datasetStore } from "./dataset-store.ts";
import { evaluationStore } from "./evaluation-store.ts";
import { experimentStore } from "./experiment-store.ts";
import type { FileStorage } from "./file-storage.ts";
import { modelStore } from "./model-store.ts";
import { promptStore } from "./prompt-store.ts";
import { runStore } from "./run-store.ts";
import type { SqlConnection } from "./sql-connection.ts";
import { traceStore } from "./trace-store.ts";

/** All entities over one SQL connection, with files in the storage. */
export function sqlStore(sql: SqlConnection, storage: FileStorage): EntityStores {
  return {
    experiments: experimentStore(sql),
    runs: runStore(sql),
    artifacts: artifactIndex(sql, storage),
    models: modelStore(sql),
    prompts: promptStore(sql),
    traces: traceStore(sql),
    assessments: assessmentStore(sql),
    datasets: datasetStore(sql),
    evaluations: evaluationStore(sql),
  };
}

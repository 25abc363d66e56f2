import type { EntityStores } from "../port/store.ts";
import { artifactIndex } from "./artifact-index.ts";
import { assessmentStore } from "./assessment-store.ts";
import type { Database } from "./database.ts";
import { datasetStore } from "./dataset-store.ts";
import { evaluationStore } from "./evaluation-store.ts";
import { experimentStore } from "./experiment-store.ts";
import type { FileStorage } from "./file-storage.ts";
import { modelStore } from "./model-store.ts";
import { promptStore } from "./prompt-store.ts";
import { runStore } from "./run-store.ts";
import { traceStore } from "./trace-store.ts";

/** All entities over one database, with files in the storage. */
export function sqlStore(database: Database, storage: FileStorage): EntityStores {
  return {
    experiments: experimentStore(database),
    runs: runStore(database),
    artifacts: artifactIndex(database, storage),
    models: modelStore(database),
    prompts: promptStore(database),
    traces: traceStore(database),
    assessments: assessmentStore(database),
    datasets: datasetStore(database),
    evaluations: evaluationStore(database),
  };
}

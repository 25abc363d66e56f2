import { assessmentTable } from "./assessment.ts";
import { datasetEntity, datasetRecordTable } from "./dataset.ts";
import { inputDatasetTable, runInputTable } from "./dataset-input.ts";
import type { StoredTable } from "./entity.ts";
import { evaluationEntity, evaluationRowTable } from "./evaluation.ts";
import { experimentEntity } from "./experiment.ts";
import { loggedModelEntity } from "./logged-model.ts";
import { modelEntity, modelVersionEntity } from "./model.ts";
import { modelChangeTable } from "./model-change.ts";
import { modelFileTable } from "./model-file.ts";
import { promptEntity, promptVersionEntity } from "./prompt.ts";
import { artifactTable, runEntity } from "./run.ts";
import { spanTable, type TokenUsage, usageColumns } from "./span.ts";
import { traceEntity } from "./trace.ts";
import { viewEntity } from "./view.ts";
import { webhookDeliveryTable, webhookEntity } from "./webhook.ts";

export type {
  BaseColumnType,
  ColumnType,
  Entity,
  EntityIndex,
  Lookup,
  LookupKind,
  LookupPlace,
  SpecialText,
  StoredTable,
} from "./entity.ts";

/** The entities that can be searched, by name. */
export interface Entities {
  /** See {@link Experiment}. */
  readonly experiment: typeof experimentEntity;
  /** See {@link Run}. */
  readonly run: typeof runEntity;
  /** See {@link LoggedModel}. */
  readonly loggedModel: typeof loggedModelEntity;
  /** See {@link RegisteredModel}. */
  readonly model: typeof modelEntity;
  /** See {@link ModelVersion}; its change events are those of `model`. */
  readonly modelVersion: typeof modelVersionEntity;
  /** See {@link PromptEntry}. */
  readonly prompt: typeof promptEntity;
  /** See {@link PromptVersion}; its change events are those of `prompt`. */
  readonly promptVersion: typeof promptVersionEntity;
  /** See {@link Trace}; also searched by what its spans and assessments hold. */
  readonly trace: typeof traceEntity;
  /** See {@link Dataset}. */
  readonly dataset: typeof datasetEntity;
  /** See {@link Evaluation}. */
  readonly evaluation: typeof evaluationEntity;
  /** See {@link View}. */
  readonly view: typeof viewEntity;
  /** See {@link Webhook}. */
  readonly webhook: typeof webhookEntity;
}

/** Name of an entity that can be searched. */
export type SearchEntity = keyof Entities;

/** The declaration of every entity that can be searched. */
export const ENTITIES: Entities = {
  experiment: experimentEntity,
  run: runEntity,
  loggedModel: loggedModelEntity,
  model: modelEntity,
  modelVersion: modelVersionEntity,
  prompt: promptEntity,
  promptVersion: promptVersionEntity,
  trace: traceEntity,
  dataset: datasetEntity,
  evaluation: evaluationEntity,
  view: viewEntity,
  webhook: webhookEntity,
};

/** Records that belong to an entity and have a table of their own, but are not searched by themselves. */
export interface Parts {
  /** See {@link Artifact}; belongs to a run. */
  readonly artifact: typeof artifactTable;
  /** See {@link InputDataset}; its change events are those of `run`. */
  readonly inputDataset: typeof inputDatasetTable;
  /** See {@link RunInput}; belongs to a run. */
  readonly runInput: typeof runInputTable;
  /** See {@link Span}; belongs to a trace. */
  readonly span: typeof spanTable;
  /** See {@link Assessment}; belongs to a trace. */
  readonly assessment: typeof assessmentTable;
  /** See {@link DatasetRecord}; its change events are those of `dataset`. */
  readonly datasetRecord: typeof datasetRecordTable;
  /** See {@link EvaluationRow}; its change events are those of `evaluation`. */
  readonly evaluationRow: typeof evaluationRowTable;
  /** See {@link ModelFile}; its change events are those of `model`. */
  readonly modelFile: typeof modelFileTable;
  /** See {@link ModelChange}; its change events are those of `model`. */
  readonly modelChange: typeof modelChangeTable;
  /** See {@link WebhookDelivery}; its change events are those of `webhook`. */
  readonly webhookDelivery: typeof webhookDeliveryTable;
}

/** The declaration of every dependent record. */
export const PARTS: Parts = {
  artifact: artifactTable,
  inputDataset: inputDatasetTable,
  runInput: runInputTable,
  span: spanTable,
  assessment: assessmentTable,
  datasetRecord: datasetRecordTable,
  evaluationRow: evaluationRowTable,
  modelFile: modelFileTable,
  modelChange: modelChangeTable,
  webhookDelivery: webhookDeliveryTable,
};

/** Names of the token counts of {@link TokenUsage}; each is a column of traces and of spans. */
export const USAGE_FIELDS: readonly (keyof TokenUsage)[] = Object.keys(
  usageColumns,
) as (keyof TokenUsage)[];

/** Entity names used in change events. */
export type ChangeEntity = Entities[SearchEntity]["event"] | Parts[keyof Parts]["event"];

/** Every declared table, in no particular order. */
export const DECLARED_TABLES: readonly StoredTable<ChangeEntity>[] = [
  ...Object.values(ENTITIES),
  ...Object.values(PARTS),
];

import { assessmentTable } from "./assessment.ts";
import { datasetEntity, datasetRecordTable } from "./dataset.ts";
import type { StoredTable } from "./entity.ts";
import { evaluationEntity, evaluationRowTable } from "./evaluation.ts";
import { experimentEntity } from "./experiment.ts";
import { modelEntity, modelVersionEntity } from "./model.ts";
import { promptEntity, promptVersionEntity } from "./prompt.ts";
import { artifactTable, runEntity } from "./run.ts";
import { spanTable, type TokenUsage, usageColumns } from "./span.ts";
import { traceEntity } from "./trace.ts";

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

/** What can be searched. */
export interface Entities {
  readonly experiment: typeof experimentEntity;
  readonly run: typeof runEntity;
  readonly model: typeof modelEntity;
  readonly modelVersion: typeof modelVersionEntity;
  readonly prompt: typeof promptEntity;
  readonly promptVersion: typeof promptVersionEntity;
  readonly trace: typeof traceEntity;
  readonly dataset: typeof datasetEntity;
  readonly evaluation: typeof evaluationEntity;
}

/** Names of what can be searched. */
export type SearchEntity = keyof Entities;

/** Every entity that can be searched, by its name. */
export const ENTITIES: Entities = {
  experiment: experimentEntity,
  run: runEntity,
  model: modelEntity,
  modelVersion: modelVersionEntity,
  prompt: promptEntity,
  promptVersion: promptVersionEntity,
  trace: traceEntity,
  dataset: datasetEntity,
  evaluation: evaluationEntity,
};

/** Everything else that has a table and is declared here. */
export interface Parts {
  readonly artifact: typeof artifactTable;
  readonly span: typeof spanTable;
  readonly assessment: typeof assessmentTable;
  readonly datasetRecord: typeof datasetRecordTable;
  readonly evaluationRow: typeof evaluationRowTable;
}

/** What belongs to an entity and has a table of its own. */
export const PARTS: Parts = {
  artifact: artifactTable,
  span: spanTable,
  assessment: assessmentTable,
  datasetRecord: datasetRecordTable,
  evaluationRow: evaluationRowTable,
};

/** The token counts of a usage, each a column of traces and spans. */
export const USAGE_FIELDS: readonly (keyof TokenUsage)[] = Object.keys(
  usageColumns,
) as (keyof TokenUsage)[];

/** What change events tell of. */
export type ChangeEntity = Entities[SearchEntity]["event"] | Parts[keyof Parts]["event"];

/** Every table that is declared, in no order that means anything. */
export const DECLARED_TABLES: readonly StoredTable<ChangeEntity>[] = [
  ...Object.values(ENTITIES),
  ...Object.values(PARTS),
];

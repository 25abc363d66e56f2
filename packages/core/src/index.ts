export * from "@rivulet/domain";
export {
  type ArtifactKey,
  type BackupReport,
  BOOLEAN,
  checkOptions,
  FUNCTION,
  hasWalResetBug,
  holdStoreAlone,
  type IntegrityReport,
  type JournalStats,
  type MetricSeries,
  MILLISECONDS,
  OBJECT,
  type OpenStoreOptions,
  type OptionCheck,
  type OptionChecks,
  openStore,
  type Renumbered,
  type RenumberOptions,
  type RestoreOptions,
  type RunKeys,
  renumberVersion,
  restoreBackup,
  SAFE_NODE,
  SAFE_SQLITE,
  SEARCHED_GROUPS,
  type SearchedGroup,
  type Store,
  type StoreChange,
  type StoreInfo,
  type StoreLock,
  TEXT,
  type VersionKey,
} from "@rivulet/store";
export type { ArtifactContent } from "./artifacts/artifact-content.ts";
export type { ArtifactInput, Artifacts } from "./artifacts/artifacts.ts";
export type { Ids } from "./context.ts";
export { createDatasetSchema, datasetRecordsSchema } from "./datasets/dataset-input.ts";
export type { CreateDatasetOptions, DatasetRecordInput, Datasets } from "./datasets/datasets.ts";
export type {
  EvaluateOptions,
  EvaluationExample,
  EvaluationResult,
  Evaluations,
  JudgeModel,
  JudgeOptions,
  Scorer,
  ScorerInput,
  ScorerResult,
  TaskContext,
} from "./evaluation/evaluations.ts";
export { makeJudge } from "./evaluation/judge/make-judge.ts";
export type { ScorerRange } from "./evaluation/score-range.ts";
export type { Operation, OperationAccess, OperationId } from "./operations/operation.ts";
export { extendPrompts } from "./prompts/prompt-object.ts";
export type {
  GetPromptOptions,
  Prompt,
  Prompts,
  PromptValues,
  RegisterPromptOptions,
  SetPromptAlias,
  SetPromptSplit,
} from "./prompts/prompts.ts";
export { parseTemplate, type TemplatePart } from "./prompts/template.ts";
export type { HeadersLike, TraceCarrier } from "./propagation/carrier.ts";
export type {
  ContinuedSpanOptions,
  FetchLike,
  Propagation,
  SharedTraceFields,
  TracedFetchOptions,
  TraceHeadersOptions,
} from "./propagation/propagation.ts";
export {
  formatTraceparent,
  type HeaderValue,
  parseTraceparent,
} from "./propagation/traceparent.ts";
export { lifecycleFilterSchema } from "./query.ts";
export { createModelSchema } from "./registry/model-input.ts";
export type {
  CreateModelOptions,
  Models,
  ModelUpdate,
  RegisterModelOptions,
} from "./registry/models.ts";
export {
  createRivulet,
  type PromptOptions,
  type Rivulet,
  type RivuletOptions,
  type RivuletStats,
} from "./rivulet.ts";
export type { Sessions, TraceOwnerSearch, TurnSearch, Users } from "./sessions/sessions.ts";
export { type Failure, type FailureCause, readFailure } from "./tracing/failure.ts";
export type {
  FinishedSpan,
  FinishedSpanEvent,
  RecordReport,
  SpanTime,
} from "./tracing/finished-span.ts";
export type {
  LongContextPrice,
  ModelPrice,
  ModelPrices,
  TokenPrices,
} from "./tracing/prices/model-price.ts";
export type {
  AssessmentInput,
  ErrorGrouping,
  TraceAggregation,
  TraceDeletion,
  TraceRetention,
  TraceSelection,
  Traces,
} from "./tracing/traces.ts";
export type {
  AbandonedEnd,
  AbandonReason,
  ActiveSpan,
  EndSpanOptions,
  EnteredSpan,
  LibraryContext,
  MaskValue,
  SpanParent,
  SpanWatch,
  SpanWatchOptions,
  StartSpanOptions,
  TracedOptions,
  TraceFields,
  TracePatch,
  Tracing,
} from "./tracing/tracing.ts";
export type { TracingOptions } from "./tracing/tracing-options.ts";
export {
  type CreateExperimentOptions,
  createExperimentSchema,
  type Experiments,
  type ExperimentUpdate,
  experimentUpdateSchema,
} from "./tracking/experiments.ts";
export {
  metricSeriesSchema,
  runUpdateSchema,
  startRunSchema,
} from "./tracking/run-input.ts";
export type {
  ActiveRun,
  MetricInput,
  Params,
  RunBatchInput,
  RunSearch,
  Runs,
  RunUpdate,
  StartRunOptions,
} from "./tracking/runs.ts";
export {
  type DescribedPatch,
  describedPatchSchema,
  type ExpectedNames,
  type Fields,
  fieldsOf,
  type OptionsRules,
  optionsSchema,
  parseInput,
  reportUnknownNames,
} from "./validation.ts";

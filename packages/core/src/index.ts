export * from "@rivulet/domain";
export {
  type ArtifactKey,
  type ArtifactsReport,
  type BackupReport,
  BOOLEAN,
  checkOptions,
  FUNCTION,
  hasWalResetBug,
  holdStoreAlone,
  type IntegrityReport,
  inspectArtifacts,
  type JournalStats,
  type MeasuredDataset,
  type MetricSeries,
  MILLISECONDS,
  type MigrateOptions,
  type MigrationProgress,
  type MigrationReport,
  migrateStore,
  OBJECT,
  type OpenStoreOptions,
  type OptionCheck,
  type OptionChecks,
  openStore,
  type Renumbered,
  type RenumberOptions,
  type RestoreOptions,
  type RunKeys,
  recordId,
  renumberVersion,
  restoreBackup,
  SAFE_NODE,
  SAFE_SQLITE,
  SEARCHED_GROUPS,
  type SearchedGroup,
  type Store,
  type StoreChange,
  type StoreFacts,
  type StoreInfo,
  type StoreLock,
  TEXT,
  type TraceKeys,
  type VerifiedTable,
  type VersionKey,
} from "@rivulet/store";
export type { ArtifactContent } from "./artifacts/artifact-content.ts";
export { isArtifactPath } from "./artifacts/artifact-path.ts";
export type {
  ArtifactDownload,
  ArtifactFile,
  ArtifactFolder,
  ArtifactFolderQuery,
  ArtifactInput,
  ArtifactSelection,
  Artifacts,
  ByteRange,
  DownloadedArtifacts,
  StreamedArtifact,
} from "./artifacts/artifacts.ts";
export type { Figure } from "./artifacts/figure.ts";
export type { ImageBytes } from "./artifacts/image-type.ts";
export type { ImageOptions, RunFiles } from "./artifacts/run-files.ts";
export type { TableData } from "./artifacts/table.ts";
export type { Ids } from "./context.ts";
export { createRivulet } from "./create-rivulet.ts";
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
export type { DroppedSince, FlushReport } from "./flush.ts";
export {
  type DataArrays,
  type DataOrigin,
  type DescribeData,
  inputDataset,
} from "./inputs/input-dataset.ts";
export type {
  GivenInput,
  InputOptions,
  LogInputs,
  RunInputs,
  RunInputsPage,
} from "./inputs/run-inputs.ts";
export type {
  CreateLoggedModelOptions,
  LoggedModelSearch,
  LoggedModels,
  LoggedModelUpdate,
  LogModelOptions,
  ModelFacts,
} from "./logged-models/logged-models.ts";
export type { ModelFiles } from "./logged-models/model-files.ts";
export type { MaskingOptions, MaskStats, MaskText, MaskValue } from "./masking/mask-value.ts";
export { openClients } from "./opening/open-clients.ts";
export { storeOf } from "./opening/store-of.ts";
export type { Operation, OperationAccess, OperationId } from "./operations/operation.ts";
export type { Params } from "./params.ts";
export { newPromptVersion } from "./prompts/new-prompt-version.ts";
export { extendPrompts } from "./prompts/prompt-object.ts";
export type {
  GetPromptOptions,
  Prompt,
  PromptChange,
  Prompts,
  PromptValues,
  RegisterPromptOptions,
  SetPromptAlias,
  SetPromptSplit,
} from "./prompts/prompts.ts";
export { parseTemplate, type TemplatePart } from "./prompts/template.ts";
export type { ActiveModels } from "./propagation/active-model.ts";
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
  CopyVersionOptions,
  CreateModelOptions,
  DeleteModelAlias,
  DownloadedModel,
  DownloadModelOptions,
  Force,
  GatePlace,
  LoadModelOptions,
  ModelAliasKey,
  ModelHistorySearch,
  Models,
  ModelUpdate,
  ModelVersionUpdate,
  RegisterModelOptions,
  RenameModelOptions,
  SetModelAlias,
  SetModelStage,
  StreamedModelFile,
  StreamModelOptions,
} from "./registry/models.ts";
export type { Features, Rivulet, RivuletStats, StoreDescription } from "./rivulet.ts";
export type { PromptOptions, RivuletOptions } from "./rivulet-options.ts";
export type { Sessions, TraceOwnerSearch, TurnSearch, Users } from "./sessions/sessions.ts";
export type { SystemMetricsOptions } from "./system-metrics/system-metrics.ts";
export type { TableFormat } from "./tables/table.ts";
export { isCacheHit, requestIdIn } from "./tracing/answer-headers.ts";
export {
  type Failure,
  type FailureCause,
  type FailureEnd,
  failureEnd,
  readFailure,
  type Stop,
} from "./tracing/failure.ts";
export type {
  FinishedSpan,
  FinishedSpanEvent,
  RecordReport,
  SpanTime,
} from "./tracing/finished-span.ts";
export { nextStatusOf } from "./tracing/next-answer.ts";
export { type Method, replaceMethod } from "./tracing/own-methods.ts";
export type {
  CallFees,
  DatedPrice,
  LongContextPrice,
  ModelPrice,
  ModelPrices,
  TokenPrices,
} from "./tracing/prices/model-price.ts";
export {
  reportedApart,
  reportedCost,
  reportedParts,
  reportedSearches,
  reportedTier,
  type SearchedAnswer,
} from "./tracing/provider-usage.ts";
export type { RetentionStatus } from "./tracing/retention-status.ts";
export type {
  KeepReason,
  SampleRate,
  SamplingStats,
  TailSamplingOptions,
} from "./tracing/sampling/sampling-options.ts";
export {
  isReadable,
  type StreamObserver,
  tapIterator,
  tapIterators,
  tapReadable,
} from "./tracing/stream-tap.ts";
export type {
  AssessmentInput,
  ErrorGrouping,
  TraceAggregation,
  TraceDeletion,
  TraceRetention,
  TraceSelection,
  Traces,
  TraceValues,
} from "./tracing/traces.ts";
export type {
  AbandonedEnd,
  AbandonReason,
  ActiveSpan,
  EndSpanOptions,
  EnteredSpan,
  LibraryContext,
  SpanParent,
  SpanWatch,
  SpanWatchOptions,
  StartSpanOptions,
  TracedOptions,
  TraceFields,
  TracePatch,
  Tracing,
  WithSpanOptions,
} from "./tracing/tracing.ts";
export type { TracingOptions } from "./tracing/tracing-options.ts";
export type { ActiveRun, ParamValue } from "./tracking/active-run.ts";
export {
  type CreateExperimentOptions,
  createExperimentSchema,
  type Experiments,
  type ExperimentUpdate,
  experimentUpdateSchema,
} from "./tracking/experiments.ts";
export { metricExportSchema, runExportSchema } from "./tracking/export-input.ts";
export type { MeasuredOptions } from "./tracking/measured-model.ts";
export type { MetricOptions } from "./tracking/metric-points.ts";
export type { PurgeOptions } from "./tracking/purge.ts";
export type { Resume } from "./tracking/resume-run.ts";
export {
  metricSeriesSchema,
  runUpdateSchema,
  startRunSchema,
} from "./tracking/run-input.ts";
export type {
  ChildSummariesQuery,
  ExportSelection,
  MetricExport,
  RunExport,
  RunSearch,
} from "./tracking/run-queries.ts";
export type {
  MetricInput,
  RunBatchInput,
  Runs,
  RunTagsUpdate,
  RunUpdate,
  StartRunOptions,
  WithChildren,
} from "./tracking/runs.ts";
export type {
  SweepChild,
  SweepChoice,
  SweepOptions,
  SweepParams,
  SweepResult,
} from "./tracking/sweep-input.ts";
export type { SweepRange } from "./tracking/sweep-range.ts";
export {
  type Act,
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
export type { CreateViewOptions, Views, ViewUpdate } from "./views/views.ts";
export type {
  CreateWebhookOptions,
  DeliveryQuery,
  TestWebhookOptions,
  WebhookOptions,
  Webhooks,
  WebhookTest,
  WebhookUpdate,
} from "./webhooks/webhooks.ts";

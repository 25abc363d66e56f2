export {
  TRACE_GROUPS,
  type TraceAggregate,
  type TraceGroup,
  traceAggregateSchema,
} from "./aggregate.ts";
export {
  type Assessment,
  type AssessmentSource,
  assessmentSchema,
  type FeedbackSummary,
  feedbackSummarySchema,
} from "./assessment.ts";
export { type Attachment, type AttachmentState, attachmentSchema } from "./attachment.ts";
export { type Better, betterSchema } from "./better.ts";
export {
  type ComparedRow,
  type ComparedSide,
  type Comparison,
  comparisonSchema,
  type ScoreComparison,
  scoreComparisonSchema,
} from "./comparison.ts";
export { NotJson } from "./copy-json.ts";
export { type Dataset, type DatasetRecord, datasetRecordSchema, datasetSchema } from "./dataset.ts";
export {
  type DatasetSummary,
  datasetSummarySchema,
  type InputDataset,
  inputDatasetSchema,
  type RunInput,
  runInputSchema,
} from "./dataset-input.ts";
export type { SearchEntity } from "./entities.ts";
export { type ErrorGroup, errorGroupSchema, errorPattern } from "./error-group.ts";
export {
  type ErrorCode,
  messageOf,
  RivuletError,
  type RivuletErrorOptions,
  toRivuletError,
} from "./errors.ts";
export {
  type Evaluation,
  type EvaluationRow,
  evaluationRowSchema,
  evaluationSchema,
  type Score,
  type ScoreRange,
  type ScoreSummary,
  scoreRangeSchema,
  scoreSchema,
  scoreSummarySchema,
} from "./evaluation.ts";
export {
  DEFAULT_EXPERIMENT_ID,
  type Experiment,
  experimentSchema,
  type MetricDeclaration,
  type MetricDeclarations,
  metricDeclarationsSchema,
} from "./experiment.ts";
export * from "./filter/filter.ts";
export { parseFilter } from "./filter/parse-filter.ts";
export { parseListedField } from "./filter/parse-listed-field.ts";
export { parseOrder } from "./filter/parse-order.ts";
export {
  type JsonObject,
  type JsonValue,
  jsonObjectSchema,
  jsonText,
  jsonValueSchema,
  namedNumberSchema,
  type StringMap,
  stringMapSchema,
} from "./json.ts";
export { LIMITS } from "./limits.ts";
export {
  type LoggedModel,
  type LoggedModelStatus,
  loggedModelSchema,
  loggedModelStatusSchema,
  type MeasuredModel,
  type ModelField,
  type ModelMetric,
  type ModelSignature,
  modelSignatureSchema,
} from "./logged-model.ts";
export { type FailedChange, type ManyChanged, manyChangedSchema } from "./many-changed.ts";
export { messagePartSchema, messageSchema } from "./message/message-schema.ts";
export * from "./messages.ts";
export { type MetricSummary, metricSummarySchema } from "./metric-summary.ts";
export {
  type ModelVersion,
  modelVersionSchema,
  type RegisteredModel,
  registeredModelSchema,
} from "./model.ts";
export {
  MODEL_CHANGE_KINDS,
  type ModelChange,
  type ModelChangeKind,
  modelChangeSchema,
} from "./model-change.ts";
export { type ModelFile, modelFileSchema } from "./model-file.ts";
export {
  type EvaluationRequirement,
  evaluationRequirementSchema,
  type GateCheck,
  gateCheckSchema,
  type ModelGate,
  modelGateSchema,
} from "./model-gate.ts";
export { type ModelLineage, modelLineageSchema } from "./model-lineage.ts";
export { MODEL_STAGES, type ModelStage, modelStageSchema, readStage } from "./model-stage.ts";
export {
  DEFAULT_PAGE_SIZE,
  type LifecycleFilter,
  type LifecycleStage,
  lifecycleStageSchema,
  MAX_PAGE_SIZE,
  type Page,
  type PageQuery,
  pageSchema,
  type SearchQuery,
} from "./page.ts";
export { paginate } from "./paginate.ts";
export { paramText } from "./param-text.ts";
export {
  type ChatMessage,
  type ChatPart,
  type ChatRole,
  chatMessageSchema,
  type PromptArm,
  type PromptEntry,
  type PromptRef,
  type PromptTemplate,
  type PromptVersion,
  promptArmSchema,
  promptEntrySchema,
  promptRefSchema,
  promptTemplateSchema,
  promptVersionSchema,
} from "./prompt.ts";
export {
  type Purged,
  type PurgedExperiments,
  purgedExperimentsSchema,
  purgedSchema,
} from "./purge.ts";
export { recordSchema } from "./record-schema.ts";
export {
  type Artifact,
  type ArtifactEntry,
  artifactEntrySchema,
  artifactSchema,
  type LoggedPoint,
  type MetricPoint,
  metricPointSchema,
  type Run,
  type RunBatch,
  type RunStatus,
  runSchema,
  runStatusSchema,
} from "./run.ts";
export {
  type ChildMetric,
  type ChildSummary,
  childSummarySchema,
  type RankedChild,
} from "./run-children.ts";
export {
  type ComparedMetric,
  type ComparedRun,
  type ComparedTexts,
  type RunComparison,
  runComparisonSchema,
} from "./run-comparison.ts";
export { type GroupedMetric, type RunGroup, runGroupSchema } from "./run-group.ts";
export { type RunOwner, runOwnerSchema } from "./run-owner.ts";
export {
  type Session,
  type SessionTurn,
  sessionSchema,
  sessionTurnSchema,
  type TraceTotals,
  type User,
  userSchema,
} from "./session.ts";
export {
  FEE_TYPES,
  SPAN_STATUSES,
  SPAN_TYPES,
  type Span,
  type SpanEvent,
  type SpanSkeleton,
  type SpanStatus,
  type SpanType,
  spanSchema,
  spanSkeletonSchema,
  spanStatusSchema,
  spanTypeSchema,
  type TokenUsage,
  tokenUsageSchema,
  type Uncounted,
} from "./span.ts";
export { type Trace, traceSchema } from "./trace.ts";
export { type ValueCount, valueCountSchema } from "./value-count.ts";
export { type View, viewSchema } from "./view.ts";
export {
  WEBHOOK_EVENTS,
  type Webhook,
  type WebhookDelivery,
  type WebhookEvent,
  webhookDeliverySchema,
  webhookEventSchema,
  webhookSchema,
} from "./webhook.ts";

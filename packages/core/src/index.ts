export type { ArtifactInput, ArtifactStorage, Artifacts } from "./artifacts/artifacts.ts";
export type { DatasetRecordInput, Datasets } from "./datasets/datasets.ts";
export * from "./domain/index.ts";
export {
  type ErrorCode,
  RivuletError,
  type RivuletErrorOptions,
  toRivuletError,
} from "./errors.ts";
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
export type {
  GetPromptOptions,
  Prompt,
  Prompts,
  PromptValues,
  RegisterPromptOptions,
} from "./prompts/prompts.ts";
export type { Models, ModelUpdate, RegisterModelOptions } from "./registry/models.ts";
export {
  createRivulet,
  type Ids,
  type Rivulet,
  type RivuletOptions,
  type RivuletStats,
  type TracingOptions,
} from "./rivulet.ts";
export { type OpenStoreOptions, openStore } from "./store/open-store.ts";
export type * from "./store/store.ts";
export { LIST_PRICES, type ModelPrice, type ModelPrices } from "./tracing/prices.ts";
export { formatTraceparent, parseTraceparent } from "./tracing/traceparent.ts";
export type { AssessmentInput, Traces } from "./tracing/traces.ts";
export type {
  ActiveSpan,
  EndSpanOptions,
  MaskValue,
  SpanParent,
  StartSpanOptions,
  TracedOptions,
  TracePatch,
  Tracing,
} from "./tracing/tracing.ts";
export type { Experiments, ExperimentUpdate } from "./tracking/experiments.ts";
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

import type {
  Assessment,
  Evaluation,
  EvaluationRow,
  Experiment,
  RegisteredModel,
  Run,
  Span,
} from "@rivulet/domain";
import type { NewModelVersion, NewPromptVersion } from "../port/store.ts";
import { hexId } from "./hex-id.ts";

/** When everything that the builders make was made, unless it says otherwise. */
export const BUILT_AT = 1_700_000_000_000;

/** An experiment; `given` replaces fields. */
export function anExperiment(given: Partial<Experiment> = {}): Experiment {
  return {
    id: "1",
    name: "iris",
    lifecycleStage: "active",
    createdAt: BUILT_AT,
    updatedAt: BUILT_AT,
    tags: {},
    metrics: {},
    ...given,
  };
}

/** A run of the default experiment. */
export function aRun(given: Partial<Run> = {}): Run {
  return {
    id: hexId(1),
    experimentId: "0",
    name: "brave-otter-42",
    status: "running",
    startTime: BUILT_AT,
    lifecycleStage: "active",
    params: {},
    tags: {},
    metrics: {},
    ...given,
  };
}

/** A registered model without versions. */
export function aModel(given: Partial<RegisteredModel> = {}): RegisteredModel {
  return {
    name: "iris",
    description: "",
    createdAt: BUILT_AT,
    updatedAt: BUILT_AT,
    tags: {},
    aliases: {},
    ...given,
  };
}

/** A model version to be numbered. */
export function aModelVersion(given: Partial<NewModelVersion> = {}): NewModelVersion {
  return {
    name: "iris",
    description: "",
    createdAt: BUILT_AT,
    updatedAt: BUILT_AT,
    tags: {},
    metrics: {},
    ...given,
  };
}

/** A prompt version to be numbered; its content hash follows from its template. */
export function aPromptVersion(given: Partial<NewPromptVersion> = {}): NewPromptVersion {
  const template = given.template ?? "Hello {{name}}";
  return {
    name: "greet",
    type: typeof template === "string" ? "text" : "chat",
    template,
    variables: [],
    config: {},
    commitMessage: "",
    tags: {},
    createdAt: BUILT_AT,
    contentHash: JSON.stringify(template),
    ...given,
  };
}

/** A root span that is over. */
export function aSpan(given: Partial<Span> = {}): Span {
  return {
    traceId: hexId(1),
    id: hexId(1, 16),
    experimentId: "0",
    name: "root",
    type: "chain",
    status: "ok",
    startTime: BUILT_AT,
    endTime: BUILT_AT + 100,
    attributes: {},
    events: [],
    ...given,
  };
}

/** Feedback of a user on the trace of {@link aSpan}. */
export function anAssessment(given: Partial<Assessment> = {}): Assessment {
  return {
    id: hexId(1),
    traceId: hexId(1),
    kind: "feedback",
    name: "user_feedback",
    value: true,
    source: "human",
    metadata: {},
    createdAt: BUILT_AT,
    ...given,
  };
}

/** A running evaluation of the run of {@link aRun}. */
export function anEvaluation(given: Partial<Evaluation> = {}): Evaluation {
  return {
    id: hexId(1),
    experimentId: "0",
    name: "nightly",
    status: "running",
    startTime: BUILT_AT,
    rowCount: 0,
    errorCount: 0,
    scores: [],
    metadata: {},
    ...given,
  };
}

/** A row of {@link anEvaluation}. */
export function anEvaluationRow(given: Partial<EvaluationRow> = {}): EvaluationRow {
  return {
    evaluationId: hexId(1),
    rowId: hexId(1),
    trial: 0,
    inputs: { q: "1+1" },
    scores: [],
    durationMs: 5,
    ...given,
  };
}

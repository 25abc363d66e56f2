import { artifactOperations } from "./artifacts.ts";
import { assessmentOperations } from "./assessments.ts";
import { datasetOperations } from "./datasets.ts";
import { evaluationOperations } from "./evaluations.ts";
import { experimentOperations } from "./experiments.ts";
import { metricOperations } from "./metrics.ts";
import { modelVersionOperations } from "./model-versions.ts";
import { modelOperations } from "./models.ts";
import type { Operation } from "./operation.ts";
import { promptVersionOperations } from "./prompt-versions.ts";
import { promptOperations } from "./prompts.ts";
import { runOperations } from "./runs.ts";
import { systemOperations } from "./system.ts";
import { traceOperations } from "./traces.ts";

/** The whole API, as data. */
export const operations: readonly Operation[] = [
  ...experimentOperations,
  ...runOperations,
  ...metricOperations,
  ...artifactOperations,
  ...modelOperations,
  ...modelVersionOperations,
  ...promptOperations,
  ...promptVersionOperations,
  ...traceOperations,
  ...assessmentOperations,
  ...datasetOperations,
  ...evaluationOperations,
  ...systemOperations,
];

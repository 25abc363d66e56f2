import { artifactOperations } from "./artifacts.ts";
import { datasetOperations } from "./datasets.ts";
import { evaluationOperations } from "./evaluations.ts";
import { experimentOperations } from "./experiments.ts";
import { loggedModelOperations } from "./logged-models.ts";
import { modelOperations } from "./models.ts";
import type { Operation } from "./operation.ts";
import { promptOperations } from "./prompts.ts";
import { runOperations } from "./runs.ts";
import { sessionOperations, userOperations } from "./sessions.ts";
import { traceOperations } from "./traces.ts";
import { viewOperations } from "./views.ts";
import { webhookOperations } from "./webhooks.ts";

/** Every verb of the client that can be called from outside its process, as data. */
export const operations: readonly Operation[] = [
  ...experimentOperations,
  ...runOperations,
  ...artifactOperations,
  ...loggedModelOperations,
  ...modelOperations,
  ...promptOperations,
  ...traceOperations,
  ...sessionOperations,
  ...userOperations,
  ...datasetOperations,
  ...evaluationOperations,
  ...viewOperations,
  ...webhookOperations,
];

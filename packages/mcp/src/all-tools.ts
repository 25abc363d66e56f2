import type { McpTool } from "./tool.ts";
import { evaluationTools } from "./tools/evaluations.ts";
import { modelTools } from "./tools/models.ts";
import { overviewTools } from "./tools/overview.ts";
import { promptTools } from "./tools/prompts.ts";
import { runTools } from "./tools/runs.ts";
import { sessionTools } from "./tools/sessions.ts";
import { traceTools } from "./tools/traces.ts";

/** Every tool, those that write among them. */
export const allTools: readonly McpTool[] = [
  ...overviewTools,
  ...promptTools,
  ...modelTools,
  ...runTools,
  ...traceTools,
  ...sessionTools,
  ...evaluationTools,
];

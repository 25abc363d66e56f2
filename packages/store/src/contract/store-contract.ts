import { artifactRules } from "./artifacts.ts";
import { assessmentRules } from "./assessments.ts";
import type { ContractCase } from "./contract-case.ts";
import { datasetRules } from "./datasets.ts";
import { evaluationRules } from "./evaluations.ts";
import { experimentRules } from "./experiments.ts";
import { journalRules } from "./journal.ts";
import { metricRules } from "./metrics.ts";
import { modelRules } from "./models.ts";
import { promptRules } from "./prompts.ts";
import { runSearchRules } from "./run-search.ts";
import { runRules } from "./runs.ts";
import { traceSearchRules } from "./trace-search.ts";
import { traceRules } from "./traces.ts";

/**
 * What every driver must do: each rule is tried on a fresh store, with any test runner.
 *
 * ```ts
 * for (const { name, run } of storeContract) {
 *   test(name, async () => run(await openFreshStore()));
 * }
 * ```
 */
export const storeContract: readonly ContractCase[] = [
  ...experimentRules,
  ...runRules,
  ...metricRules,
  ...runSearchRules,
  ...artifactRules,
  ...modelRules,
  ...promptRules,
  ...traceRules,
  ...traceSearchRules,
  ...assessmentRules,
  ...datasetRules,
  ...evaluationRules,
  ...journalRules,
];

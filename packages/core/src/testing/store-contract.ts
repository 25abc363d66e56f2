import { artifactRules } from "./contract/artifacts.ts";
import { assessmentRules } from "./contract/assessments.ts";
import type { ContractCase } from "./contract/contract-case.ts";
import { datasetRules } from "./contract/datasets.ts";
import { evaluationRules } from "./contract/evaluations.ts";
import { experimentRules } from "./contract/experiments.ts";
import { journalRules } from "./contract/journal.ts";
import { metricRules } from "./contract/metrics.ts";
import { modelRules } from "./contract/models.ts";
import { promptRules } from "./contract/prompts.ts";
import { runSearchRules } from "./contract/run-search.ts";
import { runRules } from "./contract/runs.ts";
import { traceSearchRules } from "./contract/trace-search.ts";
import { traceRules } from "./contract/traces.ts";

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

import { artifactRules } from "./artifacts.ts";
import { assessmentRules } from "./assessments.ts";
import { attachmentRules } from "./attachments.ts";
import type { ContractCase } from "./contract-case.ts";
import { datasetRules } from "./datasets.ts";
import { errorGroupRules } from "./error-groups.ts";
import { evaluationRules } from "./evaluations.ts";
import { experimentRules } from "./experiments.ts";
import { fileRules } from "./files.ts";
import { journalRules } from "./journal.ts";
import { loggedModelRules } from "./logged-models.ts";
import { metricRules } from "./metrics.ts";
import { modelMoveRules } from "./model-moves.ts";
import { modelRules } from "./models.ts";
import { promptRules } from "./prompts.ts";
import { purgeRules } from "./purge.ts";
import { runChildrenRules } from "./run-children.ts";
import { runInputRules } from "./run-inputs.ts";
import { runSearchRules } from "./run-search.ts";
import { runRules } from "./runs.ts";
import { sessionRules } from "./sessions.ts";
import { traceDeletionRules } from "./trace-deletion.ts";
import { traceRetentionRules } from "./trace-retention.ts";
import { traceSearchRules } from "./trace-search.ts";
import { traceRules } from "./traces.ts";
import { valuesInUseRules } from "./values-in-use.ts";
import { viewRules } from "./views.ts";
import { webhookRules } from "./webhooks.ts";
import { wholeStoreRules } from "./whole-store.ts";

export { aDataset, aRecord } from "./datasets.ts";

/**
 * What every driver must do, as data for any test runner:
 *
 * ```ts
 * const shared = await openStore("mine:shared");
 * for (const { name, fresh, run } of storeContract) {
 *   test(name, async () => {
 *     if (!fresh) return run(shared);
 *     const store = await openStore(newUrl());
 *     await run(store);
 *     await store.close();
 *   });
 * }
 * ```
 *
 * The rules that share a store may run in any order, many at once, and again on what an earlier test run
 * left behind: each has a room of its own in it. Do run many at once; when two rules disturb each other,
 * that is a fault of the driver. What fails in the background, where no rule sees it, comes to the
 * `onError` that the store was opened with.
 */
export const storeContract: readonly ContractCase[] = [
  ...experimentRules,
  ...runRules,
  ...runChildrenRules,
  ...metricRules,
  ...runInputRules,
  ...loggedModelRules,
  ...runSearchRules,
  ...purgeRules,
  ...artifactRules,
  ...fileRules,
  ...modelRules,
  ...modelMoveRules,
  ...promptRules,
  ...traceRules,
  ...traceDeletionRules,
  ...traceRetentionRules,
  ...attachmentRules,
  ...traceSearchRules,
  ...errorGroupRules,
  ...valuesInUseRules,
  ...viewRules,
  ...webhookRules,
  ...sessionRules,
  ...assessmentRules,
  ...datasetRules,
  ...evaluationRules,
  ...journalRules,
  ...wholeStoreRules,
];

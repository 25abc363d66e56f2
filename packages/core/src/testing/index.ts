export {
  aDataset,
  aModel,
  aModelVersion,
  anAssessment,
  anEvaluation,
  anEvaluationRow,
  anExperiment,
  aPromptVersion,
  aRecord,
  aRun,
  aSpan,
  BUILT_AT,
} from "./builders.ts";
export { type FixedClock, fixedClock } from "./clock.ts";
export type { ContractCase } from "./contract/contract-case.ts";
export { hexId, sequentialIds } from "./sequential-ids.ts";
export { storeContract } from "./store-contract.ts";

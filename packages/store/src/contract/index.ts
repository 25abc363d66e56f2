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
export type { ContractCase } from "./contract-case.ts";
export { hexId } from "./hex-id.ts";
export { storeContract } from "./store-contract.ts";

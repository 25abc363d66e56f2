export * from "./builders.ts";
export type { ContractCase } from "./contract-case.ts";
export { type EntitySubject, entityRules } from "./entity-rules.ts";
export { hexId } from "./hex-id.ts";
export * from "./store-contract.ts";
export {
  aUsageHistory,
  storedTotals,
  type UsageHistory,
  type UsageHistoryOptions,
  type UsageTotals,
} from "./usage-history.ts";

export * from "./dataset.ts";
export {
  type ErrorCode,
  RivuletError,
  type RivuletErrorOptions,
  toRivuletError,
} from "./errors.ts";
export * from "./evaluation.ts";
export * from "./experiment.ts";
export type { SearchEntity } from "./filter/fields.ts";
export * from "./filter/filter.ts";
export { parseFilter } from "./filter/parse-filter.ts";
export { parseOrder } from "./filter/parse-order.ts";
export * from "./json.ts";
export * from "./limits.ts";
export * from "./model.ts";
export * from "./page.ts";
export * from "./prompt.ts";
export * from "./run.ts";
export * from "./trace.ts";

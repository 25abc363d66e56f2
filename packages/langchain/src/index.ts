export { RivuletCallbackHandler } from "./callback-handler.ts";
export type { CollapsibleRun, RivuletCallbackHandlerOptions } from "./handler-options.ts";
export type { RunTableStats } from "./run-table.ts";

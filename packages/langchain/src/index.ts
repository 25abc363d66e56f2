export { RivuletCallbackHandler } from "./callback-handler.ts";
export type { CollapsibleRun, RivuletCallbackHandlerOptions } from "./handler-options.ts";
export {
  type InstrumentLangChainOptions,
  instrumentLangChain,
} from "./instrumentation/instrument-langchain.ts";
export { type EmbeddingsLike, traceEmbeddings } from "./instrumentation/trace-embeddings.ts";
export type { RunTableStats } from "./runs/run-table.ts";

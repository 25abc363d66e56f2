export { RivuletCallbackHandler } from "./callback-handler.ts";
export type { CollapsibleRun, RivuletCallbackHandlerOptions } from "./handler-options.ts";
export { type InstrumentLangChainOptions, instrumentLangChain } from "./instrument-langchain.ts";
export type { RunTableStats } from "./run-table.ts";
export { type EmbeddingsLike, traceEmbeddings } from "./trace-embeddings.ts";

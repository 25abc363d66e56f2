import { AsyncLocalStorage } from "node:async_hooks";

/** Where every copy and version of LangChain keeps its async context. */
const STORAGE = Symbol.for("ls:tracing_async_local_storage");
/** Where that context keeps the config that nested calls inherit. */
const CHILD_CONFIG = Symbol.for("lc:child_config");

interface ContextStorage {
  getStore(): { readonly extra?: Readonly<Record<symbol, unknown>> } | undefined;
}

const shared = globalThis as { [STORAGE]?: unknown };

/**
 * Switches on LangChain's async context, as importing `@langchain/core/context` or LangGraph does. Without
 * it a model called in a tool or lambda without its config reports nothing.
 */
export function enableLangChainContext(): void {
  shared[STORAGE] ??= new AsyncLocalStorage();
}

/** Id of the tool, lambda or node run that encloses the running code. Never throws. */
export function currentRunId(): string | undefined {
  try {
    const store = (shared[STORAGE] as ContextStorage | undefined)?.getStore?.();
    const config = store?.extra?.[CHILD_CONFIG] as { callbacks?: unknown } | undefined;
    const callbacks = config?.callbacks as { getParentRunId?: () => unknown } | undefined;
    const runId = callbacks?.getParentRunId?.();
    return typeof runId === "string" ? runId : undefined;
  } catch {
    // These symbols are LangChain's own affair: whatever they hold one day, it must not reach the user.
    return undefined;
  }
}

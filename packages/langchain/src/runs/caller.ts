import { AsyncLocalStorage } from "node:async_hooks";
import { fieldsOf } from "./read-fields.ts";

/** The run whose code makes a call, and what it was configured with. */
export interface Caller {
  /** The tool, lambda or node; before it, the functions in it that LangSmith's `traceable` wraps, innermost first. */
  readonly runIds: readonly string[];
  /** Stops the run, and what it calls. */
  readonly signal: AbortSignal | undefined;
  /** The app's own settings of the run: LangChain 1.x tells handlers nothing of them. */
  readonly configurable: Readonly<Record<string, unknown>>;
}

/** Where every copy and version of LangChain keeps its async context. */
const STORAGE = Symbol.for("ls:tracing_async_local_storage");
/** Where that context keeps the config that nested calls inherit. */
const CHILD_CONFIG = Symbol.for("lc:child_config");
/** So many functions traced by LangSmith may stand between a run and what it calls. */
const MAX_HOPS = 16;

interface Context {
  /** Of LangSmith's run. */
  readonly id?: unknown;
  readonly extra?: Readonly<Record<symbol, unknown>>;
  /** Of a function that LangSmith's `traceable` wraps: what it was called in. */
  readonly parent_run?: Context;
}

const NONE: readonly string[] = Object.freeze([]);
const shared = globalThis as { [STORAGE]?: unknown };

/**
 * Switches on LangChain's async context, as importing `@langchain/core/context` or LangGraph does. Without
 * it a model called in a tool or lambda without its config reports nothing.
 */
export function enableLangChainContext(): void {
  shared[STORAGE] ??= new AsyncLocalStorage();
  try {
    keepThroughTraceable(shared[STORAGE] as Storage);
  } catch {
    // A storage that cannot be changed is none of ours.
  }
}

type Storage = Pick<AsyncLocalStorage<unknown>, "getStore" | "run">;

const kept = new WeakSet<object>();

/**
 * While LangSmith's tracing is off, a function that its `traceable` wraps runs in a context that says nothing, in place
 * of the one around it: what is called in there would not know of the run any more. It is given that run's config.
 */
function keepThroughTraceable(storage: Storage): void {
  if (kept.has(storage)) return;
  kept.add(storage);
  const { run } = storage;
  storage.run = function (this: Storage, store: unknown, ...call: [never, ...never[]]): never {
    return run.call(
      storage,
      isSwitchedOff(store) ? withConfig(store, storage) : store,
      ...call,
    ) as never;
  };
}

function isSwitchedOff(store: unknown): store is object {
  if (typeof store !== "object" || store === null || "extra" in store) return false;
  // With LangSmith 0.3 it is empty.
  return "tracingEnabled" in store || Reflect.ownKeys(store).length === 0;
}

function withConfig(store: object, storage: Storage): object {
  const { extra } = fieldsOf(storage.getStore());
  return extra === undefined ? store : { ...store, extra };
}

/** The tool, lambda or node run that encloses the running code. Never throws. */
export function currentCaller(): Caller | undefined {
  try {
    return readCaller();
  } catch {
    // These symbols are LangChain's own affair: whatever they hold one day, it must not reach the user.
    return undefined;
  }
}

function readCaller(): Caller | undefined {
  const context = (
    shared[STORAGE] as { getStore?(): Context | undefined } | undefined
  )?.getStore?.();
  const config = context?.extra?.[CHILD_CONFIG] as Readonly<Record<string, unknown>> | undefined;
  const callbacks = config?.["callbacks"] as { getParentRunId?(): unknown } | undefined;
  const runId = callbacks?.getParentRunId?.();
  if (typeof runId !== "string") return undefined;
  const { signal, configurable } = config ?? {};
  return {
    runIds: [runId, ...idsAbove(context)],
    signal: asSignal(signal),
    configurable: fieldsOf(configurable),
  };
}

function idsAbove(context: Context | undefined): readonly string[] {
  if (context?.parent_run === undefined) return NONE;
  const ids: string[] = [];
  let above: Context | undefined = context.parent_run;
  for (; above !== undefined && ids.length < MAX_HOPS; above = above.parent_run) {
    ids.push(String(above.id));
  }
  return ids;
}

/** The value if it can stop something. */
export function asSignal(value: unknown): AbortSignal | undefined {
  return typeof fieldsOf(value)["aborted"] === "boolean" ? (value as AbortSignal) : undefined;
}

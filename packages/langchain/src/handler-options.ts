import { type JsonObject, type Rivulet, reportUnknownNames, type StringMap } from "@rivulet/core";

/**
 * Runs that say little of what happened: `prompt` formats messages, `parser` reads the answer, `router` is
 * the function with which LangGraph chooses the next node.
 */
export type CollapsibleRun = "prompt" | "parser" | "router";

/** Options of `RivuletCallbackHandler`. */
export interface RivuletCallbackHandlerOptions {
  /** Name or id of the experiment of new traces. @default what `createRivulet` was given */
  readonly experimentId?: string;
  /** Session of new traces. @default `session_id`, `thread_id` or `conversation_id` of the call's metadata */
  readonly sessionId?: string;
  /** User of new traces. @default `user_id` of the call's metadata */
  readonly userId?: string;
  /** Tags of new traces, besides the call's own tags. */
  readonly tags?: StringMap;
  /** Metadata of new traces, besides the call's own metadata. */
  readonly metadata?: JsonObject;
  /**
   * Kinds of runs that get no span of their own unless they fail: what they take and give is that of their
   * neighbours. Models, tools and retrievers always have a span, runs tagged `langsmith:hidden` never.
   * @default ['prompt', 'parser', 'router']
   */
  readonly collapse?: readonly CollapsibleRun[];
  /**
   * Which chain, graph and node spans keep input and output: an agent hands its whole conversation from
   * node to node, so `'root'` makes long traces much smaller. Models, tools and retrievers always keep theirs.
   * @default 'all'
   */
  readonly chainPayloads?: "all" | "root" | "none";
}

/** The options with their defaults. */
export interface HandlerSettings extends RivuletCallbackHandlerOptions {
  readonly collapsed: ReadonlySet<CollapsibleRun>;
  readonly chainPayloads: "all" | "root" | "none";
}

const OPTIONS: Readonly<Record<keyof RivuletCallbackHandlerOptions, true>> = {
  experimentId: true,
  sessionId: true,
  userId: true,
  tags: true,
  metadata: true,
  collapse: true,
  chainPayloads: true,
};
/** Misspelt names that were reported: handlers may be made for each request. */
const told = new Set<string>();

/** Fills in the defaults. An unknown option is reported once; the handler records all the same. */
export function handlerSettings(
  options: RivuletCallbackHandlerOptions,
  { reportError: report }: Pick<Rivulet, "reportError">,
): HandlerSettings {
  reportUnknownNames(options, {
    of: "RivuletCallbackHandler",
    known: Object.keys(OPTIONS),
    told,
    report,
  });
  const { collapse = ["prompt", "parser", "router"], chainPayloads = "all" } = options;
  return { ...options, collapsed: new Set(collapse), chainPayloads };
}

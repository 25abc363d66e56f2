import type { SpanType } from "@rivulet/core";
import type { CollapsibleRun } from "./handler-options.ts";

/** What LangChain calls a run of this kind when it starts. */
export type RunKind = "chain" | "prompt" | "parser" | "chat_model" | "llm" | "tool" | "retriever";

/** A run that starts, as LangChain tells it. */
export interface RunStart {
  readonly kind: RunKind;
  readonly runId: string;
  readonly parentRunId?: string | undefined;
  /** The runnable; its last id is the class. */
  readonly serialized?: unknown;
  readonly name?: string | undefined;
  readonly input?: unknown;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** What the model is called with: settings and tools. */
  readonly invocation?: Readonly<Record<string, unknown>> | undefined;
  readonly toolCallId?: string | undefined;
  readonly extra?: Readonly<Record<PropertyKey, unknown>> | undefined;
}

/** Which step of LangGraph a chain is. */
export type GraphRole = "agent" | "graph" | "node";

const ROLE_TYPES = { agent: "agent", graph: "workflow", node: "task" } as const;
const HIDDEN = "langsmith:hidden";
const GRAPHS = new Set(["CompiledStateGraph", "CompiledGraph", "Pregel", "LangGraph"]);

/** What kind of run `runType` of a chain start means. */
export function chainKind(runType: unknown): RunKind {
  if (runType === "prompt" || runType === "parser" || runType === "llm") return runType;
  return runType === "retriever" || runType === "tool" ? runType : "chain";
}

/** Chains and their steps, unlike what does the work: models, tools and retrievers. */
export function isChainLike({ kind }: RunStart): boolean {
  return kind === "chain" || kind === "prompt" || kind === "parser";
}

/** The run's own name, else its class. */
export function runName(start: RunStart): string {
  return start.name ?? className(start.serialized) ?? start.kind;
}

/** Whether the run is a graph or one of its nodes. */
export function graphRole(start: RunStart): GraphRole | undefined {
  const { metadata, name } = start;
  if (start.kind !== "chain") return undefined;
  if (GRAPHS.has(className(start.serialized) ?? "")) {
    return metadata?.["ls_integration"] === "langchain_create_agent" ? "agent" : "graph";
  }
  const node = metadata?.["langgraph_node"];
  return node !== undefined && node === name ? "node" : undefined;
}

/** The type of the run's span. */
export function spanType(start: RunStart, role: GraphRole | undefined): SpanType {
  if (role !== undefined) return ROLE_TYPES[role];
  return start.kind === "prompt" ? "chain" : start.kind;
}

/** Why a run has no span: it is tagged as machinery, or it says nothing that those around it do not say. */
export type Noise = "hidden" | "collapsed";

/** Whether the run is noise. Models, tools and retrievers never are. */
export function noiseOf(
  start: RunStart,
  collapsed: ReadonlySet<CollapsibleRun>,
): Noise | undefined {
  if (!isChainLike(start)) return undefined;
  if (start.tags?.includes(HIDDEN) === true) return "hidden";
  // A prompt or parser that is called by itself is what its trace is about.
  if (start.parentRunId === undefined) return undefined;
  const step = start.kind === "chain" ? "router" : (start.kind as CollapsibleRun);
  if (!collapsed.has(step) || (step === "router" && !isRouter(start))) return undefined;
  return "collapsed";
}

/** LangGraph wraps the functions of conditional edges in a lambda beside the node. */
function isRouter({ name, serialized, tags, metadata }: RunStart): boolean {
  if (metadata?.["langgraph_node"] === undefined || className(serialized) !== "RunnableLambda") {
    return false;
  }
  const unnamed = name === undefined || name === "RunnableLambda" || name.startsWith("Branch<");
  return unnamed && (tags === undefined || tags.length === 0);
}

function className(serialized: unknown): string | undefined {
  const { id } = (serialized ?? {}) as { id?: unknown };
  const last: unknown = Array.isArray(id) ? id.at(-1) : undefined;
  return typeof last === "string" ? last : undefined;
}

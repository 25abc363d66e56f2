import type { ActiveSpan, Rivulet, SpanType, StartSpanOptions } from "@rivulet/core";
import type { CollapsibleRun, HandlerSettings } from "../handler-options.ts";
import { linkPrompts, notePrompt } from "../prompts/prompt-links.ts";
import { applyPolicy, pickPayload, tracePolicy } from "../runs/pick-payload.ts";
import { textOf } from "../runs/read-fields.ts";
import type { CollapsedStep, GraphRole, OpenRun, RunKind, RunStart } from "../runs/run.ts";
import {
  hasPosition,
  newMetadata,
  type RunMetadata,
  sortMetadata,
  traceFields,
  userTags,
} from "../runs/run-metadata.ts";
import { placeOfRun, type RunTable } from "../runs/run-table.ts";
import { readSettings, takeModelRequest } from "./model-call.ts";
import { noteToolStart } from "./tool-calls.ts";

const ROLE_TYPES = { agent: "agent", graph: "workflow", node: "task" } as const;
const HIDDEN = "langsmith:hidden";
const GRAPHS = new Set(["CompiledStateGraph", "CompiledGraph", "Pregel", "LangGraph"]);

/** What the recorder of a handler works with. */
export interface RecorderParts {
  readonly rivulet: Rivulet;
  readonly settings: HandlerSettings;
  readonly runs: RunTable;
}

/** Makes the part of the recorder that starts runs. */
export function createRunStarter(parts: RecorderParts): (start: RunStart) => void {
  const { rivulet, runs, settings } = parts;

  function passOver(start: RunStart, noise: Noise): void {
    const step = noise === "collapsed" ? collapse(start, rivulet.now()) : undefined;
    runs.passOver(start.runId, { parentRunId: start.parentRunId, step });
  }

  function open(start: RunStart, parent: OpenRun | undefined): OpenRun {
    const metadata = sortMetadata(start.metadata);
    const role = graphRole(start);
    const span = startSpan(parts, { start, parent, metadata, role });
    const run = {
      runId: start.runId,
      kind: start.kind,
      role,
      parent,
      span,
      metadata,
      keepsPayload: keepsPayload(parts, start),
      policy: tracePolicy(start.extra),
      provider: textOf(start.metadata?.["ls_provider"]),
      toolCallId: start.toolCallId,
      signal: start.signal ?? start.caller?.signal,
      query: start.kind === "retriever" ? String(start.input) : undefined,
    };
    return runs.add(run, start.metadata);
  }

  return (given) => {
    const start = joined(given, runs);
    // LangChain before 1.4 tells a handler twice that is both on the model and on the call.
    if (runs.get(start.runId) !== undefined) return;
    const parent = runs.enclosing(start.parentRunId);
    notePrompt(parent, start);
    const noise = noiseOf(start, settings.collapsed);
    if (noise !== undefined) {
      passOver(start, noise);
      return;
    }
    const run = open(start, parent);
    if (parent !== undefined) learn(parent, start, settings);
    for (let above = parent; above !== undefined; above = above.parent) above.watch.touch();
    if (start.kind === "tool") noteToolStart(run);
    if (run.span.sampled === true) describe(rivulet, run, start);
  };
}

/**
 * A call that was given callbacks of its own, or comes out of a function of LangSmith's, belongs to the run whose code
 * has made it, as long as that is open.
 */
function joined(start: RunStart, runs: RunTable): RunStart {
  const { caller, parentRunId } = start;
  if (caller === undefined || runs.place(parentRunId) !== undefined) return start;
  const isHandedDown = parentRunId !== undefined && !caller.runIds.includes(parentRunId);
  const runId = caller.runIds.find((id) => runs.enclosing(id) !== undefined);
  return isHandedDown || runId === undefined ? start : { ...start, parentRunId: runId };
}

/** What a run was configured with is told nobody but the code inside of it. */
function learn(parent: OpenRun, { caller }: RunStart, settings: HandlerSettings): void {
  // It goes on, whatever has stopped in it before.
  parent.stop = undefined;
  if (caller?.runIds[0] !== parent.runId || parent.configured === true) return;
  parent.configured = true;
  parent.signal ??= caller.signal;
  if (parent.parent !== undefined) return;
  const { sessionId, userId } = traceFields(settings, caller.configurable, undefined);
  const isNamed = (traceFields(settings, parent.metadata.own, undefined).sessionId ?? "") !== "";
  parent.span.setTrace({
    ...(sessionId === undefined || isNamed ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
  });
}

function collapse(start: RunStart, startTime: number): CollapsedStep {
  return { name: runName(start), type: spanType(start, undefined), input: start.input, startTime };
}

interface Placed {
  readonly start: RunStart;
  readonly parent: OpenRun | undefined;
  readonly metadata: RunMetadata;
  readonly role: GraphRole | undefined;
}

function startSpan(
  { rivulet, runs, settings }: RecorderParts,
  { start, parent, metadata, role }: Placed,
): ActiveSpan {
  const under = placeOfRun(rivulet, runs, start.parentRunId);
  const place: StartSpanOptions = { type: spanType(start, role), parent: under ?? null };
  const isFirst = parent === undefined || under?.traceId !== parent.span.traceId;
  return rivulet.startSpan(
    runName(start),
    isFirst ? { ...traceFields(settings, metadata.own, start.tags), ...place } : place,
  );
}

function keepsPayload({ settings }: RecorderParts, start: RunStart): boolean {
  if (!isChainLike(start) || settings.chainPayloads === "all") return true;
  return settings.chainPayloads === "root" && start.parentRunId === undefined;
}

/** Gives the span its attributes and its input. */
function describe(rivulet: Rivulet, run: OpenRun, start: RunStart): void {
  const { span } = run;
  const attributes = attributesOf(run, start);
  if (start.kind === "chat_model" || start.kind === "llm") {
    readSettings(attributes, start.invocation);
    span.setAttributes(attributes);
    takeModelRequest(span, start);
    linkPrompts(run, start, rivulet.prompts);
    return;
  }
  span.setAttributes(attributes);
  const deferred = start.extra?.["lc_defers_inputs"] === true;
  if (!run.keepsPayload || deferred) return;
  const input = applyPolicy(run.policy?.processInputs, start.input);
  span.setInput(start.kind === "tool" ? toolArguments(input) : pickPayload(input));
}

function attributesOf(run: OpenRun, start: RunStart): Record<string, unknown> {
  const { parentRunId, toolCallId } = start;
  const tags = userTags(start.tags);
  const { own, graph } = newMetadata(run.metadata, run.parent?.metadata);
  const attributes: Record<string, unknown> = { "langchain.run_id": run.runId };
  if (parentRunId !== undefined && run.parent === undefined) {
    attributes["langchain.parent_run_id"] = parentRunId;
  }
  if (tags !== undefined) attributes["langchain.tags"] = tags;
  if (toolCallId !== undefined) attributes["langchain.tool_call_id"] = toolCallId;
  if (own !== undefined) attributes["metadata"] = own;
  if (graph !== undefined) Object.assign(attributes, graph);
  if (isResume(run, start.input)) attributes["langgraph.resumed"] = true;
  return attributes;
}

/** `Command({ goto })` starts a graph too, but answers no interrupt. */
function isResume({ role }: OpenRun, input: unknown): boolean {
  if (role !== "graph" && role !== "agent") return false;
  const { lg_name, resume } = (input ?? {}) as { lg_name?: unknown; resume?: unknown };
  return lg_name === "Command" && resume !== undefined;
}

/** LangChain gives plain handlers the arguments as text. */
function toolArguments(input: unknown): unknown {
  if (typeof input !== "string" || !input.startsWith("{")) return pickPayload(input);
  try {
    return JSON.parse(input) as unknown;
  } catch {
    return input;
  }
}

/** What kind of run `runType` of a chain start means. */
export function chainKind(runType: unknown): RunKind {
  if (runType === "prompt" || runType === "parser" || runType === "llm") return runType;
  return runType === "retriever" || runType === "tool" ? runType : "chain";
}

/** Chains and their steps, unlike what does the work: models, tools and retrievers. */
function isChainLike({ kind }: RunStart): boolean {
  return kind === "chain" || kind === "prompt" || kind === "parser";
}

/** The run's own name, else its class; where a bundler has cut that, its model, or the package that the class is of. */
function runName({ name, serialized, kind, metadata }: RunStart): string {
  const known = name ?? className(serialized) ?? textOf(metadata?.["ls_model_name"]);
  return known ?? serializedId(serialized).at(-2) ?? kind;
}

/** Whether the run is a graph or one of its nodes. */
function graphRole(start: RunStart): GraphRole | undefined {
  const { metadata, name } = start;
  if (start.kind !== "chain") return undefined;
  if (isGraph(start.serialized)) {
    return metadata?.["ls_integration"] === "langchain_create_agent" ? "agent" : "graph";
  }
  const node = metadata?.["langgraph_node"];
  return node !== undefined && node === name ? "node" : undefined;
}

/** By its class, or by the folder of it where a bundler has cut the name. */
function isGraph(serialized: unknown): boolean {
  const name = className(serialized);
  if (name !== undefined) return GRAPHS.has(name);
  const [library, folder] = serializedId(serialized);
  return library === "langgraph" && folder === "pregel";
}

/** The type of the run's span. */
function spanType(start: RunStart, role: GraphRole | undefined): SpanType {
  if (role !== undefined) return ROLE_TYPES[role];
  return start.kind === "prompt" ? "chain" : start.kind;
}

/** Why a run has no span: it is tagged as machinery, or it says nothing that those around it do not say. */
type Noise = "hidden" | "collapsed";

/** Whether the run is noise. Models, tools and retrievers never are. */
function noiseOf(start: RunStart, collapsed: ReadonlySet<CollapsibleRun>): Noise | undefined {
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
  return unnamed && !hasPosition(tags);
}

/** Names of one or two letters, which bundlers give to classes when they make code small. */
const CUT = /^[\w$]{1,2}$/;

/** `undefined` where it is not known, or was cut by a bundler. */
function className(serialized: unknown): string | undefined {
  const last = serializedId(serialized).at(-1);
  return last === undefined || CUT.test(last) ? undefined : last;
}

/** Where the class is, from the library down to its name: `["langchain", "chat_models", "openai", "ChatOpenAI"]`. */
function serializedId(serialized: unknown): readonly string[] {
  const { id } = (serialized ?? {}) as { id?: unknown };
  return Array.isArray(id) ? id.filter((part) => typeof part === "string") : [];
}

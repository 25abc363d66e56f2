import type {
  ActiveSpan,
  EndSpanOptions,
  PromptRef,
  Rivulet,
  SpanType,
  SpanWatch,
} from "@rivulet/core";
import { requestDetails, requestedTier } from "../models/model-attributes.ts";
import {
  closeByFailure,
  closeModelCall,
  enclosingSpan,
  type ModelCall,
  startModelCall,
} from "../models/model-call.ts";
import { findRenderedPrompts } from "../models/prompt-link.ts";
import { readMarker } from "../sdk/call-marker.ts";
import { endOfFailure, policyOf, type RecordPolicy } from "../sdk/policy.ts";
import { processState } from "../sdk/process-state.ts";
import { textOf } from "../sdk/read-value.ts";
import { type ResponseFormat, readResponseFormat, tellFormat } from "../sdk/response-format.ts";
import type { SdkEvent } from "../sdk/sdk-event.ts";

/** One call of an SDK function (`generateText`, `embedMany` …), from its start to its end. */
export interface SdkCall {
  readonly rivulet: Rivulet;
  readonly policy: RecordPolicy;
  readonly root: ActiveSpan;
  readonly prompts: readonly PromptRef[];
  readonly instructions: unknown;
  readonly providerOptions: unknown;
  /** What the answer must look like. */
  readonly format: ResponseFormat;
  /** A stream, or a call of a version that does not tell its end: it may be left without one. */
  readonly leavable: boolean;
  /** Versions of the SDK before 7.0.106 tell nothing when a stream breaks. */
  readonly toldWhenBroken: boolean;
  /** An error may be told after the end: structured output is parsed then. */
  readonly mayFailLate: boolean;
  /** The tools that run. */
  readonly tools: Set<ToolRun>;
  readonly embeddings: Map<unknown, ActiveSpan>;
  readonly steps: Step[];
  /** The step that is open. */
  step: Step | undefined;
  model: ModelCall | undefined;
  closed: boolean;
  onClosed: (() => void) | undefined;
  /** Attempts at a call that is its own model call. */
  attempts: number;
  /** Notices when its consumer leaves. */
  watch: SpanWatch | undefined;
  /** What it gave, where its end does not tell the whole. */
  output: unknown;
}

/** One round of model call and tools. */
export interface Step {
  readonly span: ActiveSpan;
  /** Ids of the tool calls that have a span: some servers give several calls one id. */
  readonly toolCalls: unknown[];
  /** A model was called in it. */
  hasModel: boolean;
  /** Milliseconds since the epoch. */
  endTime: number | undefined;
}

/** A tool that runs. */
export interface ToolRun {
  readonly span: ActiveSpan;
  /** The SDK's own object, by which its events are known: ids are not always unique. */
  readonly toolCall: unknown;
  readonly id: unknown;
  /** How the tool has ended, when its outcome is about to be told. */
  settled: "tool-result" | "tool-error" | undefined;
}

/** What {@link startCall} takes. */
export interface CallOptions {
  readonly rivulet: Rivulet;
  readonly event: SdkEvent;
  readonly name: string;
  readonly type: SpanType;
  readonly input: (policy: RecordPolicy) => unknown;
  readonly leavable: boolean;
  readonly record: RecordPolicy;
  readonly experimentId: string | undefined;
}

/** Starts the root span of a call, under the span that is active. */
export function startCall(options: CallOptions): SdkCall {
  const { rivulet, event, experimentId } = options;
  const marker = readMarker(event);
  const policy = policyOf(event, options.record, marker.record);
  const parent = enclosingSpan(rivulet);
  const root = rivulet.startSpan(textOf(event.functionId) ?? options.name, {
    type: options.type,
    ...(parent === undefined ? {} : { parent }),
    ...(experimentId === undefined ? {} : { experimentId }),
  });
  const recorded = root.sampled !== false;
  const input = recorded && policy.inputs ? options.input(policy) : undefined;
  if (input !== undefined) root.setInput(input);
  if (marker.trace !== undefined) root.setTrace(marker.trace);
  const instructions = event.instructions ?? event.system;
  const call: SdkCall = {
    rivulet,
    policy,
    root,
    prompts: marker.prompts.length > 0 || !recorded ? marker.prompts : rendered(rivulet, event),
    instructions,
    providerOptions: event.providerOptions,
    format: readResponseFormat(event),
    leavable: options.leavable,
    toldWhenBroken: event.aiVersion !== undefined,
    // Without inputs the SDK does not say whether there is structured output.
    mayFailLate: event.output !== undefined || event.recordInputs === false,
    tools: new Set(),
    embeddings: new Map(),
    steps: [],
    step: undefined,
    model: undefined,
    closed: false,
    onClosed: undefined,
    attempts: 0,
    watch: undefined,
    output: undefined,
  };
  started.set(root, call);
  return call;
}

const started = processState("started-calls", () => new WeakMap<ActiveSpan, SdkCall>());

/** The call that this is the root span of. */
export function startedCall(root: ActiveSpan): SdkCall | undefined {
  return started.get(root);
}

function rendered(rivulet: Rivulet, event: SdkEvent): readonly PromptRef[] {
  const { prompt, messages } = event;
  return findRenderedPrompts(rivulet, event.instructions ?? event.system, messages ?? prompt);
}

/** Opens the next step of the call; the one before was over when something was last heard of it. */
export function startStep(call: SdkCall): void {
  if (call.step !== undefined) {
    endStep(call, call.watch === undefined ? {} : { endTime: call.watch.lastNews });
  }
  const name = `step ${call.steps.length + 1}`;
  const span = call.rivulet.startSpan(name, { type: "task", parent: call.root });
  call.step = { span, toolCalls: [], hasModel: false, endTime: undefined };
  call.steps.push(call.step);
}

/** The span that encloses what the call runs of its user's: a step, or what is between them. */
export function spanAround({ step, root }: SdkCall): ActiveSpan {
  return step?.span ?? root;
}

/** Opens the span of the step's model call. */
export function startCallModel(call: SdkCall, event: SdkEvent): ModelCall {
  const instructions = event.instructions ?? event.system;
  const changed = instructions !== call.instructions && call.prompts.length === 0;
  if (call.step !== undefined) call.step.hasModel = true;
  call.model = startModelCall({
    rivulet: call.rivulet,
    parent: call.step?.span ?? call.root,
    policy: call.policy,
    provider: event.provider,
    modelId: event.modelId,
    instructions,
    messages: event.messages,
    tools: event.tools,
    settings: event,
    prompts: changed ? findRenderedPrompts(call.rivulet, instructions, undefined) : call.prompts,
    onNews: () => touch(call),
    onBroken: (error) => {
      // What was stopped has ended already; its stream breaks because of that.
      if (call.toldWhenBroken || call.closed) return;
      endCall(call, endOfFailure(error, call.policy, call.model?.signal));
    },
  });
  tellDetails(call, call.model.span);
  return call.model;
}

/** What only the start of the call tells of its model calls. */
function tellDetails({ policy, providerOptions, format }: SdkCall, span: ActiveSpan): void {
  const tier = requestedTier({ providerOptions });
  if (tier !== undefined) span.setAttributes(tier);
  if (!policy.inputs) return;
  const details = requestDetails({ providerOptions });
  if (details !== undefined) span.setAttributes(details);
  tellFormat(format, span);
}

/** Something happened in the call. */
export function touch(call: SdkCall): void {
  call.watch?.touch();
}

/** Ends the step that is open, its model call and its tools. */
export function endStep(call: SdkCall, end: EndSpanOptions): void {
  const close = end.output === undefined ? end : withoutOutput(end);
  if (call.tools.size > 0) for (const { span } of call.tools) span.end(close);
  if (call.embeddings.size > 0) endEmbeddings(call, close);
  if (call.model !== undefined) {
    if (close.status === undefined) closeByFailure(call.model, close);
    else closeModelCall(call.model, close);
  }
  if (call.step !== undefined) {
    call.step.endTime = close.endTime ?? call.watch?.lastNews;
    call.step.span.end(close);
  }
  if (end.status === "abandoned") return;
  call.tools.clear();
  call.embeddings.clear();
  call.step = undefined;
}

/** An embedding that has no answer at the end is an attempt that failed. */
function endEmbeddings({ embeddings }: SdkCall, end: EndSpanOptions): void {
  for (const embedding of embeddings.values()) embedding.end({ status: "error", ...end });
}

/** The output is that of the whole call. */
function withoutOutput({ output: _ofTheCall, ...end }: EndSpanOptions): EndSpanOptions {
  return end;
}

/** Ends the call with everything in it that is still open. */
export function endCall(call: SdkCall, end: EndSpanOptions): void {
  endStep(call, end);
  call.root.end(end);
  if (end.status === "abandoned") return;
  call.closed = true;
  call.onClosed?.();
}

/** Whether the call waits for more than its consumer. */
export function isWaiting({ leavable, model, tools }: SdkCall): boolean {
  return !leavable || (model?.waiting ?? 0) > 0 || tools.size > 0;
}

/** Ends a call whose consumer went away. When news come after all, they count. */
export function abandonCall(
  call: SdkCall,
  { status, statusMessage, endTime }: EndSpanOptions,
): void {
  const failure = call.model?.failure;
  const end =
    failure === undefined ? { status, statusMessage } : endOfFailure(failure.error, call.policy);
  endCall(call, { ...end, endTime } as EndSpanOptions);
}

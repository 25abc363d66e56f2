import type { EndSpanOptions } from "@rivulet/core";
import { addUntoldTools, endToldTool, startTool } from "../calls/child-spans.ts";
import type { Recorder } from "../calls/recorder.ts";
import {
  endCall,
  endStep,
  type SdkCall,
  startCall,
  startCallModel,
  startStep,
} from "../calls/sdk-call.ts";
import { rememberObject } from "../calls/trace-id-of.ts";
import { completeModelCall, enterModelCall } from "../models/model-call.ts";
import { callKind, callOutput } from "../sdk/call-content.ts";
import { endOfAbort, endOfFailure } from "../sdk/policy.ts";
import { fieldOf, listOf } from "../sdk/read-value.ts";
import type { SdkEvent, SdkListener } from "../sdk/sdk-event.ts";

/** What AI SDK 6 tells of a call. It tells neither errors nor aborts, nor which call an event is of. */
export interface CallListeners {
  /** The call starts: opens its span. */
  readonly onStart: SdkListener;
  /** A step starts: opens the spans of the step and of its model call. */
  readonly onStepStart: SdkListener;
  /** A tool starts: opens its span. */
  readonly onToolCallStart: SdkListener;
  /** A tool has returned or thrown: ends its span. */
  readonly onToolCallFinish: SdkListener;
  /** A step has ended: completes the model call with its answer and usage. */
  readonly onStepFinish: SdkListener;
  /** The call has ended: ends its span with the output. */
  readonly onFinish: SdkListener;
}

/** Makes the listeners of one call: their closure is what tells its events from those of others. */
export function createCallListeners(recorder: Recorder): CallListeners {
  const { calls, guard } = recorder;
  const id = Symbol("call");
  /** The model has answered when its first tool starts. */
  let answeredAt: number | undefined;
  const on = (work: (call: SdkCall, event: SdkEvent) => void): SdkListener =>
    guard((event) => {
      const call = calls.get(id);
      if (call !== undefined) work(call, event);
    });
  return {
    onStart: guard((event) => openCall(recorder, event, id)),
    onStepStart: on((call, event) => {
      answeredAt = undefined;
      startStep(call);
      const model = startCallModel(call, withModel(event));
      enterModelCall(model);
    }),
    onToolCallStart: on((call, event) => {
      const { span } = startTool(call, event.toolCall);
      answeredAt ??= span.startTime;
      if (call.model !== undefined) call.model.answered = true;
      call.rivulet.enterSpan(span);
    }),
    onToolCallFinish: on((call, event) => {
      const { success, output, error } = event;
      const outcome =
        success === false ? { type: "tool-error", error } : { type: "tool-result", output };
      endToldTool(call, event.toolCall, outcome);
    }),
    onStepFinish: on((call, event) => {
      rememberObject(event, () => call.root.traceId);
      finishStep(call, event, answeredAt);
    }),
    onFinish: on((call, event) => {
      calls.close(id);
      const output = call.policy.outputs ? callOutput(event, call.format) : undefined;
      endCall(call, { ...outcomeOf(call, event), ...(output === undefined ? {} : { output }) });
    }),
  };
}

function openCall(recorder: Recorder, event: SdkEvent, id: symbol): void {
  const { calls } = recorder;
  const rivulet = recorder.rivulet();
  const kind = { ...callKind(event), name: "generate", leavable: true };
  calls.open({ id, rivulet, start: event }, () => {
    const call = startCall({ ...kind, rivulet, event, ...recorder.settings() });
    endOnAbort(call, event.abortSignal, () => calls.close(id));
    return call;
  });
}

/** Ends the call as soon as its signal is given: no event of this SDK tells it. */
export function endOnAbort(call: SdkCall, signal: unknown, close: () => void): void {
  if (!(signal instanceof AbortSignal) || signal.aborted) return;
  // A weak reference: signals may live as long as the process.
  const target = new WeakRef(call);
  const stop = (): void => {
    const stopped = target.deref();
    if (stopped === undefined || stopped.closed) return;
    close();
    endCall(stopped, endOfAbort(signal.reason, stopped.policy));
  };
  signal.addEventListener("abort", stop, { once: true });
  call.onClosed = () => signal.removeEventListener("abort", stop);
}

function finishStep(call: SdkCall, event: SdkEvent, answeredAt: number | undefined): void {
  const content = listOf(event.content);
  if (call.model !== undefined) {
    const answer = content.filter((part) => !isToolOutcome(part));
    completeModelCall(call.model, { ...answerOf(event), content: answer }, answeredAt);
  }
  if (call.step !== undefined) addUntoldTools(call, call.step, content);
  endStep(call, {});
}

/** Results of tools stand in the step's content, but the model did not say them. */
function isToolOutcome(part: unknown): boolean {
  return /^tool-(result|error|approval)/.test(String(fieldOf(part, "type")));
}

function answerOf(event: SdkEvent): Readonly<Record<string, unknown>> {
  const { usage, finishReason, rawFinishReason, response, providerMetadata, warnings } = event;
  return { usage, finishReason, rawFinishReason, response, providerMetadata, warnings };
}

function outcomeOf(call: SdkCall, event: SdkEvent): EndSpanOptions {
  if (event.finishReason !== "error") return {};
  const failure = call.model?.failure;
  return failure === undefined ? { status: "error" } : endOfFailure(failure.error, call.policy);
}

function withModel(event: SdkEvent): SdkEvent {
  const provider = fieldOf(event.model, "provider");
  const modelId = fieldOf(event.model, "modelId");
  return { ...event, provider, modelId };
}

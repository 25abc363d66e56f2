import type { EndSpanOptions } from "@rivulet/core";
import { addUntoldTools, endToldTool, startTool } from "../calls/child-spans.ts";
import type { Recorder } from "../calls/recorder.ts";
import { report } from "../calls/recorder.ts";
import {
  endCall,
  endStep,
  type SdkCall,
  startCall,
  startCallModel,
  startStep,
  touch,
} from "../calls/sdk-call.ts";
import { describeAnswer } from "../models/model-attributes.ts";
import { type ModelCall, runAttempt } from "../models/model-call.ts";
import { callKind, callOutput } from "../sdk/call-content.ts";
import { endOfAbort, endOfFailure } from "../sdk/policy.ts";
import { listOf, textOf } from "../sdk/read-value.ts";
import type { SdkEvent, SdkListener } from "../sdk/sdk-event.ts";
import { toEmbeddingUsage } from "../sdk/token-usage.ts";

/** The handlers of AI SDK 7 that all calls and the text functions have. */
export interface TextHandlers {
  /** The call starts: opens its span. */
  readonly onStart: SdkListener;
  /** A step has failed: ends its span with the error. */
  readonly onStepError: SdkListener;
  /** A tool has returned or thrown: ends its span. */
  readonly onToolExecutionEnd: SdkListener;
  /** The call has ended: ends its span with the output. */
  readonly onEnd: SdkListener;
  /** The call was aborted: ends its spans as `cancelled`. */
  readonly onAbort: SdkListener;
  /** The call has failed: ends its spans with the error. */
  readonly onError: SdkListener;
  /** Runs a model call inside its span, so that middleware finds the span. */
  executeLanguageModelCall<T>(options: Execution<T>): PromiseLike<T>;
  /** Runs a tool inside its span, so that spans started by the tool become its children. */
  executeTool<T>(options: Execution<T>): PromiseLike<T>;
}

/** Work that the SDK lets a handler run in a context of its own. */
export interface Execution<T> {
  /** Identifies the call that the work belongs to. */
  readonly callId: string;
  /** Runs the work; its result must be returned unchanged. */
  readonly execute: () => PromiseLike<T>;
}

/**
 * Makes the {@link TextHandlers}. Each handler costs every call of the SDK some microseconds, so there are no
 * more than needed: the model call, and with it the step, is seen in `executeLanguageModelCall` alone, the start
 * of a tool in `executeTool`.
 */
export function createTextHandlers(recorder: Recorder): TextHandlers {
  const { calls, guard } = recorder;
  return {
    onStart: guard((event) => openCall(recorder, event)),
    onStepError: guard((event) => {
      const call = calls.get(event.callId);
      if (call !== undefined) endStep(call, failureOf(call, event));
    }),
    onToolExecutionEnd: guard((event) => {
      const call = calls.get(event.callId);
      if (call !== undefined) endToldTool(call, event.toolCall, event.toolOutput);
    }),
    ...endHandlers(recorder),
    executeLanguageModelCall: (options) => runModelCall(recorder, options),
    executeTool: (options) => runTool(recorder, options),
  };
}

/** The content of all steps comes with the end of the call. */
function addToolsOfSteps(call: SdkCall, event: SdkEvent): void {
  for (const [index, { content }] of (listOf(event.steps) as readonly SdkEvent[]).entries()) {
    const step = call.steps[index];
    if (step !== undefined) addUntoldTools(call, step, content);
  }
}

function openCall(recorder: Recorder, event: SdkEvent): void {
  const { calls } = recorder;
  const rivulet = recorder.rivulet();
  const { leaf, ...kind } = callKind(event);
  calls.open({ id: event.callId, rivulet }, () => {
    const call = startCall({ ...kind, rivulet, event, ...recorder.settings() });
    const modelId = textOf(event.modelId);
    if (leaf && modelId !== undefined) call.root.setModel(modelId, textOf(event.provider));
    return call;
  });
}

function endHandlers({
  calls,
  guard,
}: Recorder): Pick<TextHandlers, "onEnd" | "onAbort" | "onError"> {
  return {
    onEnd: guard((event) => {
      const call = calls.get(event.callId);
      if (call === undefined) return;
      calls.close(event.callId);
      addToolsOfSteps(call, event);
      if (call.root.type === "embedding") setEmbeddingUsage(call, event);
      // Speech and transcription are one model call each.
      if (call.root.type === "llm") {
        describeAnswer({ span: call.root, policy: call.policy }, { ...event });
      }
      endCall(call, endOfCall(call, event));
    }),
    onAbort: guard((event) => {
      const call = calls.get(event.callId);
      if (call === undefined) return;
      calls.close(event.callId);
      addToolsOfSteps(call, event);
      endCall(call, endOfAbort(event.reason, call.policy));
    }),
    onError: guard((event) => {
      const call = calls.get(event.callId);
      if (call === undefined) {
        // Structured output is parsed after the end.
        const over = calls.ended(event.callId);
        over?.root.end(endOfFailure(event.error, over.policy));
        return;
      }
      calls.close(event.callId);
      endCall(call, failureOf(call, event));
    }),
  };
}

function failureOf(call: SdkCall, event: SdkEvent): EndSpanOptions {
  return endOfFailure(event.error, call.policy, call.model?.signal);
}

/** A stream that ended by an error chunk, or without a valid object, ends its call like a success. */
function endOfCall(call: SdkCall, event: SdkEvent): EndSpanOptions {
  const failure = call.model?.failure?.error ?? event.error;
  const failed = event.finishReason === "error" || event.error !== undefined;
  const output = call.policy.outputs ? (call.output ?? callOutput(event, call.format)) : undefined;
  const end: EndSpanOptions = output === undefined ? {} : { output };
  if (!failed) return end;
  if (failure === undefined) return { ...end, status: "error" };
  return { ...end, ...endOfFailure(failure, call.policy) };
}

function setEmbeddingUsage(call: SdkCall, event: SdkEvent): void {
  const usage = toEmbeddingUsage(event.usage);
  if (usage !== undefined) call.root.setUsage(usage);
}

function runModelCall<T>(recorder: Recorder, options: Execution<T>): PromiseLike<T> {
  const { callId, execute } = options;
  try {
    const call = recorder.calls.get(callId);
    if (call === undefined) return execute();
    return runAttempt(nextModelCall(call, options as SdkEvent), execute);
  } catch (error) {
    report(recorder.rivulet, error);
    return execute();
  }
}

/**
 * The model call that an attempt belongs to. A failed attempt is followed by the next one of the same call; a
 * stream that broke, by another call in the same step; an answer, by the next step.
 */
function nextModelCall(call: SdkCall, event: SdkEvent): ModelCall {
  const { model } = call;
  if (model?.ended === false) return model;
  const isNewStep = call.step !== undefined && !call.step.hasModel;
  if (!isNewStep && model?.failure === undefined) startStep(call);
  touch(call);
  return startCallModel(call, event);
}

function runTool<T>(recorder: Recorder, options: Execution<T>): PromiseLike<T> {
  const { callId, execute } = options;
  const call = recorder.calls.get(callId);
  if (call === undefined) return execute();
  let run = execute;
  recorder.guard<{ readonly toolCall?: unknown }>(({ toolCall }) => {
    touch(call);
    const tool = startTool(call, toolCall);
    run = () =>
      call.rivulet.runInSpan(tool.span, async () => {
        try {
          const result = await execute();
          tool.settled = "tool-result";
          return result;
        } catch (error) {
          tool.settled = "tool-error";
          throw error;
        }
      });
  })(options);
  return run();
}

import type { EndSpanOptions } from "@rivulet/core";
import { endOfAbort, endOfFailure } from "../call-end.ts";
import { callKind } from "../call-kind.ts";
import { callOutput } from "../call-output.ts";
import { runAttempt } from "../model-call.ts";
import { fieldOf, textOf } from "../read-value.ts";
import type { Recorder } from "../recorder.ts";
import { report } from "../recorder.ts";
import {
  endCall,
  endStep,
  type SdkCall,
  startCall,
  startCallModel,
  startStep,
} from "../sdk-call.ts";
import type { SdkEvent, SdkListener } from "../sdk-event.ts";
import { toEmbeddingUsage } from "../token-usage.ts";
import { addUntoldTools, endTool, startTool } from "../tool-span.ts";

/** The handlers of AI SDK 7 that all calls and the text functions have. */
export interface TextHandlers {
  readonly onStart: SdkListener;
  readonly onStepStart: SdkListener;
  readonly onStepEnd: SdkListener;
  readonly onStepError: SdkListener;
  readonly onToolExecutionEnd: SdkListener;
  readonly onEnd: SdkListener;
  readonly onAbort: SdkListener;
  readonly onError: SdkListener;
  executeLanguageModelCall<T>(options: Execution<T>): PromiseLike<T>;
  executeTool<T>(options: Execution<T>): PromiseLike<T>;
}

/** Work that the SDK lets a handler run in a context of its own. */
export interface Execution<T> {
  readonly callId: string;
  readonly execute: () => PromiseLike<T>;
}

/**
 * Makes the {@link TextHandlers}. Each handler costs every call of the SDK some microseconds, so there are no
 * more than needed: the model call is seen in `executeLanguageModelCall` alone, the start of a tool in
 * `executeTool`.
 */
export function createTextHandlers(recorder: Recorder): TextHandlers {
  const { calls, guard } = recorder;
  return {
    onStart: guard((event) => openCall(recorder, event)),
    onStepStart: guard((event) => {
      const call = calls.get(event.callId);
      // 7.0.0 tells the start again for each attempt.
      if (call === undefined || call.step?.number === event.stepNumber) return;
      startStep(call, event.stepNumber);
    }),
    onStepEnd: guard((event) => {
      const call = calls.get(event.callId);
      if (call === undefined) return;
      addUntoldTools(call, event.content);
      const reason = textOf(event.finishReason);
      if (reason !== undefined) call.step?.span.setAttributes({ finishReason: reason });
      endStep(call, {});
    }),
    onStepError: guard((event) => {
      const call = calls.get(event.callId);
      if (call !== undefined) endStep(call, failureOf(call, event));
    }),
    onToolExecutionEnd: guard((event) => {
      const call = calls.get(event.callId);
      if (call !== undefined)
        endTool(call, fieldOf(event.toolCall, "toolCallId"), event.toolOutput);
    }),
    ...endHandlers(recorder),
    executeLanguageModelCall: (options) => runModelCall(recorder, options),
    executeTool: (options) => runTool(recorder, options),
  };
}

function openCall(recorder: Recorder, event: SdkEvent): void {
  const { calls, record, experimentId } = recorder;
  const rivulet = recorder.rivulet();
  const { leaf, ...kind } = callKind(event);
  calls.open(
    event.callId,
    () => {
      const call = startCall({ ...kind, rivulet, event, record, experimentId });
      const modelId = textOf(event.modelId);
      if (leaf && modelId !== undefined) call.root.setModel(modelId, textOf(event.provider));
      return call;
    },
    rivulet,
  );
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
      if (call.root.type === "embedding") setEmbeddingUsage(call, event);
      endCall(call, endOfCall(call, event));
    }),
    onAbort: guard((event) => {
      const call = calls.get(event.callId);
      if (call === undefined) return;
      calls.close(event.callId);
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
  const output = call.policy.outputs ? callOutput(event) : undefined;
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
    const { model: open } = call;
    // A failed attempt is followed by the next one of the same call.
    const model = open?.ended === false ? open : startCallModel(call, options as SdkEvent);
    return runAttempt(model, execute);
  } catch (error) {
    report(recorder.rivulet, error);
    return execute();
  }
}

function runTool<T>(recorder: Recorder, options: Execution<T>): PromiseLike<T> {
  const { callId, execute } = options;
  const call = recorder.calls.get(callId);
  if (call === undefined) return execute();
  let run = execute;
  recorder.guard<{ readonly toolCall?: unknown }>(({ toolCall }) => {
    const span = startTool(call, toolCall);
    run = () => call.rivulet.runInSpan(span, execute);
  })(options);
  return run();
}

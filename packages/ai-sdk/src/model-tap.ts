import type { Rivulet } from "@rivulet/core";
import { readMarker } from "./call-marker.ts";
import {
  activeModelCall,
  describeRequest,
  type ModelCall,
  type ModelRequest,
  runAttempt,
} from "./model-call.ts";
import { findRenderedPrompts } from "./prompt-link.ts";
import { type Fields, fieldsOf } from "./read-value.ts";

/** What a provider is called with, as far as it is read. */
export type ModelParams = Fields;

/**
 * Runs a call of a provider that belongs to a model call which is recorded already: it is seen more closely,
 * and not counted twice. `undefined` when there is none.
 */
export function runWithinModelCall<T>(
  rivulet: Rivulet,
  params: unknown,
  execute: () => PromiseLike<T>,
): PromiseLike<T> | undefined {
  const call = activeModelCall(rivulet);
  if (call === undefined) return undefined;
  // While an attempt runs, what it gives is seen already.
  const running = call.waiting > 0;
  adopt(call, params);
  return running ? execute() : runAttempt(call, execute);
}

/** What the parameters of a provider say of the request. */
export function requestOf(rivulet: Rivulet, params: unknown): ModelRequest {
  const given = fieldsOf(params) ?? {};
  const { prompts } = readMarker({ providerOptions: given["providerOptions"] });
  return {
    messages: given["prompt"],
    tools: given["tools"],
    settings: given,
    prompts:
      prompts.length > 0 ? prompts : findRenderedPrompts(rivulet, undefined, given["prompt"]),
  };
}

/** The signal that stops the call, if there is one. */
export function signalOf(params: unknown): AbortSignal | undefined {
  const signal = fieldsOf(params)?.["abortSignal"];
  return signal instanceof AbortSignal ? signal : undefined;
}

function adopt(call: ModelCall, params: unknown): void {
  try {
    call.signal = signalOf(params);
    describeRequest(call, requestOf(call.rivulet, params));
  } catch (error) {
    call.rivulet.reportError(error);
  }
}

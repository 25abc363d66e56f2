import type { Rivulet } from "@rivulet/core";
import {
  activeModelCall,
  closeModelCall,
  describeRequest,
  type ModelCall,
  type ModelRequest,
  runAttempt,
} from "../models/model-call.ts";
import { findRenderedPrompts } from "../models/prompt-link.ts";
import { readMarker } from "../sdk/call-marker.ts";
import { endOfFailure } from "../sdk/policy.ts";
import { fieldsOf } from "../sdk/read-value.ts";
import { report } from "./recorder.ts";

/**
 * Runs a call of a provider so that it is seen. It belongs to the model call that is recorded already, and is
 * not counted twice; where there is none, to the one that `start` makes, or it just runs.
 */
export async function runSeen<T>(provider: ProviderCall<T>, start?: () => ModelCall): Promise<T> {
  const { execute } = provider;
  const seen = prepare(provider, start);
  if (seen === undefined) return execute();
  if (!seen.alone) return runAttempt(seen.call, execute);
  try {
    return await runAttempt(seen.call, execute);
  } catch (error) {
    const { call } = seen;
    closeModelCall(call, endOfFailure(error, call.policy, call.signal));
    throw error;
  }
}

/** A call of a provider. */
export interface ProviderCall<T> {
  readonly rivulet: Rivulet;
  readonly params: unknown;
  readonly execute: () => PromiseLike<T>;
}

interface Seen {
  readonly call: ModelCall;
  /** Nobody else tells how the call ends. */
  readonly alone: boolean;
}

/** `undefined` when there is nothing to see, or when an attempt runs: what it gives is seen already. */
function prepare<T>(
  { rivulet, params }: ProviderCall<T>,
  start: (() => ModelCall) | undefined,
): Seen | undefined {
  try {
    const known = activeModelCall(rivulet);
    const call = known ?? start?.();
    if (call === undefined) return undefined;
    const running = call.waiting > 0;
    call.signal = signalOf(params);
    if (known !== undefined) describeRequest(known, requestOf(rivulet, params));
    return running ? undefined : { call, alone: known === undefined };
  } catch (error) {
    report(() => rivulet, error);
    return undefined;
  }
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
function signalOf(params: unknown): AbortSignal | undefined {
  const signal = fieldsOf(params)?.["abortSignal"];
  return signal instanceof AbortSignal ? signal : undefined;
}

import type { Rivulet } from "@rivulet/core";
import { endOfFailure } from "./call-end.ts";
import { closeModelCall, enclosingSpan, runAttempt, startModelCall } from "./model-call.ts";
import { requestOf, runWithinModelCall, signalOf } from "./model-tap.ts";
import { fieldOf } from "./read-value.ts";
import type { RivuletTelemetryOptions } from "./telemetry-options.ts";

/** Options of {@link rivuletMiddleware}. */
export interface RivuletMiddlewareOptions<V extends SpecificationVersion = "v4">
  extends Omit<RivuletTelemetryOptions, "abandonAfterMs"> {
  /** `v4` for AI SDK 7, `v3` for AI SDK 6. @default 'v4' */
  readonly specificationVersion?: V;
}

/** Versions of the provider interface. */
export type SpecificationVersion = "v3" | "v4";

/** A language-model middleware for `wrapLanguageModel`. */
export interface RivuletMiddleware<V extends SpecificationVersion = "v4"> {
  readonly specificationVersion: V;
  wrapGenerate<R>(call: {
    readonly doGenerate: () => PromiseLike<R>;
    readonly params: object;
    readonly model: object;
  }): Promise<R>;
  wrapStream<R>(call: {
    readonly doStream: () => PromiseLike<R>;
    readonly params: object;
    readonly model: object;
  }): Promise<R>;
}

interface ProviderCall<R> {
  readonly execute: () => PromiseLike<R>;
  readonly params: object;
  readonly model: object;
}

/**
 * A middleware that records every call of one model: `wrapLanguageModel({ model, middleware:
 * rivuletMiddleware(rivulet) })`. Its span hangs under the span that is active. Where telemetry records the
 * call already, it only adds what telemetry cannot see, and nothing is counted twice.
 */
export function rivuletMiddleware<V extends SpecificationVersion = "v4">(
  rivulet: Rivulet,
  options: RivuletMiddlewareOptions<V> = {},
): RivuletMiddleware<V> {
  const { specificationVersion = "v4" as V } = options;
  async function record<R>(call: ProviderCall<R>): Promise<R> {
    const within = runWithinModelCall(rivulet, call.params, call.execute);
    return within ?? recordAlone(rivulet, options, call);
  }
  return Object.freeze({
    specificationVersion,
    wrapGenerate: ({ doGenerate, ...call }) => record({ ...call, execute: doGenerate }),
    wrapStream: ({ doStream, ...call }) => record({ ...call, execute: doStream }),
  } satisfies RivuletMiddleware<V>);
}

async function recordAlone<R>(
  rivulet: Rivulet,
  options: RivuletMiddlewareOptions<SpecificationVersion>,
  { execute, params, model }: ProviderCall<R>,
): Promise<R> {
  const policy = {
    inputs: options.recordInputs !== false,
    outputs: options.recordOutputs !== false,
  };
  const call = startModelCall({
    ...requestOf(rivulet, params),
    rivulet,
    policy,
    parent: enclosingSpan(rivulet),
    provider: fieldOf(model, "provider"),
    modelId: fieldOf(model, "modelId"),
    experimentId: options.experimentId,
  });
  call.signal = signalOf(params);
  try {
    return await runAttempt(call, execute);
  } catch (error) {
    closeModelCall(call, endOfFailure(error, policy, call.signal));
    throw error;
  }
}

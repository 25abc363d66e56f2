import type { Rivulet } from "@rivulet/core";
import { requestOf, runSeen } from "./calls/model-tap.ts";
import { enclosingSpan, startModelCall } from "./models/model-call.ts";
import { fieldOf } from "./sdk/read-value.ts";
import { checkTelemetryOptions, type RivuletTelemetryOptions } from "./telemetry-options.ts";

/** Options of {@link rivuletMiddleware}. */
export interface RivuletMiddlewareOptions<V extends SpecificationVersion = "v4">
  extends Omit<RivuletTelemetryOptions, "abandonAfterMs"> {
  /** `v4` for AI SDK 7, `v3` for AI SDK 6, `v2` for AI SDK 5. @default 'v4' */
  readonly specificationVersion?: V;
}

/** Versions of the provider interface. */
export type SpecificationVersion = "v2" | "v3" | "v4";

/** A language-model middleware for `wrapLanguageModel`. */
export interface RivuletMiddleware<V extends SpecificationVersion = "v4"> {
  /** Version of the provider interface; `wrapLanguageModel` checks it. */
  readonly specificationVersion: V;
  /** Called by the SDK around `doGenerate`; returns its result unchanged. */
  wrapGenerate<R>(call: {
    readonly doGenerate: () => PromiseLike<R>;
    readonly params: object;
    readonly model: object;
  }): Promise<R>;
  /** Called by the SDK around `doStream`; returns its result unchanged. */
  wrapStream<R>(call: {
    readonly doStream: () => PromiseLike<R>;
    readonly params: object;
    readonly model: object;
  }): Promise<R>;
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
  checkTelemetryOptions(options, rivulet.reportError, ["specificationVersion"]);
  const { specificationVersion = "v4" as V, experimentId } = options;
  const policy = {
    inputs: options.recordInputs !== false,
    outputs: options.recordOutputs !== false,
  };
  function record<R>(execute: () => PromiseLike<R>, { params, model }: Called): Promise<R> {
    return runSeen({ rivulet, params, execute }, () =>
      startModelCall({
        ...requestOf(rivulet, params),
        rivulet,
        policy,
        parent: enclosingSpan(rivulet),
        provider: fieldOf(model, "provider"),
        modelId: fieldOf(model, "modelId"),
        experimentId,
      }),
    );
  }
  return Object.freeze({
    specificationVersion,
    wrapGenerate: ({ doGenerate, ...called }) => record(doGenerate, called),
    wrapStream: ({ doStream, ...called }) => record(doStream, called),
  } satisfies RivuletMiddleware<V>);
}

interface Called {
  readonly params: object;
  readonly model: object;
}

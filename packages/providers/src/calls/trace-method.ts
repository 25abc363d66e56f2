import { replaceMethod } from "@rivulet/core";
import type { Endpoint } from "./endpoint.ts";
import { type Fields, fieldsOf, isThenable } from "./read-value.ts";
import {
  answerCall,
  type CallOrigin,
  failCall,
  startCall,
  type TracedCall,
} from "./traced-call.ts";

/** How one method of a client is traced. */
export interface MethodTrace extends CallOrigin {
  readonly endpoint: Endpoint;
  /** The request in the form that the endpoint reads. @default the first argument */
  readonly body?: (request: Fields) => Fields;
  /** Follows a stream; returns what the app gets, which is `undefined` for an answer that is no stream. */
  readonly stream?: (result: object, call: TracedCall) => object | undefined;
}

/** Traces a method that takes a request and promises its answer. `false` when the object has no such method. */
export function traceMethod(target: unknown, name: string, trace: MethodTrace): boolean {
  if (typeof target !== "object" || target === null) return false;
  const { body = (request) => request } = trace;
  return replaceMethod(target, name, (method) => (request, ...others) => {
    const call = startCall(trace, trace.endpoint, () => body(fieldsOf(request)));
    if (call === undefined) return method(request, ...others);
    return runMethod(call, trace, () => method(request, ...others));
  });
}

function runMethod(call: TracedCall, trace: MethodTrace, run: () => unknown): unknown {
  const fail = (error: unknown): never => {
    failCall(call, error);
    throw error;
  };
  try {
    const result = call.rivulet.runInSpan(call.span, run);
    return isThenable(result)
      ? result.then((value) => seen(call, trace, value), fail)
      : seen(call, trace, result);
  } catch (error) {
    return fail(error);
  }
}

function seen(call: TracedCall, { stream }: MethodTrace, result: unknown): unknown {
  if (stream !== undefined && typeof result === "object" && result !== null) {
    try {
      const followed = stream(result, call);
      if (followed !== undefined) return followed;
    } catch (error) {
      call.rivulet.reportError(error);
    }
  }
  answerCall(call, result);
  return result;
}

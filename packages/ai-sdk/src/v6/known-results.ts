import { rememberObject } from "../calls/trace-id-of.ts";
import type { Fields } from "../sdk/read-value.ts";

/** Gives the id of a call's trace, once the call has started. */
export type TraceIdSource = () => string | undefined;

/** Callbacks of a call that are told of a step or of its end. */
const CALLBACKS = ["onStepFinish", "onFinish", "onError", "onAbort"] as const;

/** The options of a call, with callbacks whose events are known to be of this trace. */
export function withKnownEvents(options: Fields, traceId: TraceIdSource): Fields {
  const known: Record<string, unknown> = {};
  for (const name of CALLBACKS) {
    const callback = options[name];
    if (typeof callback !== "function") continue;
    known[name] = (event: unknown, ...others: readonly unknown[]): unknown => {
      rememberObject(event, traceId);
      return callback(event, ...others);
    };
  }
  return { ...options, ...known };
}

/** Knows the result of a call, now or when it comes, to be of this trace. Returns it as it is. */
export function knowResult<T>(result: T, traceId: TraceIdSource): T {
  if (result instanceof Promise) {
    result.then(
      (settled: unknown) => rememberObject(settled, traceId),
      () => undefined,
    );
  } else {
    rememberObject(result, traceId);
  }
  return result;
}

import { processState } from "../sdk/process-state.ts";
import { fieldOf, fieldsOf, listOf } from "../sdk/read-value.ts";

/** Of so many calls the trace is remembered. */
const MAX_CALLS = 2_000;

const byCallId = processState("traces-of-calls", () => new Map<unknown, string>());
const byObject = processState(
  "traces-of-objects",
  () => new WeakMap<object, () => string | undefined>(),
);

/** The calls with this id of the SDK's belong to this trace. */
export function rememberCall(id: unknown, traceId: string): void {
  if (typeof id !== "string") return;
  const [oldest] = byCallId.size < MAX_CALLS ? [] : byCallId.keys();
  byCallId.delete(oldest);
  byCallId.set(id, traceId);
}

/** This object of the SDK's belongs to the trace that `traceId` gives when it is asked for. */
export function rememberObject(given: unknown, traceId: () => string | undefined): void {
  const fields = fieldsOf(given);
  if (fields !== undefined) byObject.set(fields, traceId);
}

/**
 * The id of the trace that a call is recorded in, for feedback on it: `traceIdOf(result)` of `generateText`, or of what
 * a callback is given (`onFinish`, `onStepFinish` …). Of a stream, give the event of `onFinish`, or a step of
 * `await result.steps`: its result says nothing before it is read. `undefined` when the call is not recorded, or so
 * many others came after it that it is forgotten. Inside a tool or a callback of `generateText`,
 * `rivulet.activeSpan()?.traceId` says it too.
 */
export function traceIdOf(told: unknown): string | undefined {
  const fields = fieldsOf(told);
  if (fields === undefined) return undefined;
  const known = lookUp(fields);
  // To look at the steps of a stream would read it.
  if (known !== undefined || "fullStream" in fields) return known;
  for (const step of listOf(fieldOf(fields, "steps"))) {
    const found = lookUp(step);
    if (found !== undefined) return found;
  }
  return undefined;
}

function lookUp(given: unknown): string | undefined {
  const fields = fieldsOf(given);
  if (fields === undefined) return undefined;
  return byObject.get(fields)?.() ?? byCallId.get(fields["callId"]);
}

import { type EndSpanOptions, failureEnd, readFailure, type Stop } from "@rivulet/core";
import type { SdkEvent } from "./sdk-event.ts";

/** What of a call may be kept. */
export interface RecordPolicy {
  readonly inputs: boolean;
  readonly outputs: boolean;
}

/** What the call itself and all of the others allow. */
export function policyOf(event: SdkEvent, ...others: readonly RecordPolicy[]): RecordPolicy {
  return {
    inputs: event.recordInputs !== false && others.every(({ inputs }) => inputs),
    outputs: event.recordOutputs !== false && others.every(({ outputs }) => outputs),
  };
}

/** An error as the policy allows it: messages of providers repeat inputs and outputs. */
export function keptError(error: unknown, policy: RecordPolicy): unknown {
  if (policy.inputs && policy.outputs) return error;
  const { type, httpStatus, requestId } = readFailure(error);
  const hidden = new Error("The message is not recorded.");
  hidden.name = type ?? "Error";
  delete hidden.stack;
  return Object.assign(hidden, { statusCode: httpStatus, requestId });
}

/** How a span ends that failed or was stopped. */
export function endOfFailure(error: unknown, policy: RecordPolicy, stop?: Stop): EndSpanOptions {
  const end = failureEnd(error, stop);
  return { ...end, error: keptError(end.error, policy) };
}

/** How a span ends that was stopped. */
export function endOfAbort(reason: unknown, policy: RecordPolicy): EndSpanOptions {
  if (reason === undefined || reason === null) return { status: "cancelled" };
  return endOfFailure(reason, policy, { aborted: true, reason });
}

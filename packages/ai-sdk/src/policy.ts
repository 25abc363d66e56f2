import type { SdkEvent } from "./sdk-event.ts";

/** What of a call may be kept. */
export interface RecordPolicy {
  readonly inputs: boolean;
  readonly outputs: boolean;
}

/** What the call and the options both allow. */
export function policyOf(event: SdkEvent, options: Partial<RecordPolicy>): RecordPolicy {
  return {
    inputs: event.recordInputs !== false && options.inputs !== false,
    outputs: event.recordOutputs !== false && options.outputs !== false,
  };
}

/** An error as the policy allows it: messages of providers repeat inputs and outputs. */
export function keptError(error: unknown, policy: RecordPolicy): unknown {
  if (policy.inputs && policy.outputs) return error;
  const hidden = new Error("The message is not recorded.");
  hidden.name = error instanceof Error ? error.name : "Error";
  delete hidden.stack;
  return hidden;
}

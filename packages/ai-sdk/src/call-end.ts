import type { EndSpanOptions } from "@rivulet/core";
import { keptError, type RecordPolicy } from "./policy.ts";

/** How a span ends that failed or was stopped: a stop by the user is no failure, a timeout is one. */
export function endOfFailure(
  error: unknown,
  policy: RecordPolicy,
  signal?: AbortSignal,
): EndSpanOptions {
  const stopped = signal?.aborted === true && error === signal.reason;
  return stopped || isAbort(error)
    ? endOfAbort(error, policy)
    : { error: keptError(error, policy) };
}

/** How a span ends that was stopped. */
export function endOfAbort(reason: unknown, policy: RecordPolicy): EndSpanOptions {
  if (isNamed(reason, "TimeoutError")) return { error: keptError(reason, policy) };
  const message = reasonText(keptError(reason, policy));
  return { status: "cancelled", ...(message === undefined ? {} : { statusMessage: message }) };
}

/** How a span ends whose consumer went away. */
export const ABANDONED: EndSpanOptions = Object.freeze({ status: "abandoned" });

function isAbort(error: unknown): boolean {
  return isNamed(error, "AbortError") || isNamed(error, "ResponseAborted");
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function reasonText(reason: unknown): string | undefined {
  if (reason === undefined || reason === null) return undefined;
  if (reason instanceof Error) return reason.message;
  return typeof reason === "string" ? reason : JSON.stringify(reason);
}

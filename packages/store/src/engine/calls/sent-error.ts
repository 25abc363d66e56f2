import { type ErrorCode, RivuletError, toRivuletError } from "@rivulet/domain";

/** An error in a form that can be sent to another thread. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: RivuletError["details"];
  /** Message and stack of the cause. */
  readonly cause?: string;
}

/** Converts an error for sending. */
export function sendError(thrown: unknown): SentError {
  const { code, message, details, cause } = toRivuletError(thrown);
  const sent = { code, message, details };
  return cause === undefined ? sent : { ...sent, cause: describe(cause) };
}

/** Restores an error that was sent. */
export function receiveError({ code, message, details, cause }: SentError): RivuletError {
  return new RivuletError(code, message, cause === undefined ? { details } : { details, cause });
}

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

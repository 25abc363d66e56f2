import { RivuletError, toRivuletError } from "@rivulet/domain";
import type { SentError } from "./messages.ts";

/** An error in a form that survives the way to another thread. */
export function sendError(thrown: unknown): SentError {
  const { code, message, details, cause } = toRivuletError(thrown);
  const sent = { code, message, details };
  return cause === undefined ? sent : { ...sent, cause: describe(cause) };
}

/** The error that was sent. */
export function receiveError({ code, message, details, cause }: SentError): RivuletError {
  return new RivuletError(code, message, cause === undefined ? { details } : { details, cause });
}

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

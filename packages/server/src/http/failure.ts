import { type ErrorCode, RivuletError, toRivuletError } from "@rivulet/core";
import { jsonResponse } from "./json-response.ts";
import { Refusal } from "./refusal.ts";

/** The HTTP status of each error code. A new code without one does not compile. */
export const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  invalid_argument: 400,
  not_found: 404,
  already_exists: 409,
  conflict: 409,
  limit_exceeded: 413,
  unauthenticated: 401,
  permission_denied: 403,
  store_unavailable: 503,
  store_corrupt: 503,
  store_locked: 503,
  store_too_new: 503,
  unsupported: 501,
  closed: 503,
  aborted: 503,
  deadline_exceeded: 503,
  internal: 500,
};

/** What a caller sees of something that was thrown. */
export interface Failure {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Anything thrown, as a caller may see it. Internal errors go to `report`; the caller learns only that Rivulet failed. */
export function toFailure(thrown: unknown, report: (error: unknown) => void): Failure {
  const error = toRivuletError(thrown);
  const { code, details } = error;
  if (error instanceof Refusal) {
    const { status, message, headers } = error;
    return { status, code, message, details, headers };
  }
  const status = STATUS_OF[code];
  if (status >= 500) report(thrown);
  const message = code === "internal" ? "Rivulet failed; see its error log." : error.message;
  return { status, code, message, details, headers: {} };
}

/** A failure in the shape of our own API. */
export function failureResponse({ status, code, message, details, headers }: Failure): Response {
  const error = Object.keys(details).length === 0 ? { code, message } : { code, message, details };
  return jsonResponse({ error }, { status, headers });
}

/** A refusal of what the caller sent, naming the field. */
export function invalidInput(field: string, message: string): RivuletError {
  return new RivuletError("invalid_argument", `${field}: ${message}`, { details: { field } });
}

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

/** Anything thrown, as a response. What is not a refusal of ours is told to `report`, and to the caller only as "failed". */
export function failureResponse(thrown: unknown, report: (error: unknown) => void): Response {
  const error = toRivuletError(thrown);
  const status = error instanceof Refusal ? error.status : STATUS_OF[error.code];
  const isOwnFault = !(error instanceof Refusal) && status >= 500;
  if (isOwnFault) report(thrown);
  const { code, details } = error;
  const message =
    code === "internal" && isOwnFault ? "Rivulet failed; see its error log." : error.message;
  return jsonResponse(
    { error: Object.keys(details).length === 0 ? { code, message } : { code, message, details } },
    { status, headers: error instanceof Refusal ? error.headers : {} },
  );
}

/** A refusal of what the caller sent, naming the field. */
export function invalidInput(field: string, message: string): RivuletError {
  return new RivuletError("invalid_argument", `${field}: ${message}`, { details: { field } });
}

import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { type RivuletError, toRivuletError } from "@rivulet/core";

/** Anything thrown, as a sentence a model can act on: `not_found: No run has the id "x".` */
export function failureText(thrown: unknown): string {
  const { code, message } = toRivuletError(thrown);
  return `${code}: ${message}`;
}

/** Anything thrown, as the protocol's error; what the caller got wrong is `-32602`. */
export function toMcpError(thrown: unknown): McpError {
  if (thrown instanceof McpError) return thrown;
  const code = isCallersFault(toRivuletError(thrown))
    ? ErrorCode.InvalidParams
    : ErrorCode.InternalError;
  return new McpError(code, failureText(thrown));
}

const CALLERS_FAULTS: readonly RivuletError["code"][] = [
  "invalid_argument",
  "limit_exceeded",
  "not_found",
  "permission_denied",
];

function isCallersFault({ code }: RivuletError): boolean {
  return CALLERS_FAULTS.includes(code);
}

/** The error for programs, as HTTP has it in its body: models read the text. */
export function metaOfFailure(thrown: unknown): Record<string, unknown> {
  const { code, message, details } = toRivuletError(thrown);
  return { "rivulet/error": { code, message, details } };
}

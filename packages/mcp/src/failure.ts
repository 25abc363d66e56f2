import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { type RivuletError, toRivuletError } from "@rivulet/core";
import { ZodError } from "zod";

/** Anything thrown, as a sentence a model can act on: `not_found: No run has the id "x".` */
export function failureText(thrown: unknown): string {
  if (thrown instanceof ZodError) return `invalid_argument: ${issuesOf(thrown)}`;
  const { code, message } = toRivuletError(thrown);
  return `${code}: ${message}`;
}

/** Anything thrown, as the protocol's error; what the caller got wrong is `-32602`. */
export function toMcpError(thrown: unknown): McpError {
  if (thrown instanceof McpError) return thrown;
  const callersFault = thrown instanceof ZodError || isCallersFault(toRivuletError(thrown));
  const code = callersFault ? ErrorCode.InvalidParams : ErrorCode.InternalError;
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

function issuesOf({ issues }: ZodError): string {
  return issues.map(({ path, message }) => `${path.join(".") || "input"}: ${message}`).join("; ");
}

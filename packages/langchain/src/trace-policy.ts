import type { TracePolicy } from "./open-run.ts";

/** Where LangChain's `RunnableSequence` puts the policy of its user. */
const TRACE_POLICY = Symbol.for("langchain.trace_policy");

/** The policy of a run, if its user set one. */
export function tracePolicy(
  extra: Readonly<Record<PropertyKey, unknown>> | undefined,
): TracePolicy | undefined {
  const policy = extra?.[TRACE_POLICY];
  return typeof policy === "object" && policy !== null ? policy : undefined;
}

/** What may be recorded of a payload. When the user's function fails, nothing is. */
export function applyPolicy(
  process: ((payload: unknown) => unknown) | undefined,
  payload: unknown,
): unknown {
  if (typeof process !== "function" || payload === undefined) return payload;
  try {
    return process(payload);
  } catch {
    return {};
  }
}

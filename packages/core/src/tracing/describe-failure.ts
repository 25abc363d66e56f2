import type { SpanStatus } from "@rivulet/domain";
import { asText } from "./read-values.ts";

/** What a span keeps of something thrown, by OpenTelemetry's names. */
export interface Failure {
  /** `cancelled` for an abort, which is no defect. */
  readonly status: Extract<SpanStatus, "error" | "cancelled">;
  readonly message: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Describes anything thrown. Never throws. */
export function describeFailure(thrown: unknown): Failure {
  try {
    return thrown instanceof Error ? describeError(thrown) : describeOther(thrown);
  } catch {
    return { status: "error", message: "unreadable error", attributes: {} };
  }
}

function describeError(error: Error): Failure {
  return {
    status: error.name === "AbortError" ? "cancelled" : "error",
    // Libraries make errors whose message is an object, or none.
    message: asText(error.message) || asText(error.name),
    attributes: {
      "exception.type": error.name,
      "exception.message": error.message,
      ...(error.stack === undefined ? {} : { "exception.stacktrace": error.stack }),
      ...(error.cause === undefined ? {} : { "exception.cause": error.cause }),
    },
  };
}

function describeOther(thrown: unknown): Failure {
  return { status: "error", message: asText(thrown), attributes: { "exception.message": thrown } };
}

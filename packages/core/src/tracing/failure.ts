import type { SpanStatus } from "@rivulet/domain";
import { asText } from "./given-values.ts";

/** What is known of something thrown. */
export interface Failure {
  /** `cancelled` for an abort, which is no defect. */
  readonly status: Extract<SpanStatus, "error" | "cancelled">;
  /** The name of the error, or of its class where it has only the name of all errors. */
  readonly type: string | undefined;
  /** What went wrong. */
  readonly message: string;
  /** Its stack, if it has one. */
  readonly stack: unknown;
  /** What caused it, if known. */
  readonly cause: unknown;
}

/** What errors are called, or their classes, that say that somebody has stopped the work. */
const ABORTS: ReadonlySet<string> = new Set([
  "AbortError",
  // LangChain, AI SDK, the clients of OpenAI and Anthropic, axios.
  "ModelAbortError",
  "ResponseAborted",
  "APIUserAbortError",
  "CanceledError",
]);
/** Messages of plain errors that say so: LangGraph's. */
const ABORT_MESSAGES: ReadonlySet<string> = new Set(["Abort", "Aborted"]);
const UNREADABLE = "unreadable error";

/** Reads anything thrown. Never throws, whatever its fields are, and whatever they do when they are looked at. */
export function readFailure(thrown: unknown): Failure {
  const isObject = typeof thrown === "object" && thrown !== null;
  const field = (name: string): unknown => (isObject ? fieldOf(thrown, name) : undefined);
  const name = textOf(field("name"));
  const message = field("message");
  const type = name === undefined || name === "Error" ? (classOf(thrown) ?? name) : name;
  return {
    status: isAbort(type, message) ? "cancelled" : "error",
    type,
    message: messageOf(thrown, message) || name || "",
    stack: field("stack"),
    cause: field("cause"),
  };
}

/** What a span keeps of a failure, by OpenTelemetry's names. */
export function failureAttributes({
  type,
  message,
  stack,
  cause,
}: Failure): Readonly<Record<string, unknown>> {
  return {
    ...(type === undefined ? {} : { "exception.type": type }),
    "exception.message": message,
    ...(stack === undefined ? {} : { "exception.stacktrace": stack }),
    ...(cause === undefined ? {} : { "exception.cause": cause }),
  };
}

function isAbort(type: string | undefined, message: unknown): boolean {
  if (type !== undefined && ABORTS.has(type)) return true;
  return typeof message === "string" && ABORT_MESSAGES.has(message);
}

/** Libraries make errors whose message is an object, or none. */
function messageOf(thrown: unknown, message: unknown): string {
  if (typeof message === "string") return message;
  try {
    return asText(message === undefined || message === null ? described(thrown) : message);
  } catch {
    return UNREADABLE;
  }
}

/** An error without a message says nothing itself; anything else that was thrown is the message. */
function described(thrown: unknown): unknown {
  return thrown instanceof Error ? "" : thrown;
}

function fieldOf(thrown: object, name: string): unknown {
  try {
    return (thrown as Readonly<Record<string, unknown>>)[name];
  } catch {
    return undefined;
  }
}

function classOf(thrown: unknown): string | undefined {
  try {
    return thrown instanceof Error ? textOf(thrown.constructor.name) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

import { stripVTControlCharacters } from "node:util";
import type { SpanStatus } from "@rivulet/domain";
import { failureText } from "./failure-text.ts";
import { field, read, textOf } from "./thrown-value.ts";

/** What is known of something thrown. */
export interface Failure {
  /** `cancelled` for an abort, which is no defect. */
  readonly status: Extract<SpanStatus, "error" | "cancelled">;
  /** The name of the error, or of its class where it has only the name of all errors. */
  readonly type: string | undefined;
  /** What went wrong. Without the codes by which terminals colour text. */
  readonly message: string;
  /** Its stack, if it has one. */
  readonly stack: unknown;
  /** What caused it, if known. */
  readonly cause: unknown;
  /** What the system or the provider calls this kind of failure: `ECONNREFUSED`, `rate_limit_exceeded`. */
  readonly code: string | undefined;
  /** The status of a provider's answer over HTTP, such as 429. */
  readonly httpStatus: number | undefined;
  /** The provider's id of the request. */
  readonly requestId: string | undefined;
  /** What has led to it, the nearest first: its causes, and what several failures in one consist of. */
  readonly causes: readonly FailureCause[];
}

/** A failure that has led to another. */
export type FailureCause = Pick<Failure, "type" | "message" | "code" | "httpStatus">;

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
/** Most causes that are kept: they may go round in circles. */
const MAX_CAUSES = 10;

/** Reads anything thrown. Never throws, whatever its fields are, and whatever they do when they are looked at. */
export function readFailure(thrown: unknown): Failure {
  const facts = readFacts(thrown);
  return {
    ...facts,
    status: isAbort(facts.type, field(thrown, "message")) ? "cancelled" : "error",
    stack: plain(field(thrown, "stack")),
    cause: field(thrown, "cause"),
    requestId: requestIdOf(thrown),
    causes: causesOf(thrown).map(readFacts),
  };
}

/** What a span keeps of a failure, by OpenTelemetry's names. */
export function failureAttributes({
  type,
  message,
  stack,
  cause,
  code,
  causes,
}: Failure): Readonly<Record<string, unknown>> {
  return {
    ...(type === undefined ? {} : { "exception.type": type }),
    "exception.message": message,
    ...(stack === undefined ? {} : { "exception.stacktrace": stack }),
    ...(code === undefined ? {} : { "exception.code": code }),
    ...(cause === undefined ? {} : { "exception.cause": cause }),
    ...(causes.length === 0 ? {} : { "exception.causes": causes }),
  };
}

/** What a span says of the provider whose answer was a failure. */
export function providerAttributes({ httpStatus, requestId }: Failure): Record<string, unknown> {
  return {
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

function readFacts(thrown: unknown): FailureCause {
  const name = textOf(field(thrown, "name"));
  const type = name === undefined || name === "Error" ? (classOf(thrown) ?? name) : name;
  return {
    type,
    message: stripVTControlCharacters(failureText(thrown) || name || ""),
    code: codeOf(thrown),
    httpStatus: httpStatusOf(thrown),
  };
}

function isAbort(type: string | undefined, message: unknown): boolean {
  if (type !== undefined && ABORTS.has(type)) return true;
  return typeof message === "string" && ABORT_MESSAGES.has(message);
}

/** The providers' clients put what was answered into `error`; LangChain adds codes of its own. */
function codeOf(thrown: unknown): string | undefined {
  const answered = field(thrown, "error");
  const codes = [
    field(thrown, "code"),
    field(answered, "code"),
    field(field(answered, "error"), "code"),
    field(answered, "type"),
    field(thrown, "lc_error_code"),
  ];
  for (const code of codes) {
    const text = typeof code === "number" ? String(code) : textOf(code);
    // An envelope of Anthropic's says no more than that it is one.
    if (text !== undefined && text !== "error") return text;
  }
  return undefined;
}

/** Clients have it as a number of their own, of the answer, or in Amazon's facts about it. */
function httpStatusOf(thrown: unknown): number | undefined {
  const statuses = [
    field(thrown, "status"),
    field(thrown, "statusCode"),
    field(thrown, "status_code"),
    field(field(thrown, "response"), "status"),
    field(field(thrown, "$metadata"), "httpStatusCode"),
    field(thrown, "code"),
  ];
  return statuses.find(
    (status): status is number =>
      typeof status === "number" && Number.isInteger(status) && status >= 100 && status <= 599,
  );
}

function requestIdOf(thrown: unknown): string | undefined {
  const given =
    textOf(field(thrown, "requestID")) ??
    textOf(field(thrown, "request_id")) ??
    textOf(field(thrown, "requestId")) ??
    textOf(field(field(thrown, "$metadata"), "requestId"));
  if (given !== undefined) return given;
  const answers = [thrown, field(thrown, "response"), field(thrown, "rawResponse")];
  for (const answer of answers) {
    const headers = field(answer, "headers") ?? field(answer, "responseHeaders");
    const id = headerOf(headers, "x-request-id") ?? headerOf(headers, "request-id");
    if (id !== undefined) return id;
  }
  return undefined;
}

function headerOf(headers: unknown, name: string): string | undefined {
  return read(() => {
    if (typeof (headers as { get?: unknown } | undefined)?.get !== "function") {
      return textOf(field(headers, name));
    }
    return textOf((headers as Headers).get(name));
  });
}

/** Causes of causes, and the parts of aggregates, each once: nearest first. */
function causesOf(thrown: unknown): readonly unknown[] {
  const found = new Set<unknown>([thrown]);
  for (const failure of found) {
    for (const cause of [field(failure, "cause"), ...partsOf(failure)]) {
      if (cause !== undefined && cause !== null) found.add(cause);
      if (found.size > MAX_CAUSES) return [...found].slice(1);
    }
  }
  return [...found].slice(1);
}

function partsOf(failure: unknown): readonly unknown[] {
  const errors = field(failure, "errors");
  return read(() => (Array.isArray(errors) ? errors.slice(0, MAX_CAUSES) : undefined)) ?? [];
}

function classOf(thrown: unknown): string | undefined {
  return read(() => (thrown instanceof Error ? textOf(thrown.constructor.name) : undefined));
}

function plain(stack: unknown): unknown {
  return typeof stack === "string" ? stripVTControlCharacters(stack) : stack;
}

import { stripVTControlCharacters } from "node:util";
import type { SpanStatus } from "@rivulet/domain";
import { requestIdIn } from "./answer-headers.ts";
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
  /** What sort of failure the provider says it is, beside the code: `invalid_request_error`. */
  readonly providerType: string | undefined;
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
    providerType: providerTypeOf(thrown, facts.code),
    requestId: requestIdOf(thrown),
    causes: causesOf(thrown).map(readFacts),
  };
}

/** What can stop work: an `AbortSignal`, or what is known of one. */
export type Stop = Pick<AbortSignal, "aborted" | "reason">;

/**
 * How a span ends whose work has failed although, or because, something could stop it. Where nothing did, the failure
 * speaks for itself. Work that the app or its user has stopped is `cancelled`, whatever was thrown because of it. Work
 * that a timeout has stopped (`AbortSignal.timeout()`, or any reason named `TimeoutError`) has failed: its error is the
 * timeout, unless something else was thrown than that it was stopped. Never throws.
 */
export function failureEnd(thrown: unknown, stop?: Stop): FailureEnd {
  if (field(stop, "aborted") !== true) return { error: thrown };
  const reason = field(stop, "reason");
  if (readFacts(reason).type !== "TimeoutError") return { error: thrown, status: "cancelled" };
  return { error: readFailure(thrown).status === "cancelled" ? reason : thrown };
}

/** What `span.end()` takes of work that has failed. */
export interface FailureEnd {
  /** What the span names as its error. */
  readonly error: unknown;
  /** `cancelled` when the work was stopped. Left out otherwise: the error says it. */
  readonly status?: "cancelled";
}

/** What a span keeps of a failure, by OpenTelemetry's names. */
export function failureAttributes({
  type,
  message,
  stack,
  cause,
  code,
  providerType,
  causes,
}: Failure): Readonly<Record<string, unknown>> {
  return {
    ...(type === undefined ? {} : { "exception.type": type }),
    "exception.message": message,
    ...(stack === undefined ? {} : { "exception.stacktrace": stack }),
    ...(code === undefined ? {} : { "exception.code": code }),
    ...(providerType === undefined ? {} : { "exception.providerType": providerType }),
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

/** LangChain adds codes of its own; those of a `DOMException` are numbers that nobody uses any more. */
function codeOf(thrown: unknown): string | undefined {
  const answered = answerOf(thrown);
  const inner = field(answered, "error");
  const isDom = read(() => thrown instanceof DOMException) === true;
  const codes = [
    isDom ? undefined : field(thrown, "code"),
    field(answered, "code"),
    textOf(field(inner, "status")),
    field(inner, "code"),
    field(answered, "type"),
    field(inner, "type"),
    field(thrown, "lc_error_code"),
  ];
  for (const code of codes) {
    const text = typeof code === "number" ? String(code) : textOf(code);
    // An envelope of Anthropic's says no more than that it is one.
    if (text !== undefined && text !== "error") return text;
  }
  return undefined;
}

/** The longest answer that is looked into. */
const MAX_BODY = 10_000;

/** What a provider has answered: its client puts it into `error`, Google's into `data`, Mistral's into `body` as text. */
function answerOf(thrown: unknown): unknown {
  const said = field(thrown, "error") ?? field(thrown, "data");
  const body = textOf(field(thrown, "body"));
  if (said !== undefined || body === undefined || body.length > MAX_BODY) return said;
  return body.startsWith("{") ? read((): unknown => JSON.parse(body)) : undefined;
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

function providerTypeOf(thrown: unknown, code: string | undefined): string | undefined {
  const answered = answerOf(thrown);
  const types = [field(field(answered, "error"), "type"), field(answered, "type")].map(textOf);
  return types.find((type) => type !== undefined && type !== "error" && type !== code);
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
    const id = requestIdIn(headers);
    if (id !== undefined) return id;
  }
  return undefined;
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

/** Names of one or two letters, which bundlers give to classes when they make code small: they say nothing. */
const CUT = /^[\w$]{1,2}$/;

function classOf(thrown: unknown): string | undefined {
  const name = read(() => (thrown instanceof Error ? textOf(thrown.constructor.name) : undefined));
  return name === undefined || CUT.test(name) ? undefined : name;
}

function plain(stack: unknown): unknown {
  return typeof stack === "string" ? stripVTControlCharacters(stack) : stack;
}

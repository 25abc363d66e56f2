import {
  type ActiveSpan,
  BOOLEAN,
  type ContinuedSpanOptions,
  type EndSpanOptions,
  FUNCTION,
  type OptionChecks,
  type Rivulet,
  RivuletError,
  type TraceFields,
} from "@rivulet/core";

/** How requests are traced. */
export interface TraceRequestOptions<Request> {
  /** The span's name. @default method and route, such as `POST /chats/:id`; method and path where no route is known */
  readonly name?: (request: Request) => string | undefined;
  /** Session, user and tags of the trace. Asked when the request comes, and again when it is answered. */
  readonly trace?: (request: Request) => TraceFields | undefined;
  /** Which requests have no span, such as those for files. @default none */
  readonly ignore?: (request: Request) => boolean;
  /**
   * Whether a `traceparent` header is followed. `false`: every request begins a trace, whatever strangers
   * send. @default true
   */
  readonly continueTraces?: boolean;
  /** Whether session, user and tags of a `baggage` header are taken: only from callers that are trusted. @default false */
  readonly baggage?: boolean;
}

/** Checks of {@link TraceRequestOptions}. */
export const TRACE_REQUESTS: OptionChecks<TraceRequestOptions<never>> = {
  of: "traceRequests",
  checks: {
    name: FUNCTION,
    trace: FUNCTION,
    ignore: FUNCTION,
    continueTraces: BOOLEAN,
    baggage: BOOLEAN,
  },
};

/** What is known of a request when it comes. */
export interface RequestLine {
  readonly method: string;
  /** Without the query, in which secrets may be. */
  readonly path: string;
}

/** How the span of a request starts. */
export function spanStart(
  { method, path }: RequestLine,
  { baggage = false }: Pick<TraceRequestOptions<never>, "baggage">,
): ContinuedSpanOptions {
  const attributes = { "http.request.method": method, "url.path": path };
  return { name: `${method} ${path}`, type: "task", attributes, baggage };
}

/** How a request was answered. */
export interface RequestEnd {
  /** @default unknown: what the app gave is no `Response` */
  readonly status?: number | undefined;
  /** The pattern of its route. */
  readonly route?: string | undefined;
  /** Who has ended the answer before it was whole. @default nobody */
  readonly brokenOffBy?: "client" | "server";
  /** What the handlers, or the stream of the answer, have failed with. */
  readonly error?: unknown;
}

/** From here on the answer is an error of the server. */
const SERVER_ERROR = 500;

/** Ends the span of a request. An error whose answer is below status 500 is the caller's, not the server's. */
export function endRequestSpan(span: ActiveSpan, end: RequestEnd): void {
  const { status, route, brokenOffBy, error } = end;
  span.setAttributes({
    ...(status === undefined ? {} : { "http.response.status_code": status }),
    ...(route === undefined ? {} : { "http.route": route }),
  });
  const isFailed = status !== undefined && status >= SERVER_ERROR;
  if (error !== undefined && (isFailed || brokenOffBy !== undefined)) span.end({ error });
  else if (brokenOffBy !== undefined) span.end(BROKEN_OFF[brokenOffBy]);
  else if (isFailed)
    span.end({ status: "error", statusMessage: `Answered with status ${status}.` });
  else span.end();
}

const BROKEN_OFF: Readonly<Record<"client" | "server", EndSpanOptions>> = {
  client: {
    status: "cancelled",
    statusMessage: "The client went away before the answer's end.",
  },
  server: { status: "error", statusMessage: "The server broke off the answer." },
};

/** Asks the app about a request. What its function throws is reported, and says nothing; so is a promise. */
export function ask<Request, T>(
  rivulet: Rivulet,
  request: Request,
  question: ((request: Request) => T | undefined) | undefined,
): T | undefined {
  try {
    const answer = question?.(request);
    if (!isPromise(answer)) return answer;
    answer.then(undefined, rivulet.reportError);
    rivulet.reportError(new RivuletError("invalid_argument", TOO_LATE));
  } catch (error) {
    rivulet.reportError(error);
  }
  return undefined;
}

const TOO_LATE =
  "A function among the options of traceRequests or traceHandler gave a promise, which is not waited for. What it says of the request is left out: it must not be async.";

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}

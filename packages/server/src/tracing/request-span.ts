import type { ActiveSpan, ContinuedSpanOptions, Rivulet, TraceFields } from "@rivulet/core";

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
  readonly status: number;
  /** The pattern of its route. */
  readonly route?: string | undefined;
  /** The other end went away before it had the whole answer. */
  readonly isLeft?: boolean;
  /** What the stream of the answer failed with. */
  readonly error?: unknown;
}

/** From here on the answer is an error of the server. */
const SERVER_ERROR = 500;

/** Ends the span of a request. */
export function endRequestSpan(
  span: ActiveSpan,
  { status, route, isLeft, error }: RequestEnd,
): void {
  span.setAttributes({
    "http.response.status_code": status,
    ...(route === undefined ? {} : { "http.route": route }),
  });
  if (error !== undefined) span.end({ error });
  else if (isLeft === true) {
    span.end({
      status: "cancelled",
      statusMessage: "The client went away before the answer's end.",
    });
  } else if (status >= SERVER_ERROR) {
    span.end({ status: "error", statusMessage: `Answered with status ${status}.` });
  } else span.end();
}

/** Asks the app about a request. What its function throws is reported, and says nothing. */
export function ask<Request, T>(
  rivulet: Rivulet,
  request: Request,
  question: ((request: Request) => T | undefined) | undefined,
): T | undefined {
  try {
    return question?.(request);
  } catch (error) {
    rivulet.reportError(error);
    return undefined;
  }
}

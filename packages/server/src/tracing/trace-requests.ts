import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type ActiveSpan, checkOptions, type Rivulet } from "@rivulet/core";
import {
  ask,
  endRequestSpan,
  spanStart,
  TRACE_REQUESTS,
  type TraceRequestOptions,
} from "./request-span.ts";
import { errorOf } from "./trace-errors.ts";

/** Node's request, with what Express adds to it. */
export interface RoutedRequest extends IncomingMessage {
  /** The whole address, where `url` is cut by mounts. */
  readonly originalUrl?: string;
  /** The path of the router that the route belongs to. */
  readonly baseUrl?: string;
  /** The route that answers; known once it was found. */
  readonly route?: {
    /** The pattern, such as `/:id`. */
    readonly path?: unknown;
  };
}

/** Middleware for Express 4 and 5, Connect and the like; with the app as `next`, a listener for `node:http`. */
export type TraceMiddleware = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Middleware that puts a span around each request: it goes on with the trace that the request's `traceparent` names,
 * has the route's name, and lives until the answer was sent. Status 500 and above is an error, and so is an answer that the
 * server breaks off; a client that goes away has cancelled it. Use it app-wide, behind the mount of the dashboard, whose
 * own requests need no traces. With `traceErrors` behind the routes, the span says what was thrown.
 *
 * ```ts
 * app.use("/mlops", mlops(rivulet));
 * app.use(traceRequests(rivulet, { trace: (req) => ({ sessionId: req.headers["x-session"] }) }));
 * ```
 *
 * @throws RivuletError `invalid_argument` for an option that is unknown or has a wrong value
 */
export function traceRequests<Request extends IncomingMessage = RoutedRequest>(
  rivulet: Rivulet,
  options: TraceRequestOptions<Request> = {},
): TraceMiddleware {
  checkOptions(options, TRACE_REQUESTS);
  return (req, res, next) => {
    const request = req as Request;
    if (ask(rivulet, request, options.ignore) === true) return next();
    const { originalUrl, headers, method = "GET" } = request as RoutedRequest;
    const path = pathOf(originalUrl ?? req.url);
    const carrier = options.continueTraces === false ? undefined : headers;
    const work = (span: ActiveSpan): Promise<void> => {
      const answered = whenClosed(res).then(() => {
        nameSpan({ rivulet, request, options }, span);
        endRequestSpan(span, {
          status: res.statusCode,
          route: routeOf(request),
          error: errorOf(request),
          ...(res.writableFinished ? {} : { brokenOffBy: whoBrokeOff(request) }),
        });
      });
      rivulet.withTrace(ask(rivulet, request, options.trace) ?? {}, () => next());
      return answered;
    };
    void rivulet.continueTrace(carrier, spanStart({ method, path }, options), work);
  };
}

function pathOf(url: string | undefined): string {
  return url?.split("?", 1)[0] ?? "/";
}

function whenClosed(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => res.once("close", resolve));
}

/** A client that goes away ends its side of the connection, or resets it; a server that breaks off just destroys it. */
function whoBrokeOff(req: IncomingMessage): "client" | "server" {
  const { destroyed, readableEnded, errored }: Partial<Socket> = req.socket;
  return destroyed === true && readableEnded === false && errored === null ? "server" : "client";
}

interface TracedRequest<Request> {
  readonly rivulet: Rivulet;
  readonly request: Request;
  readonly options: TraceRequestOptions<Request>;
}

/** What is known only now: the route, and the user whom a middleware behind this one has found. */
function nameSpan<Request extends IncomingMessage>(
  { rivulet, request, options }: TracedRequest<Request>,
  span: ActiveSpan,
): void {
  const route = routeOf(request);
  const name = ask(rivulet, request, options.name);
  if (name !== undefined) span.setName(name);
  else if (route !== undefined) span.setName(`${request.method} ${route}`);
  span.setTrace(ask(rivulet, request, options.trace) ?? {});
}

/** The pattern of Express' route, with the path of its router; `undefined` for any other answer. */
function routeOf({ baseUrl = "", route }: RoutedRequest): string | undefined {
  const path: unknown = route?.path;
  if (typeof path !== "string" && !(path instanceof RegExp)) return undefined;
  return `${baseUrl}${path === "/" && baseUrl !== "" ? "" : path}`;
}

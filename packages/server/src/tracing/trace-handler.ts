import { type ActiveSpan, checkOptions, type OptionChecks, type Rivulet } from "@rivulet/core";
import {
  ask,
  endRequestSpan,
  type RequestEnd,
  spanStart,
  TRACE_REQUESTS,
  type TraceRequestOptions,
} from "./request-span.ts";
import { statusOfThrown } from "./thrown-answer.ts";

/** A function that answers a `Request`: a route handler of Next.js, `fetch` of a Hono app, of Bun or of Deno. */
export type RequestHandler<Rest extends unknown[]> = (
  request: Request,
  ...rest: Rest
) => Response | Promise<Response>;

/** Options of {@link traceHandler}. */
export interface TraceHandlerOptions extends TraceRequestOptions<Request> {
  /** The pattern of the route, such as `/chats/:id`, or how it is found once the request is answered. */
  readonly route?: string | ((request: Request) => string | undefined);
}

const TRACE_HANDLER: OptionChecks<TraceHandlerOptions> = {
  of: "traceHandler",
  checks: {
    ...TRACE_REQUESTS.checks,
    route: {
      accepts: (value) => typeof value === "string" || typeof value === "function",
      accepted: "text or a function",
    },
  },
};

/**
 * The handler, with a span around each request: it goes on with the trace that the request's `traceparent` names, and
 * lives until the last byte of the answer was read. Status 500 and above is an error; a client that goes away has
 * cancelled it. An answer that is thrown, as by `redirect()` and `notFound()` of Next.js, is one like any other.
 *
 * ```ts
 * export const POST = traceHandler(rivulet, handler, { route: "/chats/[id]" });
 * ```
 *
 * @throws RivuletError `invalid_argument` for an option that is unknown or has a wrong value
 */
export function traceHandler<Rest extends unknown[]>(
  rivulet: Rivulet,
  handler: RequestHandler<Rest>,
  options: TraceHandlerOptions = {},
): (request: Request, ...rest: Rest) => Promise<Response> {
  checkOptions(options, TRACE_HANDLER);
  return async (request, ...rest) => {
    if (ask(rivulet, request, options.ignore) === true) return handler(request, ...rest);
    return answerInSpan({ rivulet, request, options }, () => handler(request, ...rest));
  };
}

interface TracedRequest {
  readonly rivulet: Rivulet;
  readonly request: Request;
  readonly options: TraceHandlerOptions;
}

/** Resolves with the response when it begins; the span ends with it. */
function answerInSpan(
  traced: TracedRequest,
  respond: () => Response | Promise<Response>,
): Promise<Response> {
  const { rivulet, request, options } = traced;
  const { method, headers, url } = request;
  const path = URL.parse(url)?.pathname ?? "/";
  const carrier = options.continueTraces === false ? undefined : headers;
  return new Promise((answer, fail) => {
    const work = async (span: ActiveSpan): Promise<void> => {
      try {
        const fields = ask(rivulet, request, options.trace) ?? {};
        const { response, end } = follow(traced, await rivulet.withTrace(fields, respond));
        answer(response);
        conclude(traced, span, await end);
      } catch (error) {
        fail(error);
        const status = statusOfThrown(error);
        if (status === undefined) throw error;
        conclude(traced, span, { status });
      }
    };
    // The span has what the handler threw, and so has the caller.
    rivulet
      .continueTrace(carrier, spanStart({ method, path }, options), work)
      .catch(() => undefined);
  });
}

function conclude(
  { rivulet, request, options }: TracedRequest,
  span: ActiveSpan,
  end: RequestEnd,
): void {
  const { route } = options;
  const pattern = typeof route === "function" ? ask(rivulet, request, route) : route;
  const name = ask(rivulet, request, options.name);
  if (name !== undefined) span.setName(name);
  else if (pattern !== undefined) span.setName(`${request.method} ${pattern}`);
  span.setTrace(ask(rivulet, request, options.trace) ?? {});
  endRequestSpan(span, { ...end, route: pattern });
}

interface FollowedResponse {
  readonly response: Response;
  /** Resolves with the last byte, or when nobody wants it any more. Never rejects. */
  readonly end: Promise<RequestEnd>;
}

/** Without a body that can be read, or where none is sent, the answer is whole at once, and stays what it is. */
function follow({ rivulet, request }: TracedRequest, given: Response): FollowedResponse {
  const body = readableBody(given);
  const status = (given as Response | undefined)?.status;
  if (body === undefined || request.method === "HEAD") {
    return { response: given, end: Promise.resolve({ status }) };
  }
  const { promise, resolve } = Promise.withResolvers<RequestEnd>();
  const left = (): void => resolve({ status, brokenOffBy: "client" });
  const { signal } = request as { readonly signal?: AbortSignal };
  signal?.addEventListener("abort", left, { once: true });
  const span = rivulet.activeSpan();
  const reader = body.getReader();
  const read = (): ReturnType<typeof reader.read> =>
    span === undefined ? reader.read() : rivulet.runInSpan(span, () => reader.read());
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await read();
          if (!done) return controller.enqueue(value);
          resolve({ status });
          controller.close();
        } catch (error) {
          resolve({ status, error, brokenOffBy: "server" });
          controller.error(error);
        }
      },
      cancel(reason) {
        left();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(stream, given), end: promise };
}

/** Handlers answer with what they like: with nothing, with another library's response, with one that was read. */
function readableBody(given: Response | null | undefined): ReadableStream<Uint8Array> | undefined {
  const body = given?.body;
  return typeof body?.getReader === "function" && !body.locked ? body : undefined;
}

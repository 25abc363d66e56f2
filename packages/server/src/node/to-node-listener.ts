import type { IncomingMessage, ServerResponse } from "node:http";
import type { HandlerContext } from "../handler.ts";
import { failureResponse, toFailure } from "../http/failure.ts";
import { Refusal } from "../http/refusal.ts";
import { secured } from "../http/security-headers.ts";
import { toRequest } from "./to-request.ts";
import { writeResponse } from "./write-response.ts";

/** For `http.createServer`, and `app.use` of Express 4 and 5, Connect and the like. */
export type NodeListener = (
  req: IncomingMessage,
  res: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/** {@link HandlerContext.native} of requests that come through {@link toNodeListener}. */
export interface NodeNative {
  /** Node's request, with whatever earlier middleware has put on it. */
  readonly req: IncomingMessage;
  /** Node's response. Rivulet writes it; read only. */
  readonly res: ServerResponse;
}

/** Options of {@link toNodeListener}. */
export interface NodeListenerOptions {
  /**
   * Where the handler is mounted, such as `/mlops`, when it is called with the whole address.
   * @default what the framework says: Express' `baseUrl`, or what Connect and its like took off `originalUrl`
   */
  readonly basePath?: string;
}

/** Any function of this shape can be served. */
export type ServedHandler = (request: Request, context: HandlerContext) => Promise<Response>;

const CONSUMED =
  "A body parser ran before Rivulet, which then lives with the parser's limits (100 kB for express.json()) and cannot take uploads. Mount Rivulet before the parsers.";

/**
 * Serves a fetch-style handler on Node. The mount path is taken from each request; a client that goes away
 * aborts `request.signal`; what the handler throws goes to `next`.
 */
export function toNodeListener(
  handler: ServedHandler,
  options: NodeListenerOptions = {},
): NodeListener {
  let isWarned = false;
  const warn = (): void => {
    if (isWarned) return;
    isWarned = true;
    process.emitWarning(CONSUMED, { code: "RIVULET_BODY_PARSED" });
  };

  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const translated = translate(req, res, options);
    if (translated instanceof Response) return writeResponse(translated, req, res);
    const { request, context, isConsumed } = translated;
    if (isConsumed) warn();
    await writeResponse(await handler(request, context), req, res);
  };

  return (req, res, next) => {
    serve(req, res).catch((error: unknown) => {
      if (res.headersSent) res.destroy();
      else if (next !== undefined) next(error);
      else res.writeHead(500).end();
    });
  };
}

/** `TRACE` and its like have no `Request`. */
function translate(
  req: IncomingMessage,
  res: ServerResponse,
  options: NodeListenerOptions,
): ReturnType<typeof toRequest> | Response {
  try {
    return toRequest(req, res, options);
  } catch {
    const error = new Refusal({
      status: 405,
      code: "unsupported",
      message: `The method ${req.method} is not served.`,
    });
    return secured(failureResponse(toFailure(error, () => undefined)), req.method ?? "");
  }
}

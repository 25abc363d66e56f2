import type { IncomingMessage, ServerResponse } from "node:http";
import { RivuletError } from "@rivulet/core";
import type { HandlerContext } from "../handler.ts";
import { failureResponse } from "../http/failure.ts";
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
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** Any function of this shape can be served. */
export type ServedHandler = (request: Request, context: HandlerContext) => Promise<Response>;

const CONSUMED =
  "A body parser ran before Rivulet, which then lives with the parser's limits (100 kB for express.json()) and cannot take uploads. Mount Rivulet before the parsers.";

/**
 * Serves a fetch-style handler on Node. The mount path is taken from each request; a client that goes away
 * aborts `request.signal`; what the handler throws goes to `next`.
 */
export function toNodeListener(handler: ServedHandler): NodeListener {
  let isWarned = false;
  const warn = (): void => {
    if (isWarned) return;
    isWarned = true;
    process.emitWarning(CONSUMED, { code: "RIVULET_BODY_PARSED" });
  };

  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const translated = translate(req, res);
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
): ReturnType<typeof toRequest> | Response {
  try {
    return toRequest(req, res);
  } catch (cause) {
    const error = new RivuletError("unsupported", "This method is not served.", { cause });
    return secured(
      failureResponse(error, () => undefined),
      req.method ?? "",
    );
  }
}

import type { IncomingMessage, ServerResponse } from "node:http";

/** What requests have failed with, until they are answered. */
const thrownIn = new WeakMap<IncomingMessage, unknown>();

/** What a request's handlers have thrown, as far as `traceErrors` was told. */
export function errorOf(req: IncomingMessage): unknown {
  return thrownIn.get(req);
}

/**
 * Error middleware for Express 4 and 5 and Connect, by which the spans of `traceRequests` say what was thrown. It stands
 * behind the routes and in front of the app's own error handlers, and hands each error on to them.
 *
 * ```ts
 * app.use(traceRequests(rivulet));
 * app.get("/orders/:id", showOrder);
 * app.use(traceErrors);
 * ```
 */
export function traceErrors(
  error: unknown,
  req: IncomingMessage,
  _res: ServerResponse,
  next: (error?: unknown) => void,
): void {
  thrownIn.set(req, error);
  next(error);
}

import type { IncomingMessage } from "node:http";
import type { HandlerContext } from "../handler.ts";

/** A body as it can still be had. */
export interface RemainingBody {
  readonly body?: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string;
  /** See {@link HandlerContext.body}. */
  readonly state?: NonNullable<HandlerContext["body"]>;
  /** A parser has read it, and inflated it. */
  readonly isConsumed: boolean;
}

/** What Express' parsers, and hosts that keep the raw bytes, put on the request. */
type ParsedMessage = IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown };

/** The body of a request of which an earlier middleware may have read everything. */
export function remainingBody(message: ParsedMessage): RemainingBody {
  const { method = "GET" } = message;
  if (method === "GET" || method === "HEAD" || !hasBody(message)) return { isConsumed: false };
  if (!message.readableDidRead) return { body: toWebStream(message), isConsumed: false };
  const { body, rawBody } = message;
  for (const whole of [rawBody, body]) {
    if (whole instanceof Uint8Array) return { body: new Uint8Array(whole), isConsumed: true };
  }
  if (typeof body === "string") return { body, state: "rewritten", isConsumed: true };
  if (body !== undefined && /json/i.test(message.headers["content-type"] ?? "")) {
    return { body: JSON.stringify(body), state: "rewritten", isConsumed: true };
  }
  return { state: "lost", isConsumed: true };
}

function hasBody({ headers, httpVersionMajor }: IncomingMessage): boolean {
  if (headers["content-length"] !== undefined) return headers["content-length"] !== "0";
  return headers["transfer-encoding"] !== undefined || httpVersionMajor > 1;
}

/** Reads nothing until asked to: Node itself discards a body that is never read. */
function toWebStream(message: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = message.iterator({ destroyOnReturn: false });
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
}

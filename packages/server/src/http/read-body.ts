import { RivuletError } from "@rivulet/core";
import type { HandlerContext } from "../handler.ts";
import { Refusal } from "./refusal.ts";

/** How a body is read. */
export interface BodyRules {
  /** Most bytes, after decompression. */
  readonly limit: number;
  readonly context: HandlerContext;
  /** Every byte counts: a body that was parsed and written again will not do. @default false */
  readonly exact?: boolean;
}

const INFLATED: ReadonlyMap<string, "gzip" | "deflate"> = new Map([
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", "deflate"],
]);

/**
 * The whole body, inflated; empty when there is none.
 *
 * @throws RivuletError `limit_exceeded`, or `invalid_argument` when it cannot be read
 */
export async function readBytes(request: Request, rules: BodyRules): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of streamBytes(request, rules)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * The body, inflated, as it comes; none when there is none.
 *
 * @throws RivuletError `limit_exceeded`, or `invalid_argument` when it cannot be read to its end
 */
export async function* streamBytes(request: Request, rules: BodyRules): AsyncGenerator<Uint8Array> {
  try {
    yield* boundedBody(request, rules) ?? [];
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    throw new RivuletError("invalid_argument", "The body cannot be read to its end.", { cause });
  }
}

/** The body, inflated, which fails when it is longer than the limit; `null` when there is none. */
export function boundedBody(
  request: Request,
  { limit, context, exact = false }: BodyRules,
): ReadableStream<Uint8Array> | null {
  if (context.body === "lost" || (exact && context.body === "rewritten")) throw lostBody();
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLong(limit);
  const { body } = request;
  return body === null ? null : inflate(body, request.headers).pipeThrough(createCounter(limit));
}

function inflate(body: ReadableStream<Uint8Array>, headers: Headers): ReadableStream<Uint8Array> {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity") return body;
  const format = INFLATED.get(encoding);
  if (format !== undefined) return body.pipeThrough(new DecompressionStream(format));
  throw new Refusal({
    status: 415,
    code: "invalid_argument",
    message: "The body's encoding is not one of gzip, deflate, identity.",
  });
}

function createCounter(limit: number): TransformStream<Uint8Array, Uint8Array> {
  let size = 0;
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > limit) throw tooLong(limit);
      controller.enqueue(chunk);
    },
  });
}

function tooLong(limit: number): RivuletError {
  return new RivuletError("limit_exceeded", `The body is longer than ${limit} bytes.`, {
    details: { limit },
  });
}

/** The host app's body parser was first and kept nothing that we could use. */
function lostBody(): Refusal {
  return new Refusal({
    status: 500,
    code: "internal",
    message:
      "An earlier body parser of the app has consumed this request's body. Mount Rivulet before the parsers.",
  });
}

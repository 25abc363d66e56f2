import { Duplex } from "node:stream";
import { promisify } from "node:util";
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from "node:zlib";

/** Below this a compressed answer is hardly shorter. In bytes. */
const LEAST_BYTES = 1024;
/** Longer bodies, and those of unknown length, are compressed piece by piece. In bytes. */
const MOST_BYTES_AT_ONCE = 1024 * 1024;

/** Text of all kinds except event streams, which must not be buffered. Pictures and archives are already compressed. */
const COMPRESSIBLE =
  /^(?:text\/(?!event-stream)|application\/(?:[\w.-]+\+)?(?:json|xml|javascript|x-ndjson|x-protobuf)\b|image\/svg\+xml)/i;

// At these levels an answer costs about as much time as it saves on a local network.
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const GZIP = { level: 4 };

interface Encoder {
  whole(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  stream(): Duplex;
}

/** In order of preference. */
const ENCODERS: Readonly<Record<"br" | "gzip", Encoder>> = {
  br: {
    whole: async (bytes) => new Uint8Array(await promisify(brotliCompress)(bytes, BROTLI)),
    stream: () => createBrotliCompress(BROTLI),
  },
  gzip: {
    whole: async (bytes) => new Uint8Array(await promisify(gzip)(bytes, GZIP)),
    stream: () => createGzip(GZIP),
  },
};

type Encoding = keyof typeof ENCODERS;

/** Compresses the response with brotli or gzip if the request accepts it and it is worthwhile. */
export async function compressed(response: Response, request: Request): Promise<Response> {
  const { body, status } = response;
  const headers = new Headers(response.headers);
  if (body === null || isOfNext(request) || !isCompressible(headers)) return response;
  headers.append("vary", "accept-encoding");
  const encoding = preferredOf(request.headers.get("accept-encoding") ?? "");
  if (encoding === undefined) return new Response(body, { status, headers });
  const length = Number(headers.get("content-length") ?? Number.POSITIVE_INFINITY);
  headers.set("content-encoding", encoding);
  headers.delete("content-length");
  weakenTag(headers);
  // The length of a compressed GET is not known without compressing it.
  if (request.method === "HEAD") return new Response(body, { status, headers });
  const encoder = ENCODERS[encoding];
  if (length > MOST_BYTES_AT_ONCE) {
    return new Response(body.pipeThrough(toTransform(encoder.stream())), { status, headers });
  }
  const bytes = await encoder.whole(new Uint8Array(await response.arrayBuffer()));
  headers.set("content-length", String(bytes.byteLength));
  return new Response(bytes, { status, headers });
}

/** Next.js takes the header away that says how an answer is compressed, and compresses answers itself. */
function isOfNext(request: Request): boolean {
  return "nextUrl" in request;
}

function isCompressible(headers: Headers): boolean {
  const length = headers.get("content-length");
  return (
    COMPRESSIBLE.test(headers.get("content-type") ?? "") &&
    !headers.has("content-encoding") &&
    // A part is one of the bytes as they are.
    !headers.has("content-range") &&
    !/\bno-transform\b/i.test(headers.get("cache-control") ?? "") &&
    (length === null || Number(length) >= LEAST_BYTES)
  );
}

/** The encoding that a header prefers; brotli if it has no preference. */
function preferredOf(header: string): Encoding | undefined {
  const weights = new Map<string, number>();
  for (const entry of header.toLowerCase().split(",")) {
    const [name = "", ...parameters] = entry.split(";").map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
    // What is no weight is no wish.
    weights.set(name, Math.max(0, Number(weight) || 0));
  }
  const weightOf = (name: Encoding): number => weights.get(name) ?? weights.get("*") ?? 0;
  const [br, gz] = [weightOf("br"), weightOf("gzip")];
  if (br === 0 && gz === 0) return undefined;
  return br >= gz ? "br" : "gzip";
}

/** Once compressed, the same content has different bytes, so its tag can only be weak. */
function weakenTag(headers: Headers): void {
  const tag = headers.get("etag");
  if (tag?.startsWith('"')) headers.set("etag", `W/${tag}`);
}

function toTransform(stream: Duplex): ReadableWritablePair<Uint8Array, Uint8Array> {
  return Duplex.toWeb(stream) as ReadableWritablePair<Uint8Array, Uint8Array>;
}

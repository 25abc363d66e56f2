import { checkOptions, FUNCTION, type OptionChecks, type Rivulet, TEXT } from "@rivulet/core";
import { decodeProtobuf } from "./otlp/decode-protobuf.ts";
import { JSON_TYPE, PROTOBUF, refusedResponse, takenResponse } from "./otlp/otlp-answer.ts";
import type { OtlpRequest } from "./otlp/otlp-request.ts";
import { readSpans } from "./otlp/read-spans.ts";
import { type RecordingOptions, recordSpans } from "./record-spans.ts";

/** Options of {@link otlp}. */
export interface OtlpOptions extends RecordingOptions {
  /**
   * Name or id of the experiment of traces that name none, where the request's header `x-rivulet-experiment` names none
   * either. @default 'Default', or what `createRivulet` was given
   */
  readonly experiment?: string;
}

/** A request that the mount has let in. */
export interface OtlpCall {
  /** The HTTP request. */
  readonly request: Request;
  /** Its body, inflated. */
  readonly body: Uint8Array;
}

/** An endpoint that takes OTLP. */
export interface OtlpRoute {
  /** How spans are sent. */
  readonly method: "POST";
  /** OpenTelemetry's path, or that of Langfuse's SDKs. */
  readonly path: "/v1/traces" | "/api/public/otel/v1/traces";
  /** What a caller needs. */
  readonly access: "write";
  /** The body comes as bytes. */
  readonly body: "bytes";
  /** JSON that the host app's parser has read before will do. */
  readonly exact: false;
  /** Most bytes of a request after inflation: 64 MiB. */
  readonly maxBytes: number;
  /** Protobuf and JSON. */
  readonly contentTypes: readonly string[];
  /** Answers a request. */
  handle(call: OtlpCall): Promise<Response>;
}

/** OTLP over HTTP: an extension for `createHandler` of `@rivulet/server`. */
export interface OtlpExtension {
  /** Names the extension in messages of the handler. */
  readonly name: "otlp";
  /** `/v1/traces`, and Langfuse's path. */
  readonly routes: readonly OtlpRoute[];
  /** Refusals by the mount, as OTLP wants them. */
  errorBody(
    error: { readonly status: number; readonly message: string },
    request: Request,
  ): Response;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const EXPERIMENT_HEADER = "x-rivulet-experiment";
/** Problems that are told; more are counted. */
const MAX_TOLD = 5;
/** Seconds after which a client that was told that there is no room may try again. */
const RETRY_SECONDS = 1;

const OPTIONS: OptionChecks<OtlpOptions> = {
  of: "otlp",
  checks: { experiment: TEXT, filter: FUNCTION },
};

/**
 * Takes spans from any exporter of OTLP over HTTP, as protobuf or JSON: at `/v1/traces` below the mount, and where
 * Langfuse's SDKs send theirs. `@rivulet/express` and `rivulet serve` take it by themselves.
 *
 * @throws RivuletError `invalid_argument` for an option that is unknown or has a wrong value
 */
export function otlp(rivulet: Rivulet, options: OtlpOptions = {}): OtlpExtension {
  checkOptions(options, OPTIONS);
  const routeAt = (path: OtlpRoute["path"]): OtlpRoute => ({
    method: "POST",
    path,
    access: "write",
    body: "bytes",
    exact: false,
    maxBytes: MAX_BODY_BYTES,
    contentTypes: [PROTOBUF, JSON_TYPE],
    handle: (call) => answer(rivulet, options, call),
  });
  return {
    name: "otlp",
    routes: [routeAt("/v1/traces"), routeAt("/api/public/otel/v1/traces")],
    errorBody: (error, request) => refusedResponse(error, isProtobuf(request)),
  };
}

async function answer(
  rivulet: Rivulet,
  options: OtlpOptions,
  { request, body }: OtlpCall,
): Promise<Response> {
  const inProtobuf = isProtobuf(request);
  const decoded = decode(body, inProtobuf);
  if (typeof decoded === "string") {
    return refusedResponse({ status: 400, message: decoded }, inProtobuf);
  }
  const read = readSpans(decoded);
  const experiment = request.headers.get(EXPERIMENT_HEADER) ?? options.experiment;
  const { rejected, dropped } = await recordSpans(rivulet, read.spans, { ...options, experiment });
  if (dropped > 0) return noRoom(dropped, inProtobuf);
  const problems = [...read.rejected, ...rejected];
  const outcome = { rejectedSpans: problems.length, message: describe(problems) };
  return takenResponse(outcome, inProtobuf);
}

/** The client sends all of them again: those that were stored are known by their ids. */
function noRoom(dropped: number, inProtobuf: boolean): Response {
  const message = `The journal has no room for ${dropped} spans now. Send the batch again.`;
  const response = refusedResponse({ status: 429, message }, inProtobuf);
  response.headers.set("retry-after", String(RETRY_SECONDS));
  return response;
}

function isProtobuf(request: Request): boolean {
  return !(request.headers.get("content-type") ?? JSON_TYPE).toLowerCase().startsWith(JSON_TYPE);
}

/** The request, or why it is none. */
function decode(body: Uint8Array, inProtobuf: boolean): OtlpRequest | string {
  try {
    const request: unknown = inProtobuf
      ? decodeProtobuf(body)
      : JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    const isObject = typeof request === "object" && request !== null;
    return isObject ? request : "The body is no request of OTLP: it is no object.";
  } catch (error) {
    return `The body is no request of OTLP: ${error instanceof Error ? error.message : "unreadable"}.`;
  }
}

function describe(problems: readonly string[]): string {
  const told = problems.slice(0, MAX_TOLD).join("; ");
  const more = problems.length - MAX_TOLD;
  return more > 0 ? `${told}; and ${more} more` : told;
}

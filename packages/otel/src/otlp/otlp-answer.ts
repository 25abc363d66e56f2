import { PbfWriter } from "pbf";

/** What became of a request. */
export interface Outcome {
  /** Spans that cannot be stored. */
  readonly rejectedSpans: number;
  /** What is wrong with them; or with the whole request. */
  readonly message: string;
}

/** Media types of OTLP over HTTP. */
export const PROTOBUF = "application/x-protobuf";
/** The other one. */
export const JSON_TYPE = "application/json";

/** The answer to a request that was taken: `ExportTraceServiceResponse`, in the form of the request. */
export function takenResponse({ rejectedSpans, message }: Outcome, isProtobuf: boolean): Response {
  if (isProtobuf) {
    const writer = new PbfWriter();
    if (rejectedSpans > 0) writer.writeMessage(1, writePartialSuccess, { rejectedSpans, message });
    return protobufResponse(writer.finish(), 200);
  }
  const partialSuccess = { rejectedSpans: String(rejectedSpans), errorMessage: message };
  return Response.json(rejectedSpans === 0 ? {} : { partialSuccess });
}

/** The answer to a request that was not taken: a `Status` of gRPC, as OTLP wants it. */
export function refusedResponse(
  { status, message }: { readonly status: number; readonly message: string },
  isProtobuf: boolean,
): Response {
  const code = CODES[status] ?? UNKNOWN;
  if (!isProtobuf) return Response.json({ code, message }, { status });
  const writer = new PbfWriter();
  writer.writeVarintField(1, code);
  writer.writeStringField(2, message);
  return protobufResponse(writer.finish(), status);
}

const UNKNOWN = 2;
/** HTTP's status → gRPC's code. */
const CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  413: 8,
  415: 3,
  429: 8,
  500: 13,
  503: 14,
};

function writePartialSuccess({ rejectedSpans, message }: Outcome, writer: PbfWriter): void {
  writer.writeVarintField(1, rejectedSpans);
  writer.writeStringField(2, message);
}

function protobufResponse(bytes: Uint8Array, status: number): Response {
  return new Response(new Uint8Array(bytes), { status, headers: { "content-type": PROTOBUF } });
}

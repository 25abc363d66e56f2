import protobuf from "protobufjs";

/** OTLP's own definition, for an encoder that shares nothing with the decoder under test. */
const { root } = protobuf.parse(`syntax = "proto3";
package otlp;
message AnyValue {
  oneof value {
    string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message InstrumentationScope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
message Status { string message = 2; int32 code = 3; }
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; fixed32 flags = 6; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5;
  int32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
  uint32 dropped_attributes_count = 10; repeated Event events = 11; uint32 dropped_events_count = 12;
  repeated Link links = 13; uint32 dropped_links_count = 14; Status status = 15; fixed32 flags = 16;
}
message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ExportTracePartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
message ExportTraceServiceResponse { ExportTracePartialSuccess partial_success = 1; }
message RpcStatus { int32 code = 1; string message = 2; }
`);

/** A request as JSON has it → as protobuf. */
export function toProtobuf(request: unknown): Uint8Array<ArrayBuffer> {
  const type = root.lookupType("otlp.ExportTraceServiceRequest");
  const message = type.fromObject(withBytes(request) as Record<string, unknown>);
  return new Uint8Array(type.encode(message).finish());
}

/** An answer in protobuf → as JSON has it. */
export async function fromProtobuf(
  response: Response,
  type: "ExportTraceServiceResponse" | "RpcStatus" = "ExportTraceServiceResponse",
): Promise<unknown> {
  const message = root.lookupType(`otlp.${type}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return message.toObject(message.decode(bytes), { longs: String });
}

const IDS = new Set(["traceId", "spanId", "parentSpanId"]);

/** Ids are hex in JSON, and bytes in protobuf. */
function withBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBytes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]: [string, unknown]) => [
      name,
      IDS.has(name) && typeof field === "string" ? Buffer.from(field, "hex") : withBytes(field),
    ]),
  );
}

/**
 * OTLP's request as it is decoded: from JSON, where ids are hex and long numbers are text, or from protobuf, where ids
 * are bytes. What a client writes may be of any shape: each field is looked at before it is used.
 */
export interface OtlpRequest {
  /** Spans by resource, and within it by scope. */
  readonly resourceSpans?: unknown;
}

/** A value as OTLP writes it: one of these fields is there. */
export interface OtlpValue {
  readonly stringValue?: unknown;
  readonly boolValue?: unknown;
  readonly intValue?: unknown;
  readonly doubleValue?: unknown;
  readonly bytesValue?: unknown;
  readonly arrayValue?: unknown;
  readonly kvlistValue?: unknown;
}

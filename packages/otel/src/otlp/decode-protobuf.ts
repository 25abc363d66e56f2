import type { OtlpRequest } from "./otlp-request.ts";
import { ProtobufReader, type ReadField } from "./protobuf-reader.ts";

type Fields = Record<string, unknown>;

/** Values in values are read this deep; deeper ones are left out. */
type Lists<K extends string> = Fields & { readonly [N in K]: unknown[] };

/** Decodes `ExportTraceServiceRequest` of OTLP. @throws Error when it is malformed */
export function decodeProtobuf(bytes: Uint8Array): OtlpRequest {
  return new ProtobufReader(bytes).read(readRequest, { resourceSpans: [] });
}

const readRequest: ReadField<Lists<"resourceSpans">> = (field, request, reader) => {
  if (field !== 1) return;
  add(request.resourceSpans, reader.message(readResourceSpans, { scopeSpans: [] }));
};

const readResourceSpans: ReadField<Lists<"scopeSpans">> = (field, spans, reader) => {
  if (field === 1) spans["resource"] = reader.message(readResource, { attributes: [] });
  // The second is what it was called before: instrumentation libraries.
  if (field === 2 || field === 1000) {
    add(spans.scopeSpans, reader.message(readScopeSpans, { spans: [] }));
  }
};

const readResource: ReadField<Lists<"attributes">> = (field, resource, reader) => {
  if (field === 1) addAttribute(resource, reader);
};

const readScopeSpans: ReadField<Lists<"spans">> = (field, spans, reader) => {
  if (field === 1) spans["scope"] = reader.message(readScope, { attributes: [] });
  if (field === 2) {
    add(spans.spans, reader.message(readSpan, { attributes: [], events: [], links: [] }));
  }
};

const readScope: ReadField<Lists<"attributes">> = (field, scope, reader) => {
  if (field === 1) scope["name"] = reader.text();
  if (field === 2) scope["version"] = reader.text();
  if (field === 3) addAttribute(scope, reader);
};

type ReadOne = (span: Lists<"attributes" | "events" | "links">, reader: ProtobufReader) => void;

/** Field number of a span → what it holds. */
const SPAN: Readonly<Record<number, ReadOne>> = {
  1: (span, reader) => set(span, "traceId", reader.bytes()),
  2: (span, reader) => set(span, "spanId", reader.bytes()),
  3: (span, reader) => set(span, "traceState", reader.text()),
  4: (span, reader) => set(span, "parentSpanId", reader.bytes()),
  5: (span, reader) => set(span, "name", reader.text()),
  6: (span, reader) => set(span, "kind", reader.small()),
  7: (span, reader) => set(span, "startTimeUnixNano", reader.fixed64()),
  8: (span, reader) => set(span, "endTimeUnixNano", reader.fixed64()),
  9: addAttribute,
  10: (span, reader) => set(span, "droppedAttributesCount", reader.small()),
  11: (span, reader) => add(span.events, reader.message(readEvent, { attributes: [] })),
  12: (span, reader) => set(span, "droppedEventsCount", reader.small()),
  13: (span, reader) => add(span.links, reader.message(readLink, { attributes: [] })),
  14: (span, reader) => set(span, "droppedLinksCount", reader.small()),
  15: (span, reader) => set(span, "status", reader.message(readStatus, {})),
};

const readSpan: ReadField<Lists<"attributes" | "events" | "links">> = (field, span, reader) =>
  SPAN[field]?.(span, reader);

const readEvent: ReadField<Lists<"attributes">> = (field, event, reader) => {
  if (field === 1) event["timeUnixNano"] = reader.fixed64();
  if (field === 2) event["name"] = reader.text();
  if (field === 3) addAttribute(event, reader);
};

const readLink: ReadField<Lists<"attributes">> = (field, link, reader) => {
  if (field === 1) link["traceId"] = reader.bytes();
  if (field === 2) link["spanId"] = reader.bytes();
  if (field === 4) addAttribute(link, reader);
};

const readStatus: ReadField<Fields> = (field, status, reader) => {
  if (field === 2) status["message"] = reader.text();
  if (field === 3) status["code"] = reader.small();
};

const readAttribute: ReadField<Fields> = (field, attribute, reader) => {
  if (field === 1) attribute["key"] = reader.text();
  if (field === 2) attribute["value"] = reader.message(readValue, {});
};

const VALUE: Readonly<Record<number, (value: Fields, reader: ProtobufReader) => void>> = {
  1: (value, reader) => set(value, "stringValue", reader.text()),
  2: (value, reader) => set(value, "boolValue", boolOf(reader.small())),
  3: (value, reader) => set(value, "intValue", reader.integer()),
  4: (value, reader) => set(value, "doubleValue", reader.double()),
  5: (value, reader) => set(value, "arrayValue", reader.message(readArray, { values: [] })),
  6: (value, reader) => set(value, "kvlistValue", reader.message(readFields, { values: [] })),
  7: (value, reader) => set(value, "bytesValue", reader.bytes()),
};

const readValue: ReadField<Fields> = (field, value, reader) => VALUE[field]?.(value, reader);

const readArray: ReadField<Lists<"values">> = (field, list, reader) => {
  if (field === 1) add(list.values, reader.message(readValue, {}));
};

const readFields: ReadField<Lists<"values">> = (field, list, reader) => {
  if (field === 1) add(list.values, reader.message(readAttribute, {}));
};

function addAttribute(holder: Lists<"attributes">, reader: ProtobufReader): void {
  add(holder.attributes, reader.message(readAttribute, {}));
}

function add(list: unknown[], item: unknown): void {
  if (item !== undefined) list.push(item);
}

function set(fields: Fields, name: string, value: unknown): void {
  if (value !== undefined) fields[name] = value;
}

function boolOf(value: number | undefined): boolean | undefined {
  return value === undefined ? undefined : value !== 0;
}

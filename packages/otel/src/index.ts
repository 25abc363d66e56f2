export { type ExportOptions, exportSpans, type SpanExport } from "./export/export-spans.ts";
export type { OtlpTarget } from "./export/otlp-sender.ts";
export type { OtlpAttribute, OtlpJsonList, OtlpJsonValue } from "./export/otlp-value.ts";
export { type OtlpJsonSpan, toOtlpSpan } from "./export/to-otlp-span.ts";
export { normalizeSpan } from "./normalize/normalize-span.ts";
export type {
  AttributeValue,
  OtelAttributes,
  OtelEvent,
  OtelLink,
  OtelScope,
  OtelSpan,
  OtelStatus,
} from "./normalize/otel-span.ts";
export type { OtlpRequest } from "./otlp/otlp-request.ts";
export { type ReadSpans, readSpans } from "./otlp/read-spans.ts";
export {
  type OtlpCall,
  type OtlpExtension,
  type OtlpOptions,
  type OtlpRoute,
  otlp,
} from "./otlp-extension.ts";
export type { RecordingOptions } from "./record-spans.ts";
export type {
  HrTime,
  SdkEvent,
  SdkLink,
  SdkResource,
  SdkScope,
  SdkSpan,
  SdkSpanContext,
  SdkStatus,
} from "./sdk/ended-span.ts";
export type { OtelTraceApi } from "./sdk/joined-context.ts";
export type { LiveSpan } from "./sdk/otel-active-span.ts";
export { type ExportResult, type RivuletSpanExporter, spanExporter } from "./sdk/span-exporter.ts";
export {
  type ProcessorOptions,
  type RivuletSpanProcessor,
  spanProcessor,
} from "./sdk/span-processor.ts";

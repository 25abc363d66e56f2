import type { ActiveSpan } from "@rivulet/core";
import type { Recorder } from "../calls/recorder.ts";
import type { SdkCall } from "../calls/sdk-call.ts";
import type { ModelCall } from "../models/model-call.ts";
import { type Fields, fieldsOf } from "../sdk/read-value.ts";

/** What a span of the SDK stands for. */
export interface SpanKind {
  readonly call: SdkCall;
  readonly span: ActiveSpan;
  /** The model call that the span is. */
  readonly model?: ModelCall;
  /** What runs in it belongs to this call from now on. */
  readonly opensCall: boolean;
  end(attributes: Fields, failure: unknown): void;
  event?(name: string, attributes: Fields): void;
}

/** The part of OpenTelemetry's span that AI SDK 6 uses. */
export interface TracerSpan {
  readonly kind: SpanKind | undefined;
  spanContext(): { traceId: string; spanId: string; traceFlags: number };
  setAttribute(name: string, value: unknown): TracerSpan;
  setAttributes(attributes: Fields): TracerSpan;
  addEvent(name: string, attributes?: Fields): TracerSpan;
  addLink(): TracerSpan;
  addLinks(): TracerSpan;
  setStatus(status: { readonly code: number; readonly message?: string }): TracerSpan;
  updateName(): TracerSpan;
  recordException(exception: unknown): void;
  isRecording(): boolean;
  end(): void;
}

/** What {@link createTracerSpan} takes. */
export interface TracerSpanOptions {
  readonly attributes: Record<string, unknown>;
  readonly kind: SpanKind | undefined;
  readonly guard: Recorder["guard"];
}

const ERROR_STATUS = 2;

/** Makes a span for the SDK: it gathers attributes, and tells its kind how it ended. */
export function createTracerSpan(options: TracerSpanOptions): TracerSpan {
  const { attributes, kind, guard } = options;
  let failure: unknown;
  let ended = false;
  const span: TracerSpan = {
    kind,
    spanContext: () => ({
      traceId: kind?.span.traceId ?? "0".repeat(32),
      spanId: kind?.span.id ?? "0".repeat(16),
      traceFlags: kind === undefined ? 0 : 1,
    }),
    setAttribute(name, value) {
      attributes[name] = value;
      return span;
    },
    setAttributes(added) {
      Object.assign(attributes, added);
      return span;
    },
    addEvent(name, values) {
      guard(() => kind?.event?.(name, values ?? {}))(undefined);
      return span;
    },
    addLink: () => span,
    addLinks: () => span,
    setStatus({ code, message }) {
      if (code === ERROR_STATUS) failure ??= new Error(message ?? "The call failed.");
      return span;
    },
    updateName: () => span,
    recordException(exception): void {
      failure ??= toError(exception);
    },
    isRecording: () => true,
    end(): void {
      if (ended) return;
      ended = true;
      guard(() => kind?.end(attributes, failure))(undefined);
    },
  };
  return span;
}

/** The SDK gives an error's name, message and stack, without the error. */
function toError(exception: unknown): unknown {
  if (exception instanceof Error) return exception;
  const { name, message, stack } = fieldsOf(exception) ?? {};
  const error = new Error(String(message ?? exception));
  if (typeof name === "string") error.name = name;
  if (typeof stack === "string") error.stack = stack;
  return error;
}

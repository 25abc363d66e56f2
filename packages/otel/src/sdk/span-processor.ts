import { checkOptions, OBJECT, type OptionChecks, type Rivulet } from "@rivulet/core";
import type { OtelSpan } from "../normalize/otel-span.ts";
import { type RecordingOptions, recordSpans } from "../record-spans.ts";
import { type SdkSpan, toOtelSpan } from "./ended-span.ts";
import { joinContexts, type OtelTraceApi } from "./joined-context.ts";
import { RECORDING } from "./span-exporter.ts";

/** Options of {@link spanProcessor}. */
export interface ProcessorOptions extends RecordingOptions {
  /**
   * `trace` of `@opentelemetry/api`: spans of OpenTelemetry and of the client become one tree, in which the innermost
   * span is the parent of what starts in it. One processor of a client can do so, and no other adapter beside it that
   * joins a context of its own, as `@rivulet/langchain` does.
   *
   * @default two trees
   */
  readonly join?: OtelTraceApi;
}

/** A `SpanProcessor` for the SDKs of OpenTelemetry, of any version from 1 on. */
export interface RivuletSpanProcessor {
  /** Finds its place in a tree that is joined. Nothing is recorded before the end. */
  onStart(span: SdkSpan): void;
  /** Records the span, with those that end in the same turn of the event loop. */
  onEnd(span: SdkSpan): void;
  /** Resolves when what has ended can be read. */
  forceFlush(): Promise<void>;
  /** The same. The client stays open: who has opened it closes it. */
  shutdown(): Promise<void>;
}

const PROCESSOR: OptionChecks<ProcessorOptions> = {
  of: "options",
  checks: { ...RECORDING.checks, join: OBJECT },
};

/**
 * Records the spans of an SDK of OpenTelemetry in this process as they end, without a queue that a crash could empty:
 * `new NodeTracerProvider({ spanProcessors: [spanProcessor(rivulet)] })`. Other processors beside it get the same spans.
 *
 * @throws RivuletError `invalid_argument` for an option that is unknown or has a wrong value
 */
export function spanProcessor(
  rivulet: Rivulet,
  options: ProcessorOptions = {},
): RivuletSpanProcessor {
  checkOptions(options, PROCESSOR);
  const { join, ...recordingOptions } = options;
  const joined = join && joinContexts(rivulet, join, options.experiment);
  let ended: OtelSpan[] = [];
  let recording: Promise<void> | undefined;

  async function recordEnded(): Promise<void> {
    const spans = ended;
    ended = [];
    recording = undefined;
    try {
      const { rejected, dropped } = await recordSpans(rivulet, spans, recordingOptions);
      for (const problem of rejected) rivulet.reportError(new Error(problem));
      if (dropped > 0) {
        rivulet.reportError(new Error(`The journal had no room for ${dropped} spans.`));
      }
    } catch (error) {
      rivulet.reportError(error);
    }
  }

  async function forceFlush(): Promise<void> {
    await recording;
    await rivulet.flush();
  }

  return {
    onStart: (span) => joined?.started(span),
    onEnd(span) {
      const otelSpan = toOtelSpan(span);
      ended.push(joined?.placed(otelSpan) ?? otelSpan);
      recording ??= Promise.resolve().then(recordEnded);
    },
    forceFlush,
    shutdown: forceFlush,
  };
}

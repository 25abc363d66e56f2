import { checkOptions, type Rivulet } from "@rivulet/core";
import type { OtelSpan } from "../normalize/otel-span.ts";
import { type RecordingOptions, recordSpans } from "../record-spans.ts";
import { type SdkSpan, toOtelSpan } from "./ended-span.ts";
import { RECORDING } from "./span-exporter.ts";

/** A `SpanProcessor` for the SDKs of OpenTelemetry, of any version from 1 on. */
export interface RivuletSpanProcessor {
  /** Nothing is recorded before the end. */
  onStart(): void;
  /** Records the span, with those that end in the same turn of the event loop. */
  onEnd(span: SdkSpan): void;
  /** Resolves when what has ended can be read. */
  forceFlush(): Promise<void>;
  /** The same. The client stays open: who has opened it closes it. */
  shutdown(): Promise<void>;
}

/**
 * Records the spans of an SDK of OpenTelemetry in this process as they end, without a queue that a crash could empty:
 * `new NodeTracerProvider({ spanProcessors: [spanProcessor(rivulet)] })`. Other processors beside it get the same spans.
 *
 * @throws RivuletError `invalid_argument` for an option that is unknown or has a wrong value
 */
export function spanProcessor(
  rivulet: Rivulet,
  options: RecordingOptions = {},
): RivuletSpanProcessor {
  checkOptions(options, RECORDING);
  let ended: OtelSpan[] = [];
  let recording: Promise<void> | undefined;

  async function recordEnded(): Promise<void> {
    const spans = ended;
    ended = [];
    recording = undefined;
    try {
      const { rejected, dropped } = await recordSpans(rivulet, spans, options);
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
    onStart: () => undefined,
    onEnd(span) {
      ended.push(toOtelSpan(span));
      recording ??= Promise.resolve().then(recordEnded);
    },
    forceFlush,
    shutdown: forceFlush,
  };
}

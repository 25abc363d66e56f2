import { checkOptions, FUNCTION, type OptionChecks, type Rivulet, TEXT } from "@rivulet/core";
import { type RecordingOptions, recordSpans } from "../record-spans.ts";
import { type SdkSpan, toOtelSpan } from "./ended-span.ts";

/** How an export has gone: 0 well, 1 not. */
export interface ExportResult {
  /** 0 well, 1 not. */
  readonly code: 0 | 1;
  /** Why not. */
  readonly error?: Error;
}

/** A `SpanExporter` for the SDKs of OpenTelemetry, of any version from 1 on. */
export interface RivuletSpanExporter {
  /** Records spans that have ended. */
  export(spans: SdkSpan[], done: (result: ExportResult) => void): void;
  /** Resolves when what was exported can be read. */
  forceFlush(): Promise<void>;
  /** The same; later exports fail. The client stays open: who has opened it closes it. */
  shutdown(): Promise<void>;
}

/** What an option of exporter and processor must be. */
export const RECORDING: OptionChecks<RecordingOptions> = {
  of: "options",
  checks: { experiment: TEXT, filter: FUNCTION },
};

/**
 * Records what an SDK of OpenTelemetry in this process exports:
 * `new BatchSpanProcessor(spanExporter(rivulet))`. Beside another exporter it gets the same spans.
 *
 * @throws RivuletError `invalid_argument` for an option that is unknown or has a wrong value
 */
export function spanExporter(
  rivulet: Rivulet,
  options: RecordingOptions = {},
): RivuletSpanExporter {
  checkOptions(options, RECORDING);
  let isShut = false;
  return {
    export(spans, done) {
      if (isShut) done({ code: 1, error: new Error("The exporter was shut down.") });
      else void exportAll(rivulet, spans, options).then(done);
    },
    async forceFlush() {
      await rivulet.flush();
    },
    async shutdown() {
      isShut = true;
      await rivulet.flush();
    },
  };
}

/** Never rejects. What cannot be stored is reported to the client's `onError`. */
async function exportAll(
  rivulet: Rivulet,
  spans: readonly SdkSpan[],
  options: RecordingOptions,
): Promise<ExportResult> {
  try {
    const { rejected, dropped } = await recordSpans(rivulet, spans.map(toOtelSpan), options);
    for (const problem of rejected) rivulet.reportError(new Error(problem));
    return dropped === 0
      ? { code: 0 }
      : { code: 1, error: new Error(`The journal had no room for ${dropped} spans.`) };
  } catch (error) {
    return { code: 1, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

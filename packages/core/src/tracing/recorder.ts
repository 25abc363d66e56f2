import type { Context } from "../context.ts";
import { GivenValues, roundToMicroseconds } from "./given-values.ts";
import { createOpenSpans, type OpenSpans } from "./open-spans.ts";
import { RecordedSpan, type SpanServices } from "./recorded-span.ts";
import type { SpanStart } from "./span-draft.ts";
import type { SpanPolicy } from "./span-policy.ts";

/** What {@link createRecorder} takes. */
export interface RecorderOptions {
  readonly context: Pick<Context, "journal" | "now" | "reportError">;
  readonly policy: SpanPolicy;
  /** See `TracingOptions`. */
  readonly abandonAfterMs: number;
}

/** Spans that run here, from their start to the journal. */
export interface Recorder {
  /** @param start its start time, when it is given and a time, else now */
  open(start: Omit<SpanStart, "startTime"> & { readonly startTime: unknown }): RecordedSpan;
  readonly given: GivenValues;
  readonly openSpans: OpenSpans;
  /** Gives the journal what is in progress. */
  flush(): void;
}

/** Makes the {@link Recorder} of a client. */
export function createRecorder({ context, policy, abandonAfterMs }: RecorderOptions): Recorder {
  const { journal, reportError } = context;
  const now = (): number => roundToMicroseconds(context.now());

  function write(span: RecordedSpan): void {
    try {
      journal.appendSpan(span.toWrite());
    } catch (error) {
      reportError(error);
    }
  }

  const openSpans = createOpenSpans({ now, announce: write, abandonAfterMs, reportError });
  const given = new GivenValues(reportError);
  const services: SpanServices = {
    policy,
    now,
    given,
    reportError,
    closed(span) {
      openSpans.remove(span);
      write(span);
    },
  };
  return Object.freeze<Recorder>({
    open(start) {
      const startTime = given.time("startSpan.startTime", start.startTime) ?? now();
      const span = new RecordedSpan(services, { ...start, startTime });
      openSpans.add(span);
      return span;
    },
    given,
    openSpans,
    flush: openSpans.announceAll,
  });
}

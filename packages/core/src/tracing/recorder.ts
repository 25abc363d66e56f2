import { createEncoder, type Encode } from "@rivulet/store";
import type { Context } from "../context.ts";
import { createExperimentRefs, type ExperimentRef } from "./experiment-refs.ts";
import { createOpenSpans, type OpenSpans } from "./open-spans.ts";
import { createPriceLookup } from "./prices.ts";
import { RecordedSpan, type SpanServices } from "./recorded-span.ts";
import type { SpanSeed } from "./span-seed.ts";
import { roundToMicroseconds } from "./span-time.ts";
import type { TracingOptions } from "./tracing-options.ts";
import { createUserMask } from "./user-mask.ts";

/** What {@link createRecorder} takes. */
export interface RecorderOptions {
  readonly context: Pick<Context, "ids" | "journal" | "now" | "reportError">;
  readonly options: TracingOptions;
}

/** Spans from their start to the journal. */
export interface Recorder {
  now(): number;
  experiment(nameOrId: string): ExperimentRef;
  open(seed: SpanSeed): RecordedSpan;
  readonly openSpans: OpenSpans;
  /** Gives the journal what is in progress. */
  flush(): void;
}

/** How long a span may be without news. */
export const ABANDON_AFTER_MS = 3_600_000;

/** Makes the {@link Recorder} of a client. */
export function createRecorder({ context, options }: RecorderOptions): Recorder {
  const { journal, reportError } = context;
  const now = (): number => roundToMicroseconds(context.now());

  function write(span: RecordedSpan): void {
    try {
      journal.appendSpan(span.toWrite());
    } catch (error) {
      reportError(error);
    }
  }

  const openSpans = createOpenSpans({
    now,
    announce: write,
    abandonAfterMs: options.abandonAfterMs ?? ABANDON_AFTER_MS,
  });
  const services: SpanServices = {
    now,
    encode: createBodyEncoder(options, reportError),
    price: createPriceLookup(options.prices),
    reportError,
    closed(span) {
      openSpans.remove(span);
      write(span);
    },
  };
  return Object.freeze({
    now,
    experiment: createExperimentRefs(context.ids.experiment),
    open(seed: SpanSeed): RecordedSpan {
      const span = new RecordedSpan(services, seed);
      openSpans.add(span);
      return span;
    },
    openSpans,
    flush: openSpans.announceAll,
  });
}

function createBodyEncoder(
  { mask, maskSecrets = true }: TracingOptions,
  reportError: (error: unknown) => void,
): Encode {
  const encode = createEncoder({ maskSecrets });
  if (mask === undefined) return encode;
  const applyMask = createUserMask(mask, reportError);
  const encodeMasked = createEncoder({ maskSecrets: false });
  // The mask gets a value of its own: what it does to it must not reach the user's objects.
  return (value, key) => encodeMasked(applyMask(encode(value, key)?.parse(), key), key);
}

import { RivuletError } from "@rivulet/domain";
import type { SpanWrite } from "@rivulet/store";
import { createEncoder, type Encode } from "@rivulet/store";
import type { Context } from "../context.ts";
import { createExperimentRefs, type ExperimentRef } from "./experiment-refs.ts";
import { createOpenSpans, type OpenSpans } from "./open-spans.ts";
import { createPriceLookup } from "./prices.ts";
import {
  RecordedSpan,
  roundToMicroseconds,
  type SpanSeed,
  type SpanServices,
} from "./recorded-span.ts";
import type { TracingOptions } from "./tracing-options.ts";
import { createUserMask } from "./user-mask.ts";

/** What {@link createRecorder} takes. */
export interface RecorderOptions {
  readonly context: Pick<Context, "journal" | "now" | "reportError">;
  readonly options: TracingOptions;
  readonly resolveExperiment: (nameOrId: string) => Promise<string>;
}

/** Spans from their start to the journal. */
export interface Recorder {
  now(): number;
  experiment(nameOrId: string): ExperimentRef;
  open(seed: SpanSeed): RecordedSpan;
  readonly openSpans: OpenSpans;
  /** Gives the journal what is in progress, and what waits for the id of its experiment. */
  flush(): Promise<void>;
}

/** How long a span may be without news. */
export const ABANDON_AFTER_MS = 3_600_000;
/** Spans that may wait for the id of their experiment. */
const MAX_WAITING = 10_000;

/** Makes the {@link Recorder} of a client. */
export function createRecorder({ context, options, resolveExperiment }: RecorderOptions): Recorder {
  const { journal, reportError } = context;
  const now = (): number => roundToMicroseconds(context.now());
  const waiting = createWaiting(reportError, (write) => journal.appendSpan(write));
  const experiments = createExperimentRefs({
    resolve: resolveExperiment,
    reportError,
    onResolved: waiting.release,
  });

  function write(span: RecordedSpan): void {
    try {
      const record = span.toWrite();
      if (span.experiment.id === undefined) waiting.add(span.experiment, record);
      else journal.appendSpan(record);
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
    closed(span) {
      openSpans.remove(span);
      write(span);
    },
  };
  return Object.freeze({
    now,
    experiment: experiments.get,
    open(seed: SpanSeed): RecordedSpan {
      const span = new RecordedSpan(services, seed);
      openSpans.add(span);
      return span;
    },
    openSpans,
    async flush(): Promise<void> {
      openSpans.announceAll();
      await experiments.settled();
    },
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

/** Records of traces whose experiment is known by name only. */
function createWaiting(
  reportError: (error: unknown) => void,
  append: (write: SpanWrite) => void,
): { add(ref: ExperimentRef, write: SpanWrite): void; release(ref: ExperimentRef): void } {
  let waiting: { readonly ref: ExperimentRef; readonly write: SpanWrite }[] = [];
  return {
    add(ref, write) {
      if (waiting.length < MAX_WAITING) {
        waiting.push({ ref, write });
        return;
      }
      const message = `A span was dropped: more than ${MAX_WAITING} wait for experiment "${ref.nameOrId}". Create experiments before tracing into them.`;
      reportError(new RivuletError("limit_exceeded", message));
    },
    release(ref) {
      const { id } = ref;
      if (id === undefined) return;
      const released = waiting.filter((entry) => entry.ref === ref);
      waiting = waiting.filter((entry) => entry.ref !== ref);
      for (const { write } of released) {
        append({ ...write, span: { ...write.span, experimentId: id } });
      }
    },
  };
}

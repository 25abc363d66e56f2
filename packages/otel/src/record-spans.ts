import { type FinishedSpan, type Rivulet, RivuletError } from "@rivulet/core";
import { passesFilter } from "./export/passes-filter.ts";
import { normalizeSpan } from "./normalize/normalize-span.ts";
import type { OtelSpan } from "./normalize/otel-span.ts";

/** What became of spans. */
export interface SpansReport {
  /** Why each of those that cannot be stored cannot. */
  readonly rejected: readonly string[];
  /** Spans for which the journal had no room: send them again later. */
  readonly dropped: number;
}

/** Which spans are recorded, and where. */
export interface RecordingOptions {
  /** Name or id of the experiment of traces that name none. @default 'Default', or what `createRivulet` was given */
  readonly experiment?: string | undefined;
  /** Which spans are kept, such as `({ scope }) => scope?.name !== "http"`. @default all */
  readonly filter?: ((span: OtelSpan) => boolean) | undefined;
}

/** A span, and the experiment of the trace that it was joined to. */
export interface PlacedSpan extends OtelSpan {
  /** Name or id. @default that of the options */
  readonly experiment?: string | undefined;
}

/** As many as `traces.record` takes at once. */
const MAX_SPANS = 10_000;

/** Records spans. Where one of them cannot be stored, the others are. */
export async function recordSpans(
  rivulet: Rivulet,
  given: readonly PlacedSpan[],
  { experiment, filter }: RecordingOptions = {},
): Promise<SpansReport> {
  const kept = filter === undefined ? given : given.filter(passesFilter(rivulet, filter));
  const spans = kept.map((span) =>
    withExperiment(normalizeSpan(span), span.experiment ?? experiment),
  );
  const reports: SpansReport[] = [];
  for (let start = 0; start < spans.length; start += MAX_SPANS) {
    reports.push(await recordBatch(rivulet, spans.slice(start, start + MAX_SPANS)));
  }
  return joined(reports);
}

function withExperiment(span: FinishedSpan, experiment: string | undefined): FinishedSpan {
  if (experiment === undefined || span.experimentId !== undefined) return span;
  return { ...span, experimentId: experiment };
}

/** All of them; when that is refused, one after the other. */
async function recordBatch(rivulet: Rivulet, spans: readonly FinishedSpan[]): Promise<SpansReport> {
  try {
    const { dropped } = await rivulet.traces.record(spans);
    return { rejected: [], dropped };
  } catch (error) {
    if (!(error instanceof RivuletError) || error.code !== "invalid_argument") throw error;
    const [only] = spans;
    if (spans.length === 1) return { rejected: [`Span ${only?.id}: ${error.message}`], dropped: 0 };
  }
  const half = Math.ceil(spans.length / 2);
  return joined([
    await recordBatch(rivulet, spans.slice(0, half)),
    await recordBatch(rivulet, spans.slice(half)),
  ]);
}

function joined(reports: readonly SpansReport[]): SpansReport {
  return {
    rejected: reports.flatMap(({ rejected }) => rejected),
    dropped: reports.reduce((sum, { dropped }) => sum + dropped, 0),
  };
}

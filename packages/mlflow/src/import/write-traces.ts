import {
  type Assessment,
  type AssessmentSource,
  type FinishedSpan,
  messageOf,
  type Rivulet,
  RivuletError,
  storeOf,
} from "@rivulet/core";
import type { Tally } from "./report.ts";
import type { MlflowSource, SourceAssessment, SourceTrace } from "./source.ts";
import type { Target } from "./write-experiments.ts";

/** Traces that are written before what was said of them. */
const BATCH = 100;

/** What traces are written with. */
export interface TraceWriting {
  readonly rivulet: Rivulet;
  readonly source: MlflowSource;
  readonly tally: Tally;
  readonly targets: ReadonlyMap<string, Target>;
  readonly signal?: AbortSignal | undefined;
}

/** Writes traces, then what was said of them. The same span twice counts once. */
export async function writeTraces(writing: TraceWriting): Promise<void> {
  let batch: SourceTrace[] = [];
  const keptFrom = await oldestKept(writing.rivulet);
  for (const trace of writing.source.traces()) {
    batch.push(trace);
    if (batch.length < BATCH) continue;
    await writeBatch(batch, { ...writing, keptFrom });
    batch = [];
  }
  if (batch.length > 0) await writeBatch(batch, { ...writing, keptFrom });
}

/** The time from which on traces are kept, in milliseconds since the epoch. */
async function oldestKept(rivulet: Rivulet): Promise<number> {
  const { store, retention } = await rivulet.describeStore();
  const { policy, isDefault } = retention;
  const isKept = policy === false || policy.maxAgeMs === undefined;
  // By default, nothing is removed from memory.
  if (isKept || (isDefault && store.driver === "memory")) return Number.NEGATIVE_INFINITY;
  return rivulet.now() - policy.maxAgeMs;
}

async function writeBatch(
  traces: readonly SourceTrace[],
  { rivulet, tally, targets, signal, keptFrom }: TraceWriting & { readonly keptFrom: number },
): Promise<void> {
  signal?.throwIfAborted();
  const written: SourceTrace[] = [];
  for (const trace of traces) {
    try {
      await record(rivulet, spansOf(trace, targets));
      written.push(trace);
    } catch (error) {
      tally.skip(trace.path, messageOf(error));
    }
  }
  await rivulet.flush();
  for (const trace of written) {
    tally.add("traces");
    if (trace.startTime < keptFrom && trace.assessments.length === 0) tally.add("expiring");
    await writeAssessments(trace, { rivulet, tally });
  }
}

async function record(rivulet: Rivulet, spans: readonly FinishedSpan[]): Promise<void> {
  const { dropped, unsampled } = await rivulet.traces.record(spans);
  if (unsampled > 0) throw new RivuletError("conflict", "the client does not sample it");
  if (dropped > 0) throw new RivuletError("limit_exceeded", "the journal has no room for it");
}

/** What is said of the trace goes with its root. */
function spansOf(
  trace: SourceTrace,
  targets: ReadonlyMap<string, Target>,
): readonly FinishedSpan[] {
  const experimentId = targets.get(trace.experimentId)?.id;
  return trace.spans.map((span) => ({
    ...span,
    ...(experimentId === undefined ? {} : { experimentId }),
    ...(span.parentId === undefined ? ofTrace(span, trace) : {}),
  }));
}

function ofTrace(
  span: FinishedSpan,
  { tags, metadata, sessionId, userId, runId }: SourceTrace,
): Partial<FinishedSpan> {
  return {
    tags: { ...span.tags, ...tags },
    metadata: { ...span.metadata, ...metadata },
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
    ...(runId === undefined ? {} : { runId }),
  };
}

async function writeAssessments(
  { id: traceId, assessments, path }: SourceTrace,
  { rivulet, tally }: Pick<TraceWriting, "rivulet" | "tally">,
): Promise<void> {
  if (assessments.length === 0) return;
  const store = await storeOf(rivulet);
  const known = new Set(
    (await store.assessments.list({ traceIds: [traceId] })).map(({ id }) => id),
  );
  for (const given of assessments) {
    try {
      const assessment = assessmentOf(traceId, given);
      if (!known.has(assessment.id)) await store.assessments.add([assessment]);
      tally.add("assessments");
    } catch (error) {
      tally.skip(`${path}, assessment ${given.name}`, messageOf(error));
    }
  }
}

const SOURCES: Readonly<Record<string, AssessmentSource>> = {
  human: "human",
  llm_judge: "llm_judge",
  code: "code",
};

function assessmentOf(
  traceId: string,
  { value, error, source, spanId, ...facts }: SourceAssessment,
): Assessment {
  return {
    ...facts,
    traceId,
    ...(spanId === undefined ? {} : { spanId }),
    value: value === undefined ? null : JSON.parse(value),
    ...(error === undefined ? {} : { error }),
    source: SOURCES[source] ?? "code",
  };
}

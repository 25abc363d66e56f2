import { RivuletError } from "@rivulet/domain";
import type { SpanWrite } from "@rivulet/store";
import type { Context } from "../context.ts";
import { parseInput } from "../validation.ts";
import { type FinishedSpan, finishedSpansSchema, type RecordReport } from "./finished-span.ts";
import { asOptionalName, timeOf } from "./given-values.ts";
import type { Sampling } from "./sampling/sampling.ts";
import { finishSpan, SpanDraft } from "./span-draft.ts";
import type { SpanPolicy } from "./span-policy.ts";

/** Takes spans that were recorded elsewhere. See `Traces.record`. */
export type RecordFinished = (spans: readonly FinishedSpan[]) => Promise<RecordReport>;

/** What {@link createRecordFinished} works with. */
export interface RecordFinishedParts {
  readonly policy: SpanPolicy;
  readonly sampling: Sampling;
  /** Called when spans were taken. */
  readonly traceEnded: () => void;
}

/** Makes the {@link RecordFinished} of a client. */
export function createRecordFinished(
  { store, isClosed }: Pick<Context, "store" | "isClosed">,
  { policy, sampling, traceEnded }: RecordFinishedParts,
): RecordFinished {
  /** Checks every span before the first is written: all are recorded, or none. */
  function prepare(given: readonly FinishedSpan[]): readonly SpanWrite[] {
    const experiments = experimentsOf(given);
    const drafts = given
      .filter(({ traceId }) => sampling.isTaken(traceId))
      .map((span) => toDraft({ experimentId: experiments.get(span.traceId), ...span }, policy));
    return drafts.map((draft) => finishSpan(draft, policy));
  }

  return async (given) => {
    if (isClosed()) throw new RivuletError("closed", "The client is closed.");
    const spans = parseInput(finishedSpansSchema, given, "spans");
    const writes = prepare(spans);
    const { recorded, unsampled } = sampling.sink.appendFinished(writes);
    if (recorded > 0) traceEnded();
    // The journal accepts spans before the store is open; if the store cannot be opened, they are lost.
    await store();
    return {
      recorded,
      unsampled: spans.length - writes.length + unsampled,
      dropped: writes.length - recorded - unsampled,
    };
  };
}

/** Trace → the experiment that one of its spans names. */
function experimentsOf(spans: readonly FinishedSpan[]): ReadonlyMap<string, string> {
  return new Map(
    spans.flatMap(({ traceId, experimentId }) =>
      experimentId === undefined ? [] : [[traceId, experimentId] as const],
    ),
  );
}

type WithExperiment = Omit<FinishedSpan, "experimentId"> & {
  readonly experimentId: string | undefined;
};

function toDraft(span: WithExperiment, policy: SpanPolicy): SpanDraft {
  const startTime = timeOf(span.startTime) ?? 0;
  const draft = new SpanDraft(policy, {
    traceId: span.traceId,
    id: span.id,
    parentId: span.parentId,
    experiment: policy.experiment(span.experimentId),
    name: span.name,
    type: span.type ?? "unknown",
    startTime,
  });
  const { record } = draft;
  record.endTime = Math.max(startTime, timeOf(span.endTime) ?? 0);
  record.status = span.status ?? "ok";
  if (span.statusMessage !== undefined) draft.setStatusMessage(span.statusMessage);
  addBodies(draft, span);
  addModel(draft, span);
  draft.patchTrace(span);
  return draft;
}

function addBodies(
  draft: SpanDraft,
  { input, output, attributes, events = [] }: WithExperiment,
): void {
  draft.setInput(input);
  draft.setOutput(output);
  if (attributes !== undefined) draft.addAttributes(attributes);
  for (const event of events) {
    draft.addEvent(event.name, timeOf(event.timestamp) ?? 0, event.attributes);
  }
}

function addModel(draft: SpanDraft, span: WithExperiment): void {
  const { model, provider, usage, cost, firstTokenTime, prompts = [] } = span;
  draft.record.model = asOptionalName(model);
  draft.record.provider = asOptionalName(provider);
  if (usage !== undefined) draft.setUsage(usage);
  if (cost !== undefined) draft.setCost(cost);
  if (firstTokenTime !== undefined) draft.markFirstToken(timeOf(firstTokenTime) ?? 0);
  for (const ref of prompts) draft.linkPrompt(ref);
}

import { RivuletError } from "@rivulet/domain";
import type { SpanWrite } from "@rivulet/store";
import { LRUCache } from "lru-cache";
import type { Context } from "../context.ts";
import { parseInput } from "../validation.ts";
import { type FinishedSpan, finishedSpansSchema, type RecordReport } from "./finished-span.ts";
import { asOptionalName, timeOf } from "./given-values.ts";
import { finishSpan, SpanDraft } from "./span-draft.ts";
import type { SpanPolicy } from "./span-policy.ts";

/** Takes spans that were recorded elsewhere. See `Traces.record`. */
export type RecordFinished = (spans: readonly FinishedSpan[]) => Promise<RecordReport>;

/** Most spans that are remembered because a span below them has usage, in case they arrive after it. */
const MAX_CLAIMED = 50_000;

/** Makes the {@link RecordFinished} of a client. */
export function createRecordFinished(
  { journal, store, isClosed }: Pick<Context, "journal" | "store" | "isClosed">,
  policy: SpanPolicy,
): RecordFinished {
  const claimed = new LRUCache<string, true>({ max: MAX_CLAIMED });

  /** Checks every span before the first is written: all are recorded, or none. */
  function prepare(given: readonly FinishedSpan[]): readonly SpanWrite[] {
    const experiments = experimentsOf(given);
    const drafts = given
      .filter(({ traceId }) => policy.isSampled(traceId))
      .map((span) => toDraft({ experimentId: experiments.get(span.traceId), ...span }, policy));
    noteUsage(drafts, claimed);
    return drafts.map((draft) => finishSpan(draft, policy));
  }

  return async (given) => {
    if (isClosed()) throw new RivuletError("closed", "The client is closed.");
    const spans = parseInput(finishedSpansSchema, given, "spans");
    const writes = prepare(spans);
    const recorded = writes.filter((write) => journal.appendSpan(write)).length;
    // The journal accepts spans before the store is open; if the store cannot be opened, they are lost.
    await store();
    return {
      recorded,
      unsampled: spans.length - writes.length,
      dropped: writes.length - recorded,
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

/**
 * Usage counts on the lowest span that has any. Spans arrive in any order and over several calls, children mostly
 * first: the spans above one with usage are remembered until they arrive.
 */
function noteUsage(drafts: readonly SpanDraft[], claimed: LRUCache<string, true>): void {
  const parents = new Map(drafts.map(({ record }) => [keyOf(record), record.parentId]));

  function claimAbove({ traceId, parentId }: SpanDraft["record"]): void {
    let above = parentId;
    while (above !== undefined) {
      const key = keyOf({ traceId, id: above });
      if (claimed.has(key)) return;
      claimed.set(key, true);
      above = parents.get(key);
    }
  }

  for (const { record } of drafts) {
    const isCounted = record.usage !== undefined || record.cost !== undefined;
    if (isCounted || claimed.has(keyOf(record))) claimAbove(record);
  }
  for (const { record, lineage } of drafts) {
    if (claimed.has(keyOf(record))) lineage.usageBelow = true;
  }
}

function keyOf({ traceId, id }: { readonly traceId: string; readonly id: string }): string {
  return `${traceId}${id}`;
}

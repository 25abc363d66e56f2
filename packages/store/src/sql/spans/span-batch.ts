import { RivuletError } from "@rivulet/domain";
import type { SpanRecord } from "../../port/records.ts";
import { noteError } from "./error-preview.ts";
import type { TraceBlobs } from "./message-blobs.ts";
import { isLate, type KnownSpan, knownOf, mergeSpans } from "./span-merge.ts";
import {
  countSpan,
  noteRecord,
  noteRoot,
  noteTopmost,
  type TraceSummary,
} from "./trace-summary.ts";

/** What a batch is merged into. */
export interface StoredBefore {
  /** Trace of the batch → its summary, which is updated. */
  readonly summaries: ReadonlyMap<string, TraceSummary>;
  /** Key of a span → what is stored of it. */
  readonly spans: ReadonlyMap<string, KnownSpan>;
}

/** What has to be written besides the summaries. */
export interface MergedBatch {
  /** Key of a span → the span. */
  readonly spans: Map<string, KnownSpan>;
  readonly blobs: readonly TraceBlobs[];
  readonly tags: readonly TagWord[];
}

/** A tag that a span sets on its trace. */
export interface TagWord {
  readonly traceId: string;
  readonly key: string;
  readonly value: string;
  /** Set by the root: it replaces an existing one. */
  readonly replaces: boolean;
}

/** Identifies a span. */
export function keyOf({ traceId, id }: Pick<SpanRecord, "traceId" | "id">): string {
  return `${traceId} ${id}`;
}

/** Merges records with what is stored, in the order they came. What they say of their traces is summed up afterwards. */
export function mergeBatch(records: readonly SpanRecord[], before: StoredBefore): MergedBatch {
  const spans = new Map<string, KnownSpan>();
  const blobs: TraceBlobs[] = [];
  const tags: TagWord[] = [];
  for (const record of records) {
    const key = keyOf(record);
    const known = spans.get(key) ?? before.spans.get(key);
    const said = knownOf(record);
    spans.set(key, known === undefined ? said.span : mergeSpans(known, said.span));
    if (said.blobs.size > 0) blobs.push({ traceId: record.traceId, blobs: said.blobs });
    const isOutdated = known !== undefined && isLate(record, known.fields);
    const replaces = record.parentId === undefined && !isOutdated;
    noteRecord(summaryIn(before, record.traceId), record, replaces);
    tags.push(...tagsOf(record, replaces));
  }
  return { spans, blobs, tags };
}

/** Counts the spans in the summaries of their traces, and lets those at the top speak for them. */
export function sumUp(spans: ReadonlyMap<string, KnownSpan>, before: StoredBefore): void {
  for (const [key, span] of spans) {
    const summary = summaryIn(before, span.fields.traceId);
    countSpan(summary, span.fields, before.spans.get(key)?.fields);
    noteError(summary, span.fields);
    if (span.fields.parentId === undefined) noteRoot(summary, span);
    else if (!hasParentIn(spans, span)) noteTopmost(summary, span);
  }
}

/** A span that names itself as its parent has none. */
function hasParentIn(
  spans: ReadonlyMap<string, KnownSpan>,
  { fields: { traceId, id, parentId } }: KnownSpan,
): boolean {
  return parentId !== undefined && parentId !== id && spans.has(keyOf({ traceId, id: parentId }));
}

function summaryIn({ summaries }: StoredBefore, traceId: string): TraceSummary {
  const summary = summaries.get(traceId);
  if (summary === undefined)
    throw new RivuletError("internal", `Trace ${traceId} was not written.`);
  return summary;
}

function tagsOf({ traceId, trace }: SpanRecord, replaces: boolean): readonly TagWord[] {
  const entries = Object.entries(trace?.tags ?? {});
  return entries.map(([key, value]) => ({ traceId, key, value, replaces }));
}

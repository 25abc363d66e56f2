import type {
  JsonObject,
  PromptRef,
  SpanSkeleton,
  SpanStatus,
  TokenUsage,
  Uncounted,
} from "@rivulet/domain";
import { ENTITIES, USAGE_FIELDS } from "@rivulet/domain/entities";
import type { SpanRecord, TraceFacts } from "../../port/records.ts";
import { type RecordRows, recordRows } from "../kit/record-rows.ts";
import { toMicros } from "../values.ts";
import type { KnownSpan, Previews } from "./span-merge.ts";

/** What the store knows about a trace while a batch is merged into it. */
export interface TraceSummary extends Record<keyof TokenUsage, number | undefined> {
  readonly id: string;
  /** From the root; until one has come, from the span that stands in for it. So are name, status, times and previews. */
  experimentId: string;
  name: string;
  status: SpanStatus;
  startTime: number;
  endTime: number | undefined;
  /** The span without a parent; if there are several, the one that started first. */
  rootId: string | undefined;
  /** While there is no root: the topmost span present. Of several, the one that started first. */
  standInId: string | undefined;
  /** What it hangs under. */
  standInParentId: string | undefined;
  sessionId: string | undefined;
  userId: string | undefined;
  runId: string | undefined;
  metadata: JsonObject;
  inputPreview: string | undefined;
  outputPreview: string | undefined;
  /** Of the failed span with the lowest `errorSource`. */
  errorPreview: string | undefined;
  /** `undefined` while unknown, or when nothing failed. */
  errorSource: string | undefined;
  spanCount: number;
  errorCount: number;
  cost: number | undefined;
  judgeTokens: number | undefined;
  judgeCost: number | undefined;
  prompts: readonly PromptRef[];
  /** When anything of it was last written, as far as its spans tell. */
  touchedAt: number;
  /** The first start of a span. */
  firstSpanTime: number;
  /** The last start of a span. */
  lastSpanTime: number;
}

/** The table of traces. */
export const traceRows: RecordRows<TraceSummary> = recordRows(ENTITIES.trace);

/** A trace of which only this record is known. */
export function emptySummary({ traceId, experimentId, name, startTime }: SpanRecord): TraceSummary {
  const known: Partial<TraceSummary> = {
    id: traceId,
    experimentId,
    name,
    status: "in_progress",
    startTime,
    metadata: {},
    spanCount: 0,
    errorCount: 0,
    prompts: [],
    touchedAt: 0,
    firstSpanTime: startTime,
    lastSpanTime: startTime,
  };
  return known as TraceSummary;
}

/** Adds what a record says about its trace. `replaces`: it is the root's, and not outdated. */
export function noteRecord(summary: TraceSummary, record: SpanRecord, replaces: boolean): void {
  const { startTime, endTime = startTime, prompts = [], trace } = record;
  summary.touchedAt = Math.max(summary.touchedAt, endTime);
  for (const ref of prompts) notePrompt(summary, ref);
  if (trace !== undefined) noteFacts(summary, trace, replaces);
}

function notePrompt(summary: TraceSummary, ref: PromptRef): void {
  const isKnown = summary.prompts.some(
    ({ name, version }) => name === ref.name && version === ref.version,
  );
  if (!isKnown) summary.prompts = [...summary.prompts, ref];
}

/** Facts from the root replace existing ones; those from another span only add to them. */
function noteFacts(summary: TraceSummary, facts: TraceFacts, replaces: boolean): void {
  for (const field of ["sessionId", "userId", "runId"] as const) {
    const said = facts[field];
    if (said !== undefined && (replaces || summary[field] === undefined)) summary[field] = said;
  }
  const { metadata = {} } = facts;
  summary.metadata = replaces
    ? { ...summary.metadata, ...metadata }
    : { ...metadata, ...summary.metadata };
}

/** Counts a span as it is now instead of as it was before the batch, so that nothing is counted twice. */
export function countSpan(
  summary: TraceSummary,
  after: SpanSkeleton,
  before: SpanSkeleton | undefined,
): void {
  if (before === undefined) summary.spanCount += 1;
  summary.firstSpanTime = Math.min(summary.firstSpanTime, after.startTime);
  summary.lastSpanTime = Math.max(summary.lastSpanTime, after.startTime);
  summary.errorCount += Number(after.status === "error") - Number(before?.status === "error");
  countUsage(summary, countedIn(after), countedIn(before));
  const [judged, judgedBefore] = [countedIn(after, "judge"), countedIn(before, "judge")];
  const tokens = (judged.usage?.totalTokens ?? 0) - (judgedBefore.usage?.totalTokens ?? 0);
  if (tokens !== 0) summary.judgeTokens = (summary.judgeTokens ?? 0) + tokens;
  summary.judgeCost = added(summary.judgeCost, judged.cost, judgedBefore.cost);
}

type Counted = Pick<SpanSkeleton, "usage" | "cost">;

/** Tokens and cost of a span, if they are of the wanted sum: that of the app, or that of its judges. */
function countedIn(span: SpanSkeleton | undefined, uncounted?: Uncounted): Counted {
  return span === undefined || span.uncounted !== uncounted ? {} : span;
}

function countUsage(summary: TraceSummary, after: Counted, before: Counted): void {
  for (const field of USAGE_FIELDS) {
    const more = (after.usage?.[field] ?? 0) - (before.usage?.[field] ?? 0);
    if (more !== 0) summary[field] = (summary[field] ?? 0) + more;
  }
  summary.cost = added(summary.cost, after.cost, before.cost);
}

function added(
  sum: number | undefined,
  after = Number.NaN,
  before = Number.NaN,
): number | undefined {
  if (Number.isNaN(after) && Number.isNaN(before)) return sum;
  return (sum ?? 0) + ((after || 0) - (before || 0));
}

/** What a root says about its trace. If there are several roots, the one that started first counts. */
export function noteRoot(summary: TraceSummary, { fields, previews }: KnownSpan): void {
  if (!speaksFor(summary, fields)) return;
  const known = summary.rootId === undefined ? {} : previewsOf(summary);
  summary.rootId = fields.id;
  summary.standInId = undefined;
  summary.standInParentId = undefined;
  speak(summary, fields, { ...known, ...previews() });
}

/**
 * What a span says about its trace whose parent is not known: as long as there is no root, the topmost one counts. Of
 * those that may be it, it is the one that started first.
 */
export function noteTopmost(summary: TraceSummary, { fields, previews }: KnownSpan): void {
  if (summary.rootId !== undefined || !standsIn(summary, fields)) return;
  const known = summary.standInId === fields.id ? previewsOf(summary) : {};
  summary.standInId = fields.id;
  summary.standInParentId = fields.parentId;
  speak(summary, fields, { ...known, ...previews() });
}

function speak(summary: TraceSummary, fields: SpanSkeleton, { input, output }: Previews): void {
  summary.experimentId = fields.experimentId;
  summary.name = fields.name;
  summary.status = fields.status;
  summary.startTime = fields.startTime;
  summary.endTime = fields.endTime;
  summary.inputPreview = input;
  summary.outputPreview = output;
}

function previewsOf({ inputPreview, outputPreview }: TraceSummary): Previews {
  return {
    ...(inputPreview === undefined ? {} : { input: inputPreview }),
    ...(outputPreview === undefined ? {} : { output: outputPreview }),
  };
}

function speaksFor(summary: TraceSummary, root: SpanSkeleton): boolean {
  if (summary.rootId === undefined || summary.rootId === root.id) return true;
  return isEarlier(root, { id: summary.rootId, startTime: summary.startTime });
}

function standsIn(summary: TraceSummary, span: SpanSkeleton): boolean {
  const { standInId: id, standInParentId, startTime } = summary;
  if (id === undefined || id === span.id || standInParentId === span.id) return true;
  return span.parentId !== id && isEarlier(span, { id, startTime });
}

type Start = Pick<SpanSkeleton, "id" | "startTime">;

function isEarlier(one: Start, other: Start): boolean {
  const later = toMicros(one.startTime) - toMicros(other.startTime);
  return later < 0 || (later === 0 && one.id < other.id);
}

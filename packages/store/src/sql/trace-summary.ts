import type { JsonObject, PromptRef, SpanSkeleton } from "@rivulet/domain";
import type { SpanRecord, TraceFacts } from "../port/records.ts";
import type { Row, SqlValue } from "./database.ts";
import type { KnownSpan } from "./span-merge.ts";
import { usageColumns, usageValues } from "./span-rows.ts";
import { number, optionalNumber, optionalText, parsed, text, toMicros } from "./values.ts";

/** The columns of `traces` that are written, the key first. */
export const TRACE_COLUMNS: readonly string[] = [
  "id",
  "experiment_id",
  "name",
  "status",
  "start_us",
  "end_us",
  "root_id",
  "session_id",
  "user_id",
  "run_id",
  "metadata",
  "input_preview",
  "output_preview",
  "span_count",
  "error_count",
  ...usageColumns,
  "cost",
  "prompts",
  "touched_us",
];

/** A row of `traces` while a batch is added to it. */
export interface TraceSummary {
  readonly id: string;
  /** Of the root; as long as none has come, of the first span. */
  experimentId: string;
  name: string;
  status: string;
  /** The root's start; as long as none has come, the first of all. */
  startUs: number;
  endUs: number | null;
  /** The span without a parent; of several the one that began first. */
  rootId: string | undefined;
  facts: Pick<TraceFacts, "sessionId" | "userId" | "runId">;
  metadata: JsonObject;
  input: string | null;
  output: string | null;
  spanCount: number;
  errorCount: number;
  readonly usage: (number | null)[];
  cost: number | null;
  readonly prompts: PromptRef[];
  touchedUs: number;
}

/** A trace of which nothing is known but that this record belongs to it. */
export function emptySummary({ traceId, experimentId, name, startTime }: SpanRecord): TraceSummary {
  return {
    id: traceId,
    experimentId,
    name,
    status: "in_progress",
    startUs: toMicros(startTime),
    endUs: null,
    rootId: undefined,
    facts: {},
    metadata: {},
    input: null,
    output: null,
    spanCount: 0,
    errorCount: 0,
    usage: usageColumns.map(() => null),
    cost: null,
    prompts: [],
    touchedUs: 0,
  };
}

/** A row as a summary. */
export function summaryOf(row: Row): TraceSummary {
  return {
    id: text(row, "id"),
    experimentId: text(row, "experiment_id"),
    name: text(row, "name"),
    status: text(row, "status"),
    startUs: number(row, "start_us"),
    endUs: optionalNumber(row, "end_us") ?? null,
    rootId: optionalText(row, "root_id"),
    facts: withoutGaps({
      sessionId: optionalText(row, "session_id"),
      userId: optionalText(row, "user_id"),
      runId: optionalText(row, "run_id"),
    }),
    metadata: parsed(row, "metadata"),
    input: optionalText(row, "input_preview") ?? null,
    output: optionalText(row, "output_preview") ?? null,
    spanCount: number(row, "span_count"),
    errorCount: number(row, "error_count"),
    usage: usageColumns.map((column) => optionalNumber(row, column) ?? null),
    cost: optionalNumber(row, "cost") ?? null,
    prompts: parsed(row, "prompts"),
    touchedUs: number(row, "touched_us"),
  };
}

/** A summary as a row, in the order of {@link TRACE_COLUMNS}. */
export function summaryValues(summary: TraceSummary): readonly SqlValue[] {
  return [
    summary.id,
    summary.experimentId,
    summary.name,
    summary.status,
    summary.startUs,
    summary.endUs,
    summary.rootId ?? null,
    summary.facts.sessionId ?? null,
    summary.facts.userId ?? null,
    summary.facts.runId ?? null,
    JSON.stringify(summary.metadata),
    summary.input,
    summary.output,
    summary.spanCount,
    summary.errorCount,
    ...summary.usage,
    summary.cost,
    JSON.stringify(summary.prompts),
    summary.touchedUs,
  ];
}

/** Adds what one record says of its trace. `replaces`: it is the root's word, and not an outdated one. */
export function noteRecord(summary: TraceSummary, record: SpanRecord, replaces: boolean): void {
  const startUs = toMicros(record.startTime);
  const endUs = record.endTime === undefined ? startUs : toMicros(record.endTime);
  if (summary.rootId === undefined) summary.startUs = Math.min(summary.startUs, startUs);
  summary.touchedUs = Math.max(summary.touchedUs, endUs);
  for (const ref of record.prompts ?? []) notePrompt(summary.prompts, ref);
  if (record.trace !== undefined) noteFacts(summary, record.trace, replaces);
}

function notePrompt(prompts: PromptRef[], ref: PromptRef): void {
  const isKnown = prompts.some(({ name, version }) => name === ref.name && version === ref.version);
  if (!isKnown) prompts.push(ref);
}

/** The root's word replaces what is known, that of another span only adds to it. */
function noteFacts(summary: TraceSummary, facts: TraceFacts, replaces: boolean): void {
  const { sessionId, userId, runId, metadata = {} } = facts;
  const said = withoutGaps({ sessionId, userId, runId });
  summary.facts = replaces ? { ...summary.facts, ...said } : { ...said, ...summary.facts };
  summary.metadata = replaces
    ? { ...summary.metadata, ...metadata }
    : { ...metadata, ...summary.metadata };
}

function withoutGaps<T extends object>(
  fields: {
    [K in keyof T]: T[K] | undefined;
  },
): Partial<T> {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Partial<T>;
}

/** Counts a span as it is now, instead of as it was before the batch: nothing is counted twice. */
export function countSpan(
  summary: TraceSummary,
  after: SpanSkeleton,
  before: SpanSkeleton | undefined,
): void {
  if (before === undefined) summary.spanCount += 1;
  summary.errorCount += Number(after.status === "error") - Number(before?.status === "error");
  const tokensBefore = usageValues(before?.usage);
  usageValues(after.usage).forEach((tokens, index) => {
    const added = Number(tokens) - Number(tokensBefore[index]);
    if (added !== 0) summary.usage[index] = Number(summary.usage[index]) + added;
  });
  if (after.cost !== undefined || before?.cost !== undefined) {
    summary.cost = Number(summary.cost) + ((after.cost ?? 0) - (before?.cost ?? 0));
  }
}

/** What a root says of its trace. Of several roots the one that began first speaks. */
export function noteRoot(summary: TraceSummary, { fields, previews }: KnownSpan): void {
  const startUs = toMicros(fields.startTime);
  const speaks =
    summary.rootId === undefined ||
    summary.rootId === fields.id ||
    startUs < summary.startUs ||
    (startUs === summary.startUs && fields.id < summary.rootId);
  if (!speaks) return;
  summary.rootId = fields.id;
  summary.experimentId = fields.experimentId;
  summary.name = fields.name;
  summary.status = fields.status;
  summary.startUs = startUs;
  summary.endUs = fields.endTime === undefined ? null : toMicros(fields.endTime);
  summary.input = previews.input ?? summary.input;
  summary.output = previews.output ?? summary.output;
}

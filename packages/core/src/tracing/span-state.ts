import type { JsonObject, PromptRef, SpanStatus, SpanType, TokenUsage } from "@rivulet/domain";
import { LIMITS } from "@rivulet/domain";
import type { SpanEventWrite, SpanWrite, TraceFacts } from "@rivulet/store";
import { createEncoder, type JsonText, mergeObjects, NO_FIELDS } from "@rivulet/store";
import type { ExperimentRef } from "./experiment-refs.ts";
import { fitToSize } from "./fit-size.ts";
import type { Lineage } from "./lineage.ts";
import type { ModelPrice } from "./prices.ts";
import { costOf } from "./usage.ts";

/** What a span knows of itself so far. */
export interface SpanState {
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | undefined;
  readonly lineage: Lineage;
  readonly experiment: ExperimentRef;
  readonly type: SpanType;
  readonly startTime: number;
  name: string;
  status: SpanStatus;
  statusMessage: string | undefined;
  endTime: number | undefined;
  input: JsonText | undefined;
  output: JsonText | undefined;
  attributes: JsonText | undefined;
  events: SpanEventWrite[] | undefined;
  /** How many of each were left out, because the span, or its trace, holds enough. */
  readonly dropped: Record<"attributes" | "events" | "tags", number>;
  usage: TokenUsage | undefined;
  cost: number | undefined;
  model: string | undefined;
  provider: string | undefined;
  timeToFirstTokenMs: number | undefined;
  prompts: PromptRef[] | undefined;
  trace: TraceFacts | undefined;
  /** Characters of all attributes that were set, and of those of the events. */
  held: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Up to this many characters a span is within its limit, whatever its characters are. */
const SURELY_SMALL = LIMITS.spanBytes / 6;
const encode = createEncoder({ maskSecrets: false });

/** The record of a span as it stands, within the size limit. */
export function toSpanWrite(
  state: SpanState,
  price: (model: string) => ModelPrice | undefined,
): SpanWrite {
  const span = toSpan(state);
  addModel(span, state, price);
  span.attributes = mergeObjects(state.attributes ?? NO_FIELDS, countsOf(state));
  if (sizeOf(state) > SURELY_SMALL) fitBodies(span);
  return span;
}

function countsOf({ dropped: { attributes, events, tags } }: SpanState): JsonText {
  if (attributes + events + tags === 0) return NO_FIELDS;
  const counts = {
    "rivulet.droppedAttributes": attributes,
    "rivulet.droppedEvents": events,
    "rivulet.droppedTags": tags,
  };
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return encode(Object.fromEntries(some), "") ?? NO_FIELDS;
}

function sizeOf({ input, output, held }: SpanState): number {
  return (input?.size ?? 0) + (output?.size ?? 0) + held;
}

function toSpan(state: SpanState): Mutable<SpanWrite> {
  const span: Mutable<SpanWrite> = {
    traceId: state.traceId,
    id: state.id,
    experimentId: state.experiment.id,
    name: state.name,
    type: state.type,
    status: state.status,
    startTime: state.startTime,
    attributes: state.attributes ?? NO_FIELDS,
    events: state.events ?? [],
  };
  if (state.experiment.name !== undefined) span.experimentName = state.experiment.name;
  if (state.trace !== undefined) span.trace = state.trace;
  if (state.parentId !== undefined) span.parentId = state.parentId;
  if (state.endTime !== undefined) span.endTime = state.endTime;
  if (state.statusMessage !== undefined) span.statusMessage = state.statusMessage;
  if (state.input !== undefined) span.input = state.input;
  if (state.output !== undefined) span.output = state.output;
  if (state.prompts !== undefined) span.prompts = state.prompts;
  return span;
}

function addModel(
  span: Mutable<SpanWrite>,
  state: SpanState,
  price: (model: string) => ModelPrice | undefined,
): void {
  if (state.model !== undefined) span.model = state.model;
  if (state.provider !== undefined) span.provider = state.provider;
  if (state.timeToFirstTokenMs !== undefined) span.timeToFirstTokenMs = state.timeToFirstTokenMs;
  if (state.lineage.usageBelow) return;
  if (state.usage !== undefined) span.usage = state.usage;
  const cost = state.cost ?? listCost(state, price);
  if (cost !== undefined) span.cost = cost;
}

function listCost(
  { model, usage }: SpanState,
  price: (model: string) => ModelPrice | undefined,
): number | undefined {
  if (model === undefined || usage === undefined) return undefined;
  const found = price(model);
  return found === undefined ? undefined : costOf(usage, found);
}

function fitBodies(span: Mutable<SpanWrite>): void {
  const { input, output, attributes, events } = span;
  const bodies = encode({ input, output, attributes, events }, "")?.parse() as JsonObject;
  const fitted = fitToSize(bodies, LIMITS.spanBytes);
  if (fitted === bodies) return;
  if (typeof fitted === "object") {
    Object.assign(span, fitted);
    return;
  }
  delete span.input;
  delete span.output;
  Object.assign(span, { attributes: { "rivulet.leftOut": fitted }, events: [] });
}

import { FEE_TYPES, type JsonObject, LIMITS, type PromptRef, type SpanType } from "@rivulet/domain";
import {
  type AttachmentFacts,
  createEncoder,
  cutText,
  type JsonText,
  mergeObjects,
  NO_FIELDS,
  type SpanEventWrite,
  type SpanWrite,
} from "@rivulet/store";
import { MASKED_WHOLE } from "../masking/masking.ts";
import { fitToSize, isWithin } from "./fit-size.ts";
import { asName, asText, isNothing, roundToMicroseconds } from "./given-values.ts";
import { costOf } from "./prices/cost.ts";
import type { ExperimentRef, SpanPolicy } from "./span-policy.ts";
import { mergeTrace } from "./trace-patch.ts";
import type { ActiveSpan, SpanParent, TracePatch } from "./tracing.ts";
import { isTokenCount, normalizeUsage } from "./usage.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Where a span stands, and what it starts as. */
export interface SpanStart {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string | undefined;
  /** The line of spans above it, as far as it is known here. */
  readonly above?: Lineage | undefined;
  /** The span above it, when that is of another kind. */
  readonly under?: SpanParent | undefined;
  readonly experiment: ExperimentRef;
  readonly name: unknown;
  readonly type: SpanType;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
}

type TraceTexts = { readonly [K in "sessionId" | "userId" | "tags"]: TracePatch[K] | undefined };

/** A span of at most this many characters is within the limit in any encoding. */
const SURELY_SMALL = LIMITS.spanBytes / 3;
/** What it encodes is already masked and bounded. */
const encode = createEncoder({ maskSecrets: false, maxNodes: Number.POSITIVE_INFINITY });
const MAX_EVENTS = 1_000;
const MAX_PROMPTS = 100;
const MAX_FILES = 1_000;
/** What a span may hold in memory before more is refused. */
const MAX_HELD = LIMITS.spanBytes * 2;

/**
 * A span's record in the making, of a span that runs here as of one that was recorded elsewhere. What is put in is
 * masked and serialised at once, because callers change their objects later; `finishSpan` makes the record of it.
 */
export class SpanDraft {
  readonly record: Mutable<SpanWrite> & { readonly startTime: number };
  readonly lineage: Lineage;
  readonly experiment: ExperimentRef;
  /** How many of each were left out, because the span, or its trace, holds enough. */
  readonly dropped: Record<"attributes" | "events" | "tags", number> = {
    attributes: 0,
    events: 0,
    tags: 0,
  };
  attributes: JsonText = NO_FIELDS;
  readonly #policy: SpanPolicy;
  readonly #events: SpanEventWrite[] = [];
  /** Characters of the attributes of all events. */
  #eventsSize = 0;

  constructor(policy: SpanPolicy, start: SpanStart) {
    const { traceId, id, parentId, above: parent, experiment, name, type, startTime } = start;
    this.#policy = policy;
    this.experiment = experiment;
    this.lineage = {
      id,
      parent,
      under: start.under,
      usageBelow: false,
      judge: parent?.judge === true || type === "evaluator",
      lastNews: startTime,
      sessionId: undefined,
      ended: false,
    };
    this.record = {
      traceId,
      id,
      parentId,
      experimentId: experiment.id,
      experimentName: experiment.name,
      name: asName(policy.masking.name(asText(name))),
      type,
      status: "in_progress",
      statusMessage: undefined,
      startTime,
      endTime: undefined,
      input: undefined,
      output: undefined,
      attributes: NO_FIELDS,
      events: this.#events,
      usage: undefined,
      cost: undefined,
      model: undefined,
      provider: undefined,
      timeToFirstTokenMs: undefined,
      prompts: undefined,
      trace: undefined,
      attachments: undefined,
    };
  }

  /** Characters of all attributes, and of those of the events. */
  get held(): number {
    return this.attributes.size + this.#eventsSize;
  }

  setName(name: string): void {
    this.record.name = asName(this.#policy.masking.name(name));
  }

  setInput(input: unknown): void {
    this.record.input = this.#encode(input, "input");
  }

  setOutput(output: unknown): void {
    this.record.output = this.#encode(output, "output");
  }

  addAttributes(attributes: object): void {
    if (this.held > MAX_HELD) this.dropped.attributes += Object.keys(attributes).length;
    else this.attributes = mergeObjects(this.attributes, this.#encodeFields(attributes));
  }

  addEvent(name: string, timestamp: number, attributes?: object): void {
    if (this.#events.length >= MAX_EVENTS || this.held > MAX_HELD) this.dropped.events += 1;
    else this.#pushEvent(name, timestamp, attributes);
  }

  /** A failure is worth an event, however many there are. */
  addException(timestamp: number, attributes: object): void {
    this.#pushEvent("exception", timestamp, attributes);
  }

  setUsage(usage: object): void {
    this.record.usage = normalizeUsage(usage);
    claimUsage(this.lineage);
  }

  setCost(cost: number): void {
    this.record.cost = cost;
    if (!FEE_TYPES.has(this.record.type)) claimUsage(this.lineage);
  }

  /** The first output token came. Only the first such word counts. */
  markFirstToken(time: number): void {
    const elapsed = roundToMicroseconds(time - this.record.startTime);
    this.record.timeToFirstTokenMs ??= Math.max(0, elapsed);
  }

  linkPrompt({ name, version, alias }: PromptRef): void {
    const { prompts = [] } = this.record;
    const isKnown = prompts.some((known) => known.name === name && known.version === version);
    if (isKnown || prompts.length >= MAX_PROMPTS) return;
    const ref = { name: asName(name), version };
    this.record.prompts = [
      ...prompts,
      alias === undefined ? ref : { ...ref, alias: asName(alias) },
    ];
  }

  patchTrace({ sessionId, userId, runId, tags, metadata }: TracePatch): void {
    if ((sessionId ?? userId ?? runId ?? tags ?? metadata) === undefined) return;
    const encoded = isNothing(metadata) ? undefined : this.#encodeFields(metadata);
    const said = encoded && { metadata: encoded.parse() as JsonObject };
    const patch = { ...this.#maskTrace({ sessionId, userId, tags }), runId, ...said };
    const { trace, droppedTags } = mergeTrace(this.record.trace, patch);
    this.record.trace = trace;
    this.dropped.tags += droppedTags;
    if (trace.sessionId !== undefined) firstOf(this.lineage).sessionId = trace.sessionId;
  }

  #maskTrace({ sessionId, userId, tags }: TraceTexts): TraceTexts {
    const { masking } = this.#policy;
    return {
      sessionId: sessionId === undefined ? undefined : masking.id(asText(sessionId), "sessionId"),
      userId: userId === undefined ? undefined : masking.id(asText(userId), "userId"),
      tags: tags && masking.map(tags),
    };
  }

  setStatusMessage(message: string): void {
    // Cut first, half a secret would not be known as one.
    const masked = this.#encode(message, "statusMessage")?.parse() ?? "";
    const said = typeof masked === "string" ? masked : JSON.stringify(masked);
    this.record.statusMessage = said === "" ? undefined : cutText(said, LIMITS.preview);
  }

  #pushEvent(name: string, timestamp: number, given: object | undefined): void {
    const event = { name: asName(this.#policy.masking.name(asText(name))), timestamp };
    const attributes = given === undefined ? undefined : this.#encodeFields(given);
    this.#eventsSize += attributes?.size ?? 0;
    this.#events.push(attributes === undefined ? event : { ...event, attributes });
  }

  /** Notes the files of the value, which must not be held in memory for as long as the span is open. */
  #encode(value: unknown, key: string): JsonText | undefined {
    const encoded = this.#policy.encode(value, key);
    for (const { content, ...facts } of encoded?.takeFiles() ?? []) {
      this.#policy.keepFile({ hash: facts.hash, content }, this.record.traceId);
      this.#noteFile(facts);
    }
    return encoded;
  }

  #noteFile(facts: AttachmentFacts): void {
    const { attachments = [] } = this.record;
    const isNoted = attachments.some(({ hash }) => hash === facts.hash);
    if (isNoted || attachments.length >= MAX_FILES) return;
    const { name } = facts;
    const named = name === undefined ? facts : { ...facts, name: this.#policy.masking.name(name) };
    this.record.attachments = [...attachments, named];
  }

  #encodeFields(value: object): JsonText {
    const encoded = this.#encode(value, "attributes");
    if (encoded === undefined || encoded.keys !== undefined) return encoded ?? NO_FIELDS;
    // The mask has replaced all of it.
    const said = encoded.parse();
    return typeof said === "string"
      ? (encode({ [MASKED_WHOLE]: said }, "") ?? NO_FIELDS)
      : NO_FIELDS;
  }
}

/**
 * The only way into the journal: turns a draft into the span's record. The draft's values were masked as they arrived;
 * what follows from them is added here (usage, unless a span below has it, its cost, and counts of what was dropped),
 * and the record is cut to the size limit of a span.
 */
export function finishSpan(draft: SpanDraft, policy: SpanPolicy): SpanWrite {
  const { record, lineage } = draft;
  const counted = lineage.usageBelow
    ? { usage: undefined, cost: undefined }
    : { usage: record.usage, cost: record.cost ?? listCost(draft, policy) };
  const span: Mutable<SpanWrite> = {
    ...record,
    ...counted,
    attributes: mergeObjects(draft.attributes, countsOf(draft)),
  };
  const isCounted = counted.usage !== undefined || counted.cost !== undefined;
  if (lineage.judge && isCounted) span.uncounted = "judge";
  return isSmall(draft) ? span : { ...span, ...fitBodies(span) };
}

/** What a cache answered costs nothing; the rest what the list says. */
function listCost({ record, attributes }: SpanDraft, { price }: SpanPolicy): number | undefined {
  if (fieldIn(attributes, "cached") === true) return 0;
  const { model, provider, usage } = record;
  if (model === undefined || usage === undefined) return undefined;
  const found = price(model, provider);
  if (found === undefined) return undefined;
  const tier = fieldIn(attributes, "serviceTier");
  return costOf(usage, found, {
    startTime: record.startTime,
    serviceTier: typeof tier === "string" ? tier : undefined,
    webSearches: countIn(attributes, "webSearches"),
    fileSearches: countIn(attributes, "fileSearches"),
  });
}

function countIn(fields: JsonText, name: string): number | undefined {
  const value = fieldIn(fields, name);
  return isTokenCount(value) ? value : undefined;
}

function fieldIn(fields: JsonText, name: string): unknown {
  const place = fields.keys?.indexOf(name) ?? -1;
  if (place < 0) return undefined;
  const text = fields.values?.[place];
  return text === undefined ? (fields.parse() as JsonObject)[name] : JSON.parse(text);
}

function countsOf({ dropped: { attributes, events, tags } }: SpanDraft): JsonText {
  if (attributes + events + tags === 0) return NO_FIELDS;
  const counts = {
    "rivulet.droppedAttributes": attributes,
    "rivulet.droppedEvents": events,
    "rivulet.droppedTags": tags,
  };
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return encode(Object.fromEntries(some), "") ?? NO_FIELDS;
}

function isSmall({ record, held }: SpanDraft): boolean {
  return sizeOf(record.input) + sizeOf(record.output) + held <= SURELY_SMALL;
}

function sizeOf(body: SpanWrite["input"]): number {
  return (body as JsonText | undefined)?.size ?? 0;
}

type Bodies = Pick<SpanWrite, "input" | "output" | "attributes" | "events">;

/** The bodies, cut to the limit together: each fits by itself, but all of them may not. */
function fitBodies({ input, output, attributes, events }: SpanWrite): Partial<Bodies> {
  const whole = encode({ input, output, attributes, events }, "");
  if (whole === undefined || isWithin(whole, LIMITS.spanBytes)) return {};
  const fitted = fitToSize(whole.parse(), LIMITS.spanBytes);
  if (fitted?.keys !== undefined) return fitted.parse() as Partial<Bodies>;
  return {
    input: undefined,
    output: undefined,
    attributes: { "rivulet.leftOut": fitted?.parse() ?? null },
    events: [],
  };
}

/** The line of spans above one, without their bodies: these must not live as long as the deepest child. */
export interface Lineage {
  /** Id of the span. */
  readonly id: string;
  readonly parent: Lineage | undefined;
  /** What the first of the line hangs under, when that is a span of another kind. */
  readonly under: SpanParent | undefined;
  /** A span further down has usage, so this one's would be counted twice. */
  usageBelow: boolean;
  /** It is a scorer's span, or below one: its usage is not the app's. */
  judge: boolean;
  /** When something was last heard of the span, in milliseconds since the epoch. */
  lastNews: number;
  /** Whether the span has ended. */
  ended: boolean;
  /** Session of the trace; kept by the first of the line. */
  sessionId: string | undefined;
}

/** The first of the line: the root, as far as this process knows. */
export function firstOf(lineage: Lineage): Lineage {
  let first = lineage;
  while (first.parent !== undefined) first = first.parent;
  return first;
}

/** A span has usage: those above it do not count theirs. What a scorer's models use is not that of what is scored. */
function claimUsage(lineage: Lineage): void {
  const { judge } = lineage;
  for (
    let { parent } = lineage;
    parent !== undefined && !parent.usageBelow && parent.judge === judge;
    { parent } = parent
  ) {
    parent.usageBelow = true;
  }
}

/** News of a span are news of all above it: a parent waits, it is not left. */
export function tellAbove({ parent: first, lastNews }: Lineage): void {
  for (let parent = first; parent !== undefined; { parent } = parent) {
    if (parent.lastNews < lastNews) parent.lastNews = lastNews;
  }
}

/** Whether a span is in the line, or above it. */
export function isInLine(lineage: Lineage, other: SpanParent): boolean {
  const { id } = other;
  let line: Lineage | undefined = lineage;
  let first = lineage;
  while (line !== undefined && line.id !== id) {
    first = line;
    line = line.parent;
  }
  if (line !== undefined) return true;
  const under: (SpanParent & Partial<ActiveSpan>) | undefined = first.under;
  return under !== undefined && (under.id === id || under.isWithin?.(other) === true);
}

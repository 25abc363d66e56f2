import type { JsonObject, JsonValue } from "../domain/json.ts";
import { LIMITS } from "../domain/limits.ts";
import type { PromptRef } from "../domain/prompt.ts";
import type { Span, SpanEvent, SpanStatus, SpanType, TokenUsage } from "../domain/trace.ts";
import type { SpanWrite, TraceWrite } from "../store/store.ts";
import { describeFailure } from "./describe-failure.ts";
import type { ExperimentRef } from "./experiment-refs.ts";
import { cutText, fitToSize } from "./fit-size.ts";
import type { ModelPrice } from "./prices.ts";
import { mergeTrace } from "./trace-patch.ts";
import type { ActiveSpan, EndSpanOptions, SpanParent, TracePatch } from "./tracing.ts";
import { costOf, normalizeUsage } from "./usage.ts";

/** What a span needs of its client. */
export interface SpanServices {
  /** Milliseconds since the epoch, in whole microseconds. */
  readonly now: () => number;
  /** Makes a value fit for the store; with `share` it may keep references to the original. */
  readonly clean: (value: unknown, key: string, share: boolean) => JsonValue | undefined;
  /** Characters of what `clean` returned last. */
  readonly cleanedSize: () => number;
  readonly price: (model: string) => ModelPrice | undefined;
  /** The span has ended, or was ended again with an error. */
  readonly closed: (span: RecordedSpan) => void;
}

/** What a {@link RecordedSpan} starts as. */
export interface SpanSeed {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string;
  /** The line of spans above it, when they are recorded here. */
  readonly above?: Lineage | undefined;
  readonly experiment: ExperimentRef;
  readonly name: string;
  readonly type: SpanType;
  /** @default now */
  readonly startTime?: number | undefined;
}

/** The line of spans above one, without their bodies: these must not live as long as the deepest child. */
export interface Lineage {
  /** Id of the span. */
  readonly id: string;
  readonly parent: Lineage | undefined;
  /** A span further down has usage, so this one's would be counted twice. */
  usageBelow: boolean;
  /** Watchdog rounds since the last news. */
  idleRounds: number;
}

const MAX_EVENTS = 1_000;
const MAX_PROMPTS = 100;
/** Up to this many characters a span is within its limit whatever its characters are. */
const SURELY_SMALL = LIMITS.spanBytes / 6;
/** What a span may hold in memory before more is refused. */
const MAX_HELD = LIMITS.spanBytes * 8;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A span that is recorded. This is a class, because thirteen closures per span would cost more than the
 * rest of the record.
 */
export class RecordedSpan implements ActiveSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | undefined;
  readonly sampled = true;
  readonly type: SpanType;
  readonly startTime: number;
  readonly experiment: ExperimentRef;
  readonly lineage: Lineage;
  name: string;
  ended = false;
  hasOutput = false;
  readonly #services: SpanServices;
  #endTime: number | undefined;
  #status: SpanStatus = "in_progress";
  #statusMessage: string | undefined;
  #input: JsonValue | undefined;
  #output: JsonValue | undefined;
  #attributes: Record<string, JsonValue> | undefined;
  #events: SpanEvent[] | undefined;
  #droppedEvents = 0;
  #reopened = false;
  #usage: TokenUsage | undefined;
  #cost: number | undefined;
  #model: string | undefined;
  #provider: string | undefined;
  #timeToFirstTokenMs: number | undefined;
  #prompts: PromptRef[] | undefined;
  #trace: TraceWrite | undefined;
  #inputSize = 0;
  #outputSize = 0;
  #otherSize = 0;

  constructor(services: SpanServices, seed: SpanSeed) {
    this.#services = services;
    this.traceId = seed.traceId;
    this.id = seed.id;
    this.parentId = seed.parentId;
    this.experiment = seed.experiment;
    this.name = cutText(String(seed.name), LIMITS.name);
    this.type = seed.type;
    const { startTime } = seed;
    this.startTime = startTime === undefined ? services.now() : roundToMicroseconds(startTime);
    this.lineage = { id: seed.id, parent: seed.above, usageBelow: false, idleRounds: 0 };
  }

  get experimentId(): string {
    return this.experiment.id ?? this.experiment.nameOrId;
  }

  isWithin(other: SpanParent): boolean {
    let line: Lineage | undefined = this.lineage;
    while (line !== undefined && line.id !== other.id) line = line.parent;
    return line !== undefined;
  }

  setName(name: string): void {
    if (this.#isOpen()) this.name = cutText(String(name), LIMITS.name);
  }

  setInput(input: unknown): void {
    if (!this.#isOpen()) return;
    this.#input = this.#services.clean(input, "input", false);
    this.#inputSize = this.#services.cleanedSize();
  }

  setOutput(output: unknown): void {
    if (this.#isOpen()) this.#keepOutput(output, false);
  }

  setAttributes(attributes: Readonly<Record<string, unknown>>): void {
    if (!this.#isOpen() || this.#otherSize > MAX_HELD) return;
    const added = this.#services.clean(attributes, "attributes", false);
    if (typeof added !== "object" || added === null) return;
    this.#otherSize += this.#services.cleanedSize();
    const own = added as Record<string, JsonValue>;
    this.#attributes = this.#attributes === undefined ? own : { ...this.#attributes, ...own };
  }

  addEvent(name: string, attributes?: Readonly<Record<string, unknown>>): void {
    if (!this.#isOpen()) return;
    this.#events ??= [];
    if (this.#events.length >= MAX_EVENTS || this.#otherSize > MAX_HELD) {
      this.#droppedEvents++;
      return;
    }
    const event = { name: cutText(String(name), LIMITS.name), timestamp: this.#services.now() };
    this.#events.push(
      attributes === undefined ? event : { ...event, attributes: this.#cleanObject(attributes) },
    );
  }

  setUsage(usage: TokenUsage): void {
    if (!this.#isOpen()) return;
    this.#usage = normalizeUsage(usage);
    this.#claimUsage();
  }

  setModel(model: string, provider?: string): void {
    if (!this.#isOpen()) return;
    this.#model = model;
    if (provider !== undefined) this.#provider = provider;
  }

  setProvider(provider: string): void {
    if (this.#isOpen()) this.#provider = provider;
  }

  setCost(cost: number): void {
    if (!this.#isOpen() || !Number.isFinite(cost)) return;
    this.#cost = cost;
    this.#claimUsage();
  }

  markFirstToken(time?: number): void {
    if (!this.#isOpen() || this.#timeToFirstTokenMs !== undefined) return;
    const elapsed = (time ?? this.#services.now()) - this.startTime;
    this.#timeToFirstTokenMs = Math.max(0, roundToMicroseconds(elapsed));
  }

  linkPrompt(ref: PromptRef): void {
    if (!this.#isOpen()) return;
    this.#prompts ??= [];
    const known = this.#prompts.some(
      ({ name, version }) => name === ref.name && version === ref.version,
    );
    if (known || this.#prompts.length >= MAX_PROMPTS) return;
    const { name, version, alias } = ref;
    this.#prompts.push(alias === undefined ? { name, version } : { name, version, alias });
  }

  setTrace(patch: TracePatch): void {
    if (!this.#isOpen()) return;
    const { metadata, ...rest } = patch;
    this.#trace = mergeTrace(this.#trace, {
      ...rest,
      ...(metadata === undefined ? {} : { metadata: this.#cleanObject(metadata) }),
    });
  }

  end(options: EndSpanOptions = {}): void {
    const { error } = options;
    if (this.ended && !this.#reopens(error)) return;
    if (options.output !== undefined) {
      this.#keepOutput(options.output, this.experiment.id !== undefined);
    }
    const endTime = options.endTime ?? this.#services.now();
    this.#endTime = Math.max(this.startTime, this.#endTime ?? 0, roundToMicroseconds(endTime));
    if (error !== undefined) this.#fail(error);
    else this.#status = "ok";
    if (options.status !== undefined) this.#status = options.status;
    if (options.statusMessage !== undefined) this.#setMessage(options.statusMessage);
    // Who left may come back: then the end that follows is the one that counts.
    this.ended = options.status !== "abandoned";
    this.#services.closed(this);
  }

  /** Writes the span as left by its consumer. When an end comes after all, that one counts. */
  abandon(): void {
    this.#status = "abandoned";
    this.#statusMessage = "No news for too long.";
    this.#endTime = this.#services.now();
    this.#services.closed(this);
  }

  /** The record as it stands. */
  toWrite(): SpanWrite {
    const span = this.#toSpan();
    return this.#trace === undefined ? { span } : { span, trace: this.#trace };
  }

  /** An error that comes after the end still counts, once. */
  #reopens(error: unknown): boolean {
    if (error === undefined || this.#status === "error" || this.#reopened) return false;
    this.#reopened = true;
    return true;
  }

  #isOpen(): boolean {
    this.lineage.idleRounds = 0;
    return !this.ended;
  }

  #keepOutput(output: unknown, share: boolean): void {
    this.#output = this.#services.clean(output, "output", share);
    this.#outputSize = this.#services.cleanedSize();
    this.hasOutput = output !== undefined;
  }

  #cleanObject(value: object): JsonObject {
    const cleaned = this.#services.clean(value, "attributes", false);
    this.#otherSize += this.#services.cleanedSize();
    return typeof cleaned === "object" && cleaned !== null ? (cleaned as JsonObject) : {};
  }

  #fail(error: unknown): void {
    const failure = describeFailure(error);
    this.#status = failure.status;
    this.#setMessage(failure.message);
    this.#events ??= [];
    this.#events.push({
      name: "exception",
      timestamp: this.#endTime ?? this.#services.now(),
      attributes: this.#cleanObject(failure.attributes),
    });
  }

  #setMessage(message: string): void {
    const cleaned = this.#services.clean(cutText(message, LIMITS.preview), "statusMessage", true);
    this.#statusMessage = String(cleaned);
  }

  #claimUsage(): void {
    let above = this.lineage.parent;
    while (above !== undefined && !above.usageBelow) {
      above.usageBelow = true;
      above = above.parent;
    }
  }

  #toSpan(): Mutable<Span> {
    const span: Mutable<Span> = {
      traceId: this.traceId,
      id: this.id,
      experimentId: this.experimentId,
      name: this.name,
      type: this.type,
      status: this.#status,
      startTime: this.startTime,
      attributes: this.#attributes ?? {},
      events: this.#events ?? [],
    };
    if (this.parentId !== undefined) span.parentId = this.parentId;
    if (this.#endTime !== undefined) span.endTime = this.#endTime;
    if (this.#statusMessage !== undefined) span.statusMessage = this.#statusMessage;
    if (this.#input !== undefined) span.input = this.#input;
    if (this.#output !== undefined) span.output = this.#output;
    if (this.#prompts !== undefined) span.prompts = this.#prompts;
    this.#addModel(span);
    if (this.#droppedEvents > 0) {
      span.attributes = { ...span.attributes, "rivulet.droppedEvents": this.#droppedEvents };
    }
    if (this.#inputSize + this.#outputSize + this.#otherSize > SURELY_SMALL) fitBodies(span);
    return span;
  }

  #addModel(span: Mutable<Span>): void {
    if (this.#model !== undefined) span.model = this.#model;
    if (this.#provider !== undefined) span.provider = this.#provider;
    if (this.#timeToFirstTokenMs !== undefined) span.timeToFirstTokenMs = this.#timeToFirstTokenMs;
    if (this.lineage.usageBelow) return;
    if (this.#usage !== undefined) span.usage = this.#usage;
    const cost = this.#cost ?? this.#listCost();
    if (cost !== undefined) span.cost = cost;
  }

  #listCost(): number | undefined {
    if (this.#model === undefined || this.#usage === undefined) return undefined;
    const price = this.#services.price(this.#model);
    return price === undefined ? undefined : costOf(this.#usage, price);
  }
}

/** Times are kept to the microsecond: finer digits are noise of the floating point. */
export function roundToMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}

function fitBodies(span: Mutable<Span>): void {
  const { input, output, attributes, events } = span;
  const bodies = { input, output, attributes, events } as unknown as JsonObject;
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

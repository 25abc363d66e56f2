import type { JsonObject, PromptRef, SpanType, TokenUsage } from "@rivulet/domain";
import { LIMITS } from "@rivulet/domain";
import type { Encode, SpanWrite } from "@rivulet/store";
import { type JsonText, mergeObjects, NO_FIELDS } from "@rivulet/store";
import { asName, asOptionalName, asText } from "./as-text.ts";
import { describeFailure } from "./describe-failure.ts";
import type { ExperimentRef } from "./experiment-refs.ts";
import { cutText } from "./fit-size.ts";
import { claimUsage, firstOf, type Lineage } from "./lineage.ts";
import type { ModelPrice } from "./prices.ts";
import type { SpanLinks } from "./span-list.ts";
import { type SpanSeed, startState } from "./span-seed.ts";
import { type SpanState, toSpanWrite } from "./span-state.ts";
import { roundToMicroseconds, timeOf } from "./span-time.ts";
import { mergeTrace } from "./trace-patch.ts";
import type { ActiveSpan, EndSpanOptions, SpanParent, TracePatch } from "./tracing.ts";
import { normalizeUsage } from "./usage.ts";

/** What a span needs of its client. */
export interface SpanServices {
  /** Milliseconds since the epoch, in whole microseconds. */
  readonly now: () => number;
  /** Makes JSON text of a value, without what must not be stored. */
  readonly encode: Encode;
  readonly price: (model: string) => ModelPrice | undefined;
  /** The span has ended, or was ended again with an error. */
  readonly closed: (span: RecordedSpan) => void;
  /** Told of what a span cannot take. */
  readonly reportError: (error: unknown) => void;
}

const MAX_EVENTS = 1_000;
const MAX_PROMPTS = 100;
/** What a span may hold in memory before more is refused. */
const MAX_HELD = LIMITS.spanBytes * 8;

/** The methods that take values of the app. */
const RECORDING = [
  "setName",
  "setInput",
  "setOutput",
  "setAttributes",
  "addEvent",
  "setUsage",
  "setModel",
  "setCost",
  "markFirstToken",
  "linkPrompt",
  "setTrace",
] as const satisfies readonly (keyof RecordedSpan)[];

/**
 * A span that is recorded. This is a class, because a closure per method and span would cost more than the
 * rest of the record.
 */
export class RecordedSpan implements ActiveSpan {
  readonly traceId: string;
  readonly id: string;
  readonly sampled = true;
  ended = false;
  /** It was written while in progress. */
  announced = false;
  readonly links: SpanLinks = { older: undefined, newer: undefined, listed: false };
  readonly #services: SpanServices;
  readonly #state: SpanState;
  #reopened = false;

  static {
    // Nothing that is recorded may hurt the app: what cannot be looked at, such as a revoked proxy, is reported.
    for (const name of RECORDING) {
      const record = RecordedSpan.prototype[name] as (...given: unknown[]) => void;
      const value = function (this: RecordedSpan, ...given: unknown[]): void {
        try {
          record.apply(this, given);
        } catch (error) {
          this.#services.reportError(error);
        }
      };
      Object.defineProperty(RecordedSpan.prototype, name, { value });
    }
  }

  constructor(services: SpanServices, seed: SpanSeed) {
    this.traceId = seed.traceId;
    this.id = seed.id;
    this.#services = services;
    this.#state = startState(seed, services.now);
  }

  get parentId(): string | undefined {
    return this.#state.parentId;
  }

  get name(): string {
    return this.#state.name;
  }

  get type(): SpanType {
    return this.#state.type;
  }

  get startTime(): number {
    return this.#state.startTime;
  }

  get experiment(): ExperimentRef {
    return this.#state.experiment;
  }

  get experimentId(): string {
    const { id, name } = this.#state.experiment;
    return name ?? id;
  }

  get lineage(): Lineage {
    return this.#state.lineage;
  }

  get sessionId(): string | undefined {
    return firstOf(this.lineage).sessionId;
  }

  get hasOutput(): boolean {
    return this.#state.output !== undefined;
  }

  isWithin(other: SpanParent): boolean {
    if (isNothing(other)) return false;
    let line: Lineage | undefined = this.lineage;
    while (line !== undefined && line.id !== other.id) line = line.parent;
    return line !== undefined;
  }

  setName(name: string): void {
    if (this.#isOpen()) this.#state.name = asName(name);
  }

  setInput(input: unknown): void {
    if (this.#isOpen()) this.#state.input = this.#services.encode(input, "input");
  }

  setOutput(output: unknown): void {
    if (this.#isOpen()) this.#state.output = this.#services.encode(output, "output");
  }

  setAttributes(attributes: Readonly<Record<string, unknown>>): void {
    const state = this.#state;
    if (!this.#isOpen()) return;
    if (state.held > MAX_HELD) {
      state.dropped.attributes += Object.keys(attributes).length;
      return;
    }
    const added = this.#encodeObject(attributes);
    const { attributes: known } = state;
    state.attributes = known === undefined ? added : mergeObjects(known, added);
  }

  addEvent(name: string, attributes?: Readonly<Record<string, unknown>>): void {
    if (!this.#isOpen()) return;
    const state = this.#state;
    state.events ??= [];
    if (state.events.length >= MAX_EVENTS || state.held > MAX_HELD) {
      state.dropped.events++;
      return;
    }
    const event = { name: asName(name), timestamp: this.#services.now() };
    state.events.push(
      attributes === undefined ? event : { ...event, attributes: this.#encodeObject(attributes) },
    );
  }

  setUsage(usage: TokenUsage): void {
    // Providers leave it out now and then.
    if (!this.#isOpen() || isNothing(usage)) return;
    this.#state.usage = normalizeUsage(usage);
    claimUsage(this.lineage);
  }

  setModel(model: string, provider?: string): void {
    if (!this.#isOpen()) return;
    this.#state.model = asOptionalName(model);
    if (provider !== undefined) this.setProvider(provider);
  }

  setProvider(provider: string): void {
    if (this.#isOpen()) this.#state.provider = asOptionalName(provider);
  }

  setCost(cost: number): void {
    if (!this.#isOpen() || !Number.isFinite(cost)) return;
    this.#state.cost = cost;
    claimUsage(this.lineage);
  }

  markFirstToken(time?: number): void {
    const state = this.#state;
    if (!this.#isOpen() || state.timeToFirstTokenMs !== undefined) return;
    const elapsed = (timeOf(time) ?? this.#services.now()) - state.startTime;
    state.timeToFirstTokenMs = Math.max(0, roundToMicroseconds(elapsed));
  }

  linkPrompt(prompt: PromptRef): void {
    if (!this.#isOpen() || isNothing(prompt)) return;
    const { name, version, alias } = prompt;
    this.#state.prompts ??= [];
    const { prompts } = this.#state;
    const isKnown = prompts.some((known) => known.name === name && known.version === version);
    if (isKnown || prompts.length >= MAX_PROMPTS) return;
    const ref = { name: asName(name), version };
    prompts.push(alias === undefined ? ref : { ...ref, alias: asName(alias) });
  }

  setTrace(patch: TracePatch): void {
    if (!this.#isOpen() || isNothing(patch)) return;
    const { metadata, ...rest } = patch;
    const encoded = isNothing(metadata) ? undefined : this.#services.encode(metadata, "attributes");
    const said = encoded?.keys && { metadata: encoded.parse() as JsonObject };
    const { trace, droppedTags } = mergeTrace(this.#state.trace, { ...rest, ...said });
    this.#state.trace = trace;
    this.#state.dropped.tags += droppedTags;
    const { sessionId } = trace;
    if (sessionId !== undefined) firstOf(this.lineage).sessionId = sessionId;
  }

  end(options?: EndSpanOptions): void {
    try {
      this.#end(options ?? {});
    } catch (error) {
      this.#services.reportError(error);
      // A span that cannot be ended as asked must not stay open.
      this.#end({});
    }
  }

  #end(options: EndSpanOptions): void {
    const { error, output, status, statusMessage } = options;
    if (this.ended && !this.#reopens(error)) return;
    const state = this.#state;
    if (output !== undefined) state.output = this.#services.encode(output, "output");
    const endTime = timeOf(options.endTime) ?? this.#services.now();
    state.endTime = Math.max(state.startTime, state.endTime ?? 0, endTime);
    state.status = "ok";
    if (error !== undefined) this.#fail(error);
    if (status !== undefined) state.status = status;
    if (!isNothing(statusMessage)) this.#setMessage(asText(statusMessage));
    // Who left may come back: then the end that follows is the one that counts.
    this.ended = status !== "abandoned";
    this.#services.closed(this);
  }

  /** The record as it stands. */
  toWrite(): SpanWrite {
    return toSpanWrite(this.#state, this.#services.price);
  }

  /** An error that comes after the end still counts, once. */
  #reopens(error: unknown): boolean {
    if (error === undefined || this.#state.status === "error" || this.#reopened) return false;
    this.#reopened = true;
    return true;
  }

  #isOpen(): boolean {
    this.#state.lineage.idleRounds = 0;
    return !this.ended;
  }

  #encodeObject(value: object): JsonText {
    const encoded = this.#services.encode(value, "attributes");
    if (encoded?.keys === undefined) return NO_FIELDS;
    this.#state.held += encoded.size;
    return encoded;
  }

  #fail(error: unknown): void {
    const failure = describeFailure(error);
    const state = this.#state;
    state.status = failure.status;
    this.#setMessage(failure.message);
    state.events ??= [];
    state.events.push({
      name: "exception",
      timestamp: state.endTime ?? state.startTime,
      attributes: this.#encodeObject(failure.attributes),
    });
  }

  #setMessage(message: string): void {
    const encoded = this.#services.encode(cutText(message, LIMITS.preview), "statusMessage");
    this.#state.statusMessage = String(encoded?.parse());
  }
}

function isNothing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

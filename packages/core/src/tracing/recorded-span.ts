import type { PromptRef, SpanType, TokenUsage } from "@rivulet/domain";
import type { SpanWrite } from "@rivulet/store";
import { failureAttributes, readFailure } from "./failure.ts";
import { finishSpan } from "./finish-span.ts";
import { firstOf, type Lineage, tellAbove } from "./lineage.ts";
import { asName, asOptionalName, asText, isNothing, timeOf } from "./read-values.ts";
import { SpanDraft, type SpanStart } from "./span-draft.ts";
import type { ExperimentRef, SpanPolicy } from "./span-policy.ts";
import type { ActiveSpan, EndSpanOptions, SpanParent, TracePatch } from "./tracing.ts";

/** What a span needs of its client. */
export interface SpanServices {
  readonly policy: SpanPolicy;
  /** Milliseconds since the epoch, in whole microseconds. */
  readonly now: () => number;
  /** The span has ended, or was ended again with an error. */
  readonly closed: (span: RecordedSpan) => void;
  /** Told of what a span cannot take. */
  readonly reportError: (error: unknown) => void;
}

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
  readonly #services: SpanServices;
  readonly #draft: SpanDraft;
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

  constructor(services: SpanServices, start: SpanStart) {
    this.traceId = start.traceId;
    this.id = start.id;
    this.#services = services;
    this.#draft = new SpanDraft(services.policy, start);
    tellAbove(this.lineage);
  }

  get parentId(): string | undefined {
    return this.#draft.record.parentId;
  }

  get name(): string {
    return this.#draft.record.name;
  }

  get type(): SpanType {
    return this.#draft.record.type;
  }

  get startTime(): number {
    return this.#draft.record.startTime;
  }

  get experiment(): ExperimentRef {
    return this.#draft.experiment;
  }

  get experimentId(): string {
    const { id, name } = this.#draft.experiment;
    return name ?? id;
  }

  get lineage(): Lineage {
    return this.#draft.lineage;
  }

  get sessionId(): string | undefined {
    return firstOf(this.lineage).sessionId;
  }

  get hasOutput(): boolean {
    return this.#draft.record.output !== undefined;
  }

  isWithin(other: SpanParent): boolean {
    if (isNothing(other)) return false;
    let line: Lineage | undefined = this.lineage;
    while (line !== undefined && line.id !== other.id) line = line.parent;
    return line !== undefined;
  }

  setName(name: string): void {
    if (this.#isOpen()) this.#draft.record.name = asName(name);
  }

  setInput(input: unknown): void {
    if (this.#isOpen()) this.#draft.setInput(input);
  }

  setOutput(output: unknown): void {
    if (this.#isOpen()) this.#draft.setOutput(output);
  }

  setAttributes(attributes: Readonly<Record<string, unknown>>): void {
    if (this.#isOpen()) this.#draft.addAttributes(attributes);
  }

  addEvent(name: string, attributes?: Readonly<Record<string, unknown>>): void {
    if (this.#isOpen()) this.#draft.addEvent(name, this.#services.now(), attributes);
  }

  setUsage(usage: TokenUsage): void {
    // Providers leave it out now and then.
    if (this.#isOpen() && !isNothing(usage)) this.#draft.setUsage(usage);
  }

  setModel(model: string, provider?: string): void {
    if (this.#isOpen()) this.#draft.setModel(model, provider);
  }

  setProvider(provider: string): void {
    if (this.#isOpen()) this.#draft.record.provider = asOptionalName(provider);
  }

  setCost(cost: number): void {
    if (this.#isOpen() && Number.isFinite(cost)) this.#draft.setCost(cost);
  }

  markFirstToken(time?: number): void {
    if (this.#isOpen()) this.#draft.markFirstToken(timeOf(time) ?? this.#services.now());
  }

  linkPrompt(prompt: PromptRef): void {
    if (this.#isOpen() && !isNothing(prompt)) this.#draft.linkPrompt(prompt);
  }

  setTrace(patch: TracePatch): void {
    if (this.#isOpen() && !isNothing(patch)) this.#draft.patchTrace(patch);
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
    const draft = this.#draft;
    const { record } = draft;
    if (output !== undefined) draft.setOutput(output);
    const endTime = timeOf(options.endTime) ?? this.#services.now();
    record.endTime = Math.max(record.startTime, record.endTime ?? 0, endTime);
    record.status = "ok";
    record.statusMessage = undefined;
    if (error !== undefined) this.#fail(error, record.endTime);
    if (status !== undefined) record.status = status;
    if (!isNothing(statusMessage)) draft.setStatusMessage(asText(statusMessage));
    // Who left may come back: then the end that follows is the one that counts.
    this.ended = status !== "abandoned";
    this.#services.closed(this);
    if (!this.ended) return;
    this.lineage.lastNews = record.endTime;
    tellAbove(this.lineage);
  }

  /** The record as it stands. */
  toWrite(): SpanWrite {
    return finishSpan(this.#draft, this.#services.policy);
  }

  /** An error that comes after the end still counts, once. */
  #reopens(error: unknown): boolean {
    if (error === undefined || this.#draft.record.status === "error" || this.#reopened)
      return false;
    this.#reopened = true;
    return true;
  }

  #isOpen(): boolean {
    if (this.ended) return false;
    this.lineage.lastNews = this.#services.now();
    return true;
  }

  #fail(error: unknown, time: number): void {
    const failure = readFailure(error);
    this.#draft.record.status = failure.status;
    this.#draft.setStatusMessage(failure.message);
    this.#draft.addException(time, failureAttributes(failure));
  }
}

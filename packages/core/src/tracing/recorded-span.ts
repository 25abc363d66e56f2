import type { PromptRef, SpanType, TokenUsage } from "@rivulet/domain";
import type { SpanWrite } from "@rivulet/store";
import { failureAttributes, providerAttributes, readFailure } from "./failure.ts";
import type { GivenValues } from "./given-values.ts";
import { asName, asOptionalName, isNothing } from "./given-values.ts";
import {
  finishSpan,
  firstOf,
  isInLine,
  type Lineage,
  SpanDraft,
  type SpanStart,
  tellAbove,
} from "./span-draft.ts";
import type { ExperimentRef, SpanPolicy } from "./span-policy.ts";
import type { ActiveSpan, EndSpanOptions, SpanParent, TracePatch } from "./tracing.ts";

/** What a span needs of its client. */
export interface SpanServices {
  readonly policy: SpanPolicy;
  /** Milliseconds since the epoch, in whole microseconds. */
  readonly now: () => number;
  /** The span has ended, or was ended again with an error. */
  readonly closed: (span: RecordedSpan) => void;
  /** Reads what the app gives. */
  readonly given: GivenValues;
  /** Told of what cannot be looked at. */
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
  #endedBy: unknown;

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
    try {
      if (isNothing(other)) return false;
      return isInLine(this.lineage, other);
    } catch (error) {
      this.#services.reportError(error);
      return false;
    }
  }

  setName(name: string): void {
    const text = this.#isOpen() ? this.#services.given.text("setName", name) : undefined;
    if (text !== undefined) this.#draft.setName(text);
  }

  setInput(input: unknown): void {
    if (this.#isOpen()) this.#draft.setInput(input);
  }

  setOutput(output: unknown): void {
    if (this.#isOpen()) this.#draft.setOutput(output);
  }

  setAttributes(attributes: Readonly<Record<string, unknown>>): void {
    if (!this.#isOpen()) return;
    const given = this.#services.given.object("setAttributes", attributes);
    if (given !== undefined) this.#draft.addAttributes(given);
  }

  addEvent(name: string, attributes?: Readonly<Record<string, unknown>>): void {
    if (!this.#isOpen()) return;
    const { given, now } = this.#services;
    const text = given.text("addEvent.name", name) ?? "unnamed";
    this.#draft.addEvent(text, now(), given.object("addEvent.attributes", attributes));
  }

  setUsage(usage: TokenUsage): void {
    // Providers leave it out now and then.
    const given = this.#isOpen() ? this.#services.given.usage(usage) : undefined;
    if (given !== undefined) this.#draft.setUsage(given);
  }

  setModel(model: string, provider?: string): void {
    if (!this.#isOpen()) return;
    const { given } = this.#services;
    const { record } = this.#draft;
    record.model = asOptionalName(given.text("setModel.model", model)) ?? record.model;
    if (provider !== undefined) this.setProvider(provider);
  }

  setProvider(provider: string): void {
    if (!this.#isOpen()) return;
    const text = this.#services.given.text("setModel.provider", provider);
    if (text !== undefined) this.#draft.record.provider = asName(text);
  }

  setCost(cost: number): void {
    const given = this.#isOpen() ? this.#services.given.cost("setCost", cost) : undefined;
    if (given !== undefined) this.#draft.setCost(given);
  }

  markFirstToken(time?: number): void {
    if (!this.#isOpen()) return;
    const { given, now } = this.#services;
    this.#draft.markFirstToken(given.time("markFirstToken", time) ?? now());
  }

  linkPrompt(prompt: PromptRef): void {
    const given = this.#isOpen() ? this.#services.given.prompt(prompt) : undefined;
    if (given !== undefined) this.#draft.linkPrompt(given);
  }

  setTrace(patch: TracePatch): void {
    const given = this.#isOpen() ? this.#services.given.trace(patch) : undefined;
    if (given !== undefined) this.#draft.patchTrace(given);
  }

  end(options?: EndSpanOptions): void {
    try {
      this.#end(options ?? {});
    } catch (error) {
      this.#services.reportError(error);
      // A span that cannot be ended as asked must not stay open, nor look as if all went well.
      this.#end({ status: "error" });
    }
  }

  #end(options: EndSpanOptions): void {
    const { error, output } = options;
    if (this.ended && !this.#reopens(error)) return;
    const { given, now } = this.#services;
    const draft = this.#draft;
    const { record } = draft;
    given.checkNames("end", options);
    if (output !== undefined) draft.setOutput(output);
    const endTime = given.time("end.endTime", options.endTime) ?? now();
    record.endTime = Math.max(record.startTime, record.endTime ?? 0, endTime);
    record.status = "ok";
    record.statusMessage = undefined;
    this.#endedBy = error;
    if (error !== undefined) this.#fail(error, record.endTime);
    if (options.status !== undefined) record.status = given.status(options.status) ?? record.status;
    const message = given.text("end.statusMessage", options.statusMessage);
    if (message !== undefined) draft.setStatusMessage(message);
    // Who left may come back: then the end that follows is the one that counts.
    this.ended = record.status !== "abandoned";
    this.lineage.ended = this.ended;
    this.#services.closed(this);
    if (!this.ended) return;
    this.lineage.lastNews = record.endTime;
    tellAbove(this.lineage);
  }

  /** The record as it stands. */
  toWrite(): SpanWrite {
    return finishSpan(this.#draft, this.#services.policy);
  }

  /** An error that comes after the end still counts, once; not that of the end, which is thrown on. */
  #reopens(error: unknown): boolean {
    if (error === undefined || error === this.#endedBy) return false;
    if (this.#draft.record.status === "error" || this.#reopened) return false;
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
    this.#draft.addAttributes(providerAttributes(failure));
  }
}

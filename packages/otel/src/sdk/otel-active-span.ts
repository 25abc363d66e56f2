import {
  type ActiveSpan,
  type EndSpanOptions,
  type PromptRef,
  readFailure,
  type SpanParent,
  type SpanType,
  type TokenUsage,
  type TracePatch,
} from "@rivulet/core";
import type { SdkSpanContext } from "./ended-span.ts";

/** What is used of a live span of OpenTelemetry's API. */
export interface LiveSpan {
  /** Its ids. */
  spanContext(): SdkSpanContext;
  /** Whether it is open, and sampled. */
  isRecording(): boolean;
  /** Adds an attribute. */
  setAttribute(name: string, value: string | number): unknown;
  /** Something happens inside it. */
  addEvent(name: string, attributes?: Record<string, string>): unknown;
  /** Says how it has gone: 2 is an error. */
  setStatus(status: { code: number; message?: string }): unknown;
  /** Renames it. */
  updateName(name: string): unknown;
  /** Ends it. */
  end(): void;
}

/** Where a span of OpenTelemetry stands among ours. */
export interface Place {
  /** The trace that it belongs to here. */
  readonly traceId: string;
  /** The span above it here. */
  readonly parentId: string | undefined;
  /** The span of ours inside which it, or the first of those above it, was started. */
  readonly above: ActiveSpan | undefined;
  /** Name or id of its experiment, where something names one. */
  readonly experiment: string | undefined;
}

const TOKENS: Readonly<Partial<Record<keyof TokenUsage, string>>> = {
  inputTokens: "input_tokens",
  outputTokens: "output_tokens",
  totalTokens: "total_tokens",
  cacheReadTokens: "cache_read.input_tokens",
  cacheWriteTokens: "cache_creation.input_tokens",
  reasoningTokens: "reasoning.output_tokens",
};

const ERROR = 2;

/** A span of OpenTelemetry as the active span of a client: what is set on it becomes attributes, by the conventions. */
export class OtelActiveSpan implements ActiveSpan {
  readonly traceId: string;
  readonly id: string;
  readonly name: string = "";
  readonly type: SpanType = "unknown";
  readonly startTime: number = 0;
  readonly #span: LiveSpan;
  readonly #place: Place;
  #hasFirstToken = false;

  constructor(span: LiveSpan, place: Place) {
    this.id = span.spanContext().spanId;
    this.traceId = place.traceId;
    this.#span = span;
    this.#place = place;
  }

  get sampled(): boolean {
    return this.#place.above?.sampled ?? true;
  }

  get ended(): boolean {
    return !this.#span.isRecording();
  }

  get experimentId(): string {
    // Where nothing names an experiment, the client's own one counts.
    return this.#place.experiment as string;
  }

  isWithin(other: SpanParent): boolean {
    return this.id === other.id || this.#place.above?.isWithin(other) === true;
  }

  setName(name: string): void {
    this.#span.updateName(name);
  }

  setInput(input: unknown): void {
    this.#set("input.value", input);
  }

  setOutput(output: unknown): void {
    this.#set("output.value", output);
  }

  setAttributes(attributes: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(attributes)) this.#set(name, value);
  }

  addEvent(name: string, attributes: Readonly<Record<string, unknown>> = {}): void {
    const texts = Object.entries(attributes).map(([key, value]) => [key, String(textOf(value))]);
    this.#span.addEvent(name, Object.fromEntries(texts) as Record<string, string>);
  }

  setUsage(usage: TokenUsage): void {
    for (const [field, count] of Object.entries(usage)) {
      const name = TOKENS[field as keyof TokenUsage];
      if (name !== undefined) this.#set(`gen_ai.usage.${name}`, count);
    }
  }

  setModel(model: string, provider?: string): void {
    this.#set("gen_ai.response.model", model);
    this.#set("gen_ai.provider.name", provider);
  }

  setCost(cost: number): void {
    this.#set("gen_ai.usage.cost", cost);
  }

  markFirstToken(time: number = Date.now()): void {
    if (this.#hasFirstToken) return;
    this.#hasFirstToken = true;
    this.#set("rivulet.first_token_time", time);
  }

  linkPrompt(ref: PromptRef): void {
    this.#set("rivulet.prompts", [ref]);
  }

  setTrace({ sessionId, userId, tags, metadata }: TracePatch): void {
    this.#set("session.id", sessionId);
    this.#set("user.id", userId);
    this.#set("rivulet.tags", tags);
    this.#set("rivulet.metadata", metadata);
  }

  end({ output, error, status, statusMessage }: EndSpanOptions = {}): void {
    if (output !== undefined) this.setOutput(output);
    if (status !== undefined && status !== "ok") this.#set("rivulet.status", status);
    const failure = error === undefined ? undefined : readFailure(error);
    const message = statusMessage ?? failure?.message;
    if (failure !== undefined || status === "error") {
      this.#span.setStatus({ code: ERROR, ...(message === undefined ? {} : { message }) });
    }
    this.#span.end();
  }

  #set(name: string, value: unknown): void {
    if (value === undefined || value === null) return;
    this.#span.setAttribute(name, textOf(value));
  }
}

function textOf(value: unknown): string | number {
  if (typeof value === "string" || typeof value === "number") return value;
  return JSON.stringify(value) ?? "";
}

import {
  LIMITS,
  type PromptRef,
  RivuletError,
  SPAN_STATUSES,
  SPAN_TYPES,
  type SpanStatus,
  type SpanType,
  type StringMap,
  type TokenUsage,
} from "@rivulet/domain";
import { createEncoder, cutText, nameHint } from "@rivulet/store";
import type { EndSpanOptions, SpanParent, TracePatch, WithSpanOptions } from "./tracing.ts";
import { isTokenCount, MAX_COST, MAX_TOKENS } from "./usage.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Verbs that take several fields. */
type Verb = "startSpan" | "end" | "setTrace" | "setUsage";

const KNOWN: Readonly<Record<Verb, ReadonlySet<string>>> = {
  startSpan: keys<WithSpanOptions>({
    type: true,
    input: true,
    attributes: true,
    parent: true,
    experimentId: true,
    startTime: true,
    sessionId: true,
    userId: true,
    tags: true,
    metadata: true,
    runId: true,
    model: true,
    provider: true,
    untilStreamEnds: true,
  }),
  end: keys<EndSpanOptions>({
    output: true,
    status: true,
    error: true,
    statusMessage: true,
    endTime: true,
  }),
  setTrace: keys<TracePatch>({
    sessionId: true,
    userId: true,
    runId: true,
    tags: true,
    metadata: true,
  }),
  setUsage: keys<TokenUsage>({
    inputTokens: true,
    outputTokens: true,
    totalTokens: true,
    cacheReadTokens: true,
    cacheWriteTokens: true,
    cacheWrite1hTokens: true,
    reasoningTokens: true,
    audioInputTokens: true,
    audioOutputTokens: true,
    imageInputTokens: true,
    imageOutputTokens: true,
  }),
};

function keys<T>(all: Readonly<Record<keyof T, true>>): ReadonlySet<string> {
  return new Set(Object.keys(all));
}

/** Most misspelt names that are reported. */
const MAX_TOLD = 1_000;
/** Most characters of a field's name in a report. */
const MAX_FIELD = 300;
const TRACE_ID = /^[\da-f]{32}$/i;
const SPAN_ID = /^[\da-f]{16}$/i;

/**
 * Reads the arguments of the verbs that record, whatever untyped callers pass. A value of the wrong type is reported
 * and left out; the rest is recorded.
 */
export class GivenValues {
  readonly #reportError: (error: unknown) => void;
  readonly #told = new Set<string>();

  constructor(reportError: (error: unknown) => void) {
    this.#reportError = reportError;
  }

  /** Reports, once, each name that the verb does not know. */
  checkNames(verb: Verb, given: object): void {
    const known = KNOWN[verb];
    for (const name of Object.keys(given)) {
      if (!known.has(name) && (given as Fields)[name] !== undefined) this.#misspelt(verb, name);
    }
  }

  #misspelt(verb: Verb, name: string): void {
    const field = `${verb}.${name}`.slice(0, MAX_FIELD);
    if (this.#told.has(field) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(field);
    const hint = nameHint(name.slice(0, MAX_FIELD), { known: [...KNOWN[verb]] });
    this.#report(field, `is not known here. ${hint}`);
  }

  /** Text, or the digits of a number: ids from an app's own database are often numbers. */
  text(field: string, value: unknown): string | undefined {
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "bigint") return String(value);
    return this.#refuse(field, "text", value);
  }

  time(field: string, value: unknown): number | undefined {
    return timeOf(value) ?? this.#refuse(field, "a time in milliseconds", value);
  }

  /** A number from 0. */
  count(field: string, value: unknown): number | undefined {
    if (typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY) return value;
    return this.#refuse(field, "a number from 0", value);
  }

  /** US dollars. */
  cost(field: string, value: unknown): number | undefined {
    if (typeof value === "number" && value >= 0 && value <= MAX_COST) return value;
    return this.#refuse(field, `a number from 0 to ${MAX_COST}`, value);
  }

  #tokens(field: string, value: unknown): number | undefined {
    if (isTokenCount(value)) return value;
    return this.#refuse(field, `a whole number from 0 to ${MAX_TOKENS}`, value);
  }

  object<T extends object>(field: string, value: T | undefined): T | undefined {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    return this.#refuse(field, "an object", value);
  }

  usage(value: TokenUsage): TokenUsage | undefined {
    const given = this.object("setUsage", value);
    if (given === undefined) return undefined;
    this.checkNames("setUsage", given);
    const counts: Record<string, number | undefined> = {};
    for (const field of KNOWN.setUsage) {
      const count = (given as Fields)[field];
      if (!isNothing(count)) counts[field] = this.#tokens(`setUsage.${field}`, count);
    }
    return counts as TokenUsage;
  }

  prompt(value: PromptRef): PromptRef | undefined {
    const given = this.object("linkPrompt", value);
    if (given === undefined) return undefined;
    const name = this.text("linkPrompt.name", given.name);
    const version = this.count("linkPrompt.version", given.version);
    const alias = this.text("linkPrompt.alias", given.alias);
    if (name === undefined || version === undefined) return undefined;
    return { name, version, ...(alias === undefined ? {} : { alias }) };
  }

  trace(value: TracePatch): TracePatch | undefined {
    const given = this.object("setTrace", value);
    if (given === undefined) return undefined;
    this.checkNames("setTrace", given);
    const { sessionId, userId, runId, tags, metadata } = given;
    const patch = {
      sessionId: this.text("setTrace.sessionId", sessionId),
      userId: this.text("setTrace.userId", userId),
      runId: this.text("setTrace.runId", runId),
      tags: this.#tags(tags),
      metadata: this.object("setTrace.metadata", metadata),
    };
    return patch as TracePatch;
  }

  #tags(value: StringMap | undefined): StringMap | undefined {
    const given = this.object("setTrace.tags", value);
    if (given === undefined) return undefined;
    const entries = Object.entries(given).flatMap(([key, tag]: [string, unknown]) => {
      const text = typeof tag === "boolean" ? String(tag) : this.text(`setTrace.tags.${key}`, tag);
      return text === undefined ? [] : [[key, text] as const];
    });
    return Object.fromEntries(entries);
  }

  type(value: SpanType | undefined): SpanType {
    if (value === undefined || value === "unknown") return "unknown";
    if (SPAN_TYPES.includes(value)) return value;
    return this.#refuse("startSpan.type", `one of ${SPAN_TYPES.join(", ")}`, value) ?? "unknown";
  }

  status(value: SpanStatus): SpanStatus | undefined {
    if (SPAN_STATUSES.includes(value) && value !== "in_progress") return value;
    return this.#refuse("end.status", `one of ${SPAN_STATUSES.slice(1).join(", ")}`, value);
  }

  /** A parent that is not recorded here, with ids that a trace can have. */
  parent(value: SpanParent): SpanParent | undefined {
    const given = this.object("startSpan.parent", value);
    if (given === undefined) return undefined;
    const { traceId, id } = given;
    const isKnown = typeof traceId === "string" && typeof id === "string";
    if (isKnown && TRACE_ID.test(traceId) && SPAN_ID.test(id)) return given;
    return this.#refuse(
      "startSpan.parent",
      "a span: a traceId of 32 hex digits, an id of 16",
      given,
    );
  }

  /** Reports a wrong value; an absent one is fine. */
  #refuse(field: string, expected: string, value: unknown): undefined {
    if (!isNothing(value)) this.#report(field, `must be ${expected}; it was left out.`);
    return undefined;
  }

  #report(field: string, problem: string): void {
    const place = field.slice(0, MAX_FIELD);
    const details = { field: place };
    this.#reportError(new RivuletError("invalid_argument", `${place}: ${problem}`, { details }));
  }
}

const encode = createEncoder({ maskSecrets: false, maxSize: LIMITS.spanBytes });

/** Any value as text: ids from an app's own database are often numbers. Never throws. */
export function asText(value: unknown): string {
  if (typeof value === "string") return value;
  const parsed: unknown = encode(value, "")?.parse();
  return typeof parsed === "string" ? parsed : (JSON.stringify(parsed) ?? "");
}

/** Any value as a name, cut to the length of one. Never throws. */
export function asName(value: unknown): string {
  return cutText(asText(value), LIMITS.name);
}

/** The same; undefined when there is nothing. */
export function asOptionalName(value: unknown): string | undefined {
  return isNothing(value) ? undefined : asName(value);
}

/** Whether a caller has left the value out. */
export function isNothing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Times are kept to the microsecond: finer digits are floating-point noise. */
export function roundToMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}

/** Nanoseconds in a microsecond. */
const MICROSECOND = 1_000n;

/**
 * A time in milliseconds since the epoch; undefined when it is none. A date has its own, a big integer counts
 * nanoseconds, as OpenTelemetry does.
 */
export function timeOf(given: unknown): number | undefined {
  // Microseconds since the epoch are exact in a number, nanoseconds are not.
  if (typeof given === "bigint") return Number(given / MICROSECOND) / 1_000;
  const time = given instanceof Date ? given.getTime() : given;
  return typeof time === "number" && Number.isFinite(time) ? roundToMicroseconds(time) : undefined;
}

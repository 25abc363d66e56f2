import type {
  FinishedSpan,
  Message,
  PromptRef,
  SpanStatus,
  SpanType,
  TokenUsage,
} from "@rivulet/core";
import type { OtelEvent, OtelSpan } from "./otel-span.ts";
import type { SpanAttributes } from "./span-attributes.ts";

/** A span that is being read. */
export interface SpanView {
  /** What is to be read, and what is left. */
  readonly attributes: SpanAttributes;
  /** The span itself. */
  readonly span: OtelSpan;
  /** What kind of work it is, once that is known. */
  readonly type: SpanType;
  /** Marks an event as told by what was read of it. */
  readonly takeEvents: (is: (event: OtelEvent) => boolean) => readonly OtelEvent[];
}

/** What a span was given, or returned: a conversation, or any value. */
export type Body =
  | { readonly messages: readonly Message[]; readonly others?: Readonly<Record<string, unknown>> }
  | { readonly value: unknown };

/** What can be read of a span: one reader for each. Each returns `undefined` where its convention says nothing. */
export interface Readings {
  /** What kind of work it is. */
  readonly type: SpanType;
  /** A better name than that of the span. */
  readonly name: string;
  /** What it was given. */
  readonly input: Body;
  /** What it returned. */
  readonly output: Body;
  /** Tools that the model may call. */
  readonly tools: unknown;
  /** The model that answered, and the one that was asked for. */
  readonly model: { readonly response?: string | undefined; readonly request?: string | undefined };
  /** Who runs the model. */
  readonly provider: string;
  /** Tokens. */
  readonly usage: TokenUsage;
  /** US dollars. */
  readonly cost: number;
  /** When the first output token came, in nanoseconds since the epoch. */
  readonly firstTokenTime: bigint;
  /** Settings of the request, by the names that the adapters give them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Why the model stopped, the id of its answer, the id of a tool's call, the agent's name. */
  readonly details: Details;
  /** How it ended, where the status does not say it. */
  readonly outcome: {
    readonly isError?: boolean;
    readonly message?: string | undefined;
    readonly status?: Exclude<SpanStatus, "in_progress" | "ok">;
  };
  /** Prompt versions that it used. */
  readonly prompts: readonly PromptRef[];
  /** Session of the trace. */
  readonly sessionId: string;
  /** User of the trace. */
  readonly userId: string;
  /** Tags of the trace. */
  readonly tags: Readonly<Record<string, string>>;
  /** Metadata of the trace. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Name or id of its experiment. */
  readonly experimentId: NonNullable<FinishedSpan["experimentId"]>;
}

/** Single words on a span, by the names that the adapters give them. */
export interface Details {
  readonly finishReason?: string | undefined;
  readonly responseId?: string | undefined;
  readonly serviceTier?: string | undefined;
  readonly toolCallId?: string | undefined;
  readonly agentName?: string | undefined;
}

/** Reads one fact of a span. */
export type Reader<K extends keyof Readings> = (view: SpanView) => Readings[K] | undefined;

/** How one product writes spans: the names of its attributes, and what they mean. */
export interface Convention {
  /** Names it in tests and messages. */
  readonly name: string;
  /** Beginnings of its attributes' names, up to the first dot or colon. A span with none of them is not its. */
  readonly roots: readonly string[];
  /** Scopes whose spans are its without such an attribute. */
  readonly scopes?: RegExp;
  /** Its events, by the beginning of their names. */
  readonly events?: RegExp;
  /** What it says. */
  readonly read: { readonly [K in keyof Readings]?: Reader<K> };
}

/** Writes a value as a body; nothing when there is none. */
export function valueBody(value: unknown): Body | undefined {
  return value === undefined ? undefined : { value };
}

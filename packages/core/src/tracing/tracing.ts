import type {
  JsonObject,
  PromptRef,
  SpanStatus,
  SpanType,
  StringMap,
  TokenUsage,
} from "@rivulet/domain";

/** Makes spans. */
export interface Tracing {
  /** Starts a span; the caller ends it. It is not made active. Never throws. */
  startSpan(name: string, options?: StartSpanOptions): ActiveSpan;
  /**
   * Runs `work` in a span that is active meanwhile. The span ends when the work settles: at once, with its
   * promise, or when the generator it returned is done. Its result becomes the output, unless one was set
   * or the result is an instance of a class; what it throws is recorded and thrown on. What `redirect()` and the like
   * of Next.js throw is no error. A result that is a stream, or has one, ends the span at once, unless `untilStreamEnds`
   * is given.
   */
  withSpan<T>(name: string, work: (span: ActiveSpan) => T, options?: WithSpanOptions): T;
  /**
   * The function, traced: each call is a span with its arguments as input (one argument as it is, several
   * as a list) and its result as output; what a generator yields is the output as a list.
   */
  traced<A extends unknown[], R>(
    work: (...args: A) => R,
    options?: TracedOptions,
  ): (...args: A) => R;
  /** The span that encloses this code, if any. */
  activeSpan(): ActiveSpan | undefined;
  /** Runs `work` with `span` active; for adapters that start and end spans themselves. */
  runInSpan<T>(span: ActiveSpan, work: () => T): T;
  /**
   * Makes `span` active for the rest of the running function and all it starts; for adapters to libraries
   * that call at the start of some work but give no way to run it. Prefer `runInSpan`, which has an end.
   */
  enterSpan(span: ActiveSpan): void;
  /**
   * For adapters to a library that keeps an async context of its own: from now on the active span is the innermost of
   * the library's work and what was made active here. The last context given counts.
   *
   * @returns tells which span was made active here, and inside which work of the library
   */
  joinContext(context: LibraryContext): () => EnteredSpan | undefined;
  /**
   * For adapters to libraries that tell of their work through a channel of `node:diagnostics_channel`: while the work
   * runs that a message tells of, the active span is what the message's `lookUp` returns; it is called whenever
   * somebody asks. Where either returns `undefined`, the work changes nothing. It lasts until the client is closed; a
   * channel has one binding per client, and the last one given counts.
   *
   * @returns ends it before
   */
  bindChannel<M extends object>(
    channel: SpanChannel<M>,
    lookUp: (message: M) => (() => ActiveSpan | undefined) | undefined,
  ): () => void;
  /**
   * For adapters to libraries that do not tell when their user has left: watches over a span that the adapter opened,
   * until it is stopped. At most 10000 are watched over; of more the oldest counts as left, as do all when the client
   * is closed, and those that wait for nothing when the process has nothing more to do.
   */
  watchSpan(span: ActiveSpan, options: SpanWatchOptions): SpanWatch;
}

/** A channel of `node:diagnostics_channel`, whose own type would ask every app for the types of Node. */
export interface SpanChannel<M extends object> {
  /** Gives what runs within a message the store that `transform` returns for it. */
  bindStore(store: never, transform: (message: M) => unknown): void;
  /** Ends what `bindStore` began. */
  unbindStore(store: never): unknown;
}

/** How a span is watched over. */
export interface SpanWatchOptions {
  /** Milliseconds without news after which it counts as left. @default that of the client */
  readonly abandonAfterMs?: number;
  /** An object that lives as long as news can come: when it is garbage, the span was left. It is not kept. */
  readonly aliveWith?: object | undefined;
  /** Whether something is waited for that may take any time. @default never */
  readonly isWaiting?: () => boolean;
  /** It was left: ends the span and what hangs under it. */
  readonly onAbandoned: (end: AbandonedEnd, reason: AbandonReason) => void;
}

/** How a span ends that was left. */
export interface AbandonedEnd {
  /** Always `abandoned`. */
  readonly status: "abandoned";
  /** Why the span was given up. */
  readonly statusMessage: string;
  /** When something was last heard of it. */
  readonly endTime: number;
}

/** Why a span counts as left: `left` by its consumer, one of `too_many`, or open when the client was `closed`. */
export type AbandonReason = "left" | "too_many" | "closed";

/** The watch over a span. */
export interface SpanWatch {
  /** When something was last heard of it: milliseconds since the epoch. */
  readonly lastNews: number;
  /** Something was heard of it. Who counted as left is back. */
  touch(): void;
  /** It has ended. */
  stop(): void;
}

/** The async context of another library, whose work has spans here. */
export interface LibraryContext {
  /** The library's work that encloses the running code, such as its id; `undefined` outside. Compared with `===`. */
  readonly current: () => unknown;
  /** The span of that work, if it has one. */
  readonly spanOf: (work: unknown) => ActiveSpan | undefined;
}

/** A span that `withSpan`, `runInSpan` or `enterSpan` made active. */
export interface EnteredSpan {
  /** The span. */
  readonly span: ActiveSpan;
  /** The work of the joined library inside which that was done; `undefined` when it was outside. */
  readonly within: unknown;
}

/** How a span starts. */
export interface StartSpanOptions {
  /** @default 'unknown' */
  readonly type?: SpanType;
  /** What the work is given. */
  readonly input?: unknown;
  /** Free-form details. @default {} */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** @default the active span; `null` starts a new trace */
  readonly parent?: SpanParent | null | undefined;
  /** Name or id of the experiment of a new trace. @default 'Default', or what `createRivulet` was given */
  readonly experimentId?: string;
  /** Milliseconds since the epoch. @default now */
  readonly startTime?: number;
  /** The conversation or session of the trace. */
  readonly sessionId?: string;
  /** The end user whom the trace is about. */
  readonly userId?: string;
  /** Tags of the trace. */
  readonly tags?: StringMap;
  /** Metadata of the trace. */
  readonly metadata?: JsonObject;
  /** The run the trace belongs to. */
  readonly runId?: string;
  /** The model that is called, such as `gpt-5`. */
  readonly model?: string;
  /** The provider of the model, such as `openai`. */
  readonly provider?: string;
}

/** How the span of some work starts, and when it ends. */
export interface WithSpanOptions extends StartSpanOptions {
  /**
   * Whether the span of work that gives a stream ends with the stream: a `ReadableStream`, a `Response` with a body,
   * anything with `Symbol.asyncIterator` (the streams of OpenAI and Anthropic), or the result of `streamText` and
   * `streamObject` of the AI SDK. A `ReadableStream` or a `Response` is returned as a new one of its class; everything
   * else is the same object. A stream that is left ends the span as `cancelled`, one that is forgotten as `abandoned`.
   * @default false
   */
  readonly untilStreamEnds?: boolean;
}

/** What a span hangs under. */
export interface SpanParent {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly id: string;
  /** Name or id of the experiment. @default that of the span's options, else that of a new trace */
  readonly experimentId?: string;
  /** `false`: the trace is not recorded, so its children are not either. @default true */
  readonly sampled?: boolean;
}

/** How the spans of a traced function start. */
export interface TracedOptions extends Omit<WithSpanOptions, "input"> {
  /** @default the function's name */
  readonly name?: string;
}

/** A span being recorded. No method throws; after the end only `end` with an error has an effect. */
export interface ActiveSpan extends SpanParent {
  /** `false`: nothing of this span is kept, and what is only made for it can be left out. */
  readonly sampled: boolean;
  /** Name or id of the experiment, as it was given. */
  readonly experimentId: string;
  /** The name as last set. */
  readonly name: string;
  /** What kind of work it records. */
  readonly type: SpanType;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  /** Whether the span has ended. One that was given up as `abandoned` can still be ended. */
  readonly ended: boolean;
  /** Session of the trace, as far as this process knows it. */
  readonly sessionId?: string | undefined;
  /** Whether `other` is this span or one above it, in this process. */
  isWithin(other: SpanParent): boolean;
  /** Renames the span. */
  setName(name: string): void;
  /**
   * Sets what the work was given, replacing an earlier value. Encoded at once: later changes have no effect.
   */
  setInput(input: unknown): void;
  /** Sets what the work returned, replacing an earlier value. */
  setOutput(output: unknown): void;
  /** Merges attributes into the existing ones, key by key. */
  setAttributes(attributes: Readonly<Record<string, unknown>>): void;
  /** Records that something happened now. */
  addEvent(name: string, attributes?: Readonly<Record<string, unknown>>): void;
  /**
   * Tokens, on model and embedding spans only; the cost follows from model and usage when it is known. The attribute
   * `serviceTier` (`flex`, `batch`, `priority`, `fast`) changes it, `webSearches` and `fileSearches` add to it, and with the
   * attribute `cached: true` it is 0.
   */
  setUsage(usage: TokenUsage): void;
  /** Sets the model that answered, and its provider. */
  setModel(model: string, provider?: string): void;
  /**
   * US dollars, when the provider said it. On a tool, a retriever or a reranker without usage it is a fee of its own,
   * added to the usage of the spans above.
   */
  setCost(cost: number): void;
  /** The first output token came. @param time milliseconds since the epoch, default now */
  markFirstToken(time?: number): void;
  /** This span used that prompt version. */
  linkPrompt(ref: PromptRef): void;
  /** Session, user, tags, metadata, run of the trace. */
  setTrace(patch: TracePatch): void;
  /** Ends the span once; after an end as `abandoned`, the next one counts. An error sets status and message. */
  end(options?: EndSpanOptions): void;
}

/** What becomes known of a trace: maps are merged key by key, other fields replaced. */
export interface TracePatch {
  /** The conversation or session of the trace. */
  readonly sessionId?: string;
  /** The end user whom the trace is about. */
  readonly userId?: string;
  /** The run that the trace belongs to. */
  readonly runId?: string;
  /** Tags of the trace; can be changed later. */
  readonly tags?: StringMap;
  /** Free-form details of the trace. */
  readonly metadata?: JsonObject;
}

/** What is known of a trace besides its run. */
export type TraceFields = Omit<TracePatch, "runId">;

/** How a span ends. */
export interface EndSpanOptions {
  /** Sets the output as `setOutput` does. */
  readonly output?: unknown;
  /** @default 'ok', or 'error' when there is an error */
  readonly status?: Exclude<SpanStatus, "in_progress">;
  /** What was thrown; its message becomes the status message. */
  readonly error?: unknown;
  /** Why it ended this way. @default the error's message */
  readonly statusMessage?: string;
  /** Milliseconds since the epoch. @default now */
  readonly endTime?: number;
}

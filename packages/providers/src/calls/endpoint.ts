import type { SpanType, TokenUsage } from "@rivulet/core";
import type { Fields } from "./read-value.ts";

/** One kind of call of a provider: how its requests and answers are read. */
export interface Endpoint {
  /** What the span is called before the model's name, such as `chat`. */
  readonly operation: string;
  /** What kind of work it is. */
  readonly type: SpanType;
  /** Reads what goes to the provider. */
  readonly request: (body: Fields) => CallRequest;
  /** Reads the whole answer, or what a {@link StreamReader} has put together. */
  readonly answer: (answer: unknown) => CallAnswer;
  /** Puts a streamed answer together; left out for calls that do not stream. */
  readonly readStream?: () => StreamReader;
}

/** What goes to a provider. */
export interface CallRequest {
  /** The model that is asked. */
  readonly model?: string | undefined;
  /** What it is given. */
  readonly input?: unknown;
  /** Settings, such as `temperature`. */
  readonly settings?: Fields;
}

/** What came back. */
export interface CallAnswer {
  /** The messages, or whatever else the provider made. */
  readonly output?: unknown;
  /** The model that answered. */
  readonly model?: string | undefined;
  /** What was counted. */
  readonly usage?: TokenUsage | undefined;
  /** US dollars, where the provider says them. */
  readonly cost?: number | undefined;
  /** Such as `finishReason` and `responseId`. Those that are nothing are left out. */
  readonly attributes?: Fields;
  /** Why there is no good answer, when the provider says so in one. */
  readonly error?: unknown;
}

/** Puts the chunks of a stream together. */
export interface StreamReader {
  /** Takes the next chunk. Returns whether it has something of the answer in it. */
  add(chunk: unknown): boolean;
  /** The answer so far, in the form that {@link Endpoint.answer} reads; `undefined` when nothing has come. */
  answer(): unknown;
  /** Whether the answer is complete, although what was counted may come yet. */
  isComplete(): boolean;
  /** Whether nothing follows that matters; the app may not read on until the end. @default never */
  isFinal?(): boolean;
}

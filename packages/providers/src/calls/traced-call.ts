import {
  type ActiveSpan,
  type EndSpanOptions,
  isCacheHit,
  type Rivulet,
  requestIdIn,
  type SpanType,
  type SpanWatch,
} from "@rivulet/core";
import type { CallAnswer, Endpoint, StreamReader } from "./endpoint.ts";
import { type Fields, fieldOf, numberOf, textOf, withoutNothing } from "./read-value.ts";

/** One call of a provider, and its span. */
export interface TracedCall {
  readonly rivulet: Rivulet;
  readonly span: ActiveSpan;
  readonly endpoint: Endpoint;
  readonly provider: string;
  /** Puts the answer together while it streams. */
  reader: StreamReader | undefined;
  /** Sees whether anybody still reads the stream. */
  watch: SpanWatch | undefined;
  /** The answer, or the stream of it, has been seen. */
  seen: boolean;
  /** The app waits for the next chunk of the stream. */
  waiting: boolean;
  /** What the HTTP response says beside its body. It is written when the call ends. */
  response: Fields | undefined;
  ended: boolean;
}

/** Which client is called. */
export interface CallOrigin {
  readonly rivulet: Rivulet;
  readonly provider: string;
}

/** Spans that stand for a call of a model. */
const MODEL_TYPES: ReadonlySet<SpanType> = new Set(["chat_model", "llm", "embedding"]);

/**
 * Starts the span of a call. `undefined` when nothing is to be recorded: the trace is not sampled, or the span that is
 * active is a model's itself, such as that of a framework which records the call already. Never throws.
 *
 * @param read reads the request, which may be anything
 */
export function startCall(
  { rivulet, provider }: CallOrigin,
  endpoint: Endpoint,
  read: () => Fields,
): TracedCall | undefined {
  try {
    if (isModelActive(rivulet)) return undefined;
    const body = read();
    const { operation, type } = endpoint;
    const model = textOf(body["model"]);
    const span = rivulet.startSpan(model === undefined ? operation : `${operation} ${model}`, {
      type,
      provider,
      ...(model === undefined ? {} : { model }),
    });
    const call: TracedCall = {
      rivulet,
      span,
      endpoint,
      provider,
      reader: undefined,
      watch: undefined,
      seen: false,
      waiting: false,
      response: undefined,
      ended: false,
    };
    if (!span.sampled) return undefined;
    describeRequest(call, body);
    return call;
  } catch (error) {
    rivulet.reportError(error);
    return undefined;
  }
}

/** Whether the span that is active stands for the call of a model, which is then recorded already. */
export function isModelActive(rivulet: Rivulet): boolean {
  const active = rivulet.activeSpan();
  return active !== undefined && !active.ended && MODEL_TYPES.has(active.type);
}

/** Writes what goes to the provider; again when more of it is known. */
export function describeRequest(call: TracedCall, body: Fields): void {
  guard(call, () => {
    const { model, input, settings = {} } = call.endpoint.request(body);
    const { span } = call;
    const name = `${call.endpoint.operation} ${model}`;
    if (model !== undefined && span.name !== name) {
      span.setName(name);
      span.setModel(model, call.provider);
    }
    if (input !== undefined) span.setInput(input);
    span.setAttributes(withoutNothing(settings));
  });
}

/** Notes what the HTTP response says beside its body. */
export function noteResponse(call: TracedCall, response: unknown): void {
  guard(call, () => {
    const headers = fieldOf(response, "headers");
    call.response = {
      httpStatus: numberOf(fieldOf(response, "status")),
      requestId: requestIdIn(headers),
      cached: isCacheHit(headers) ? true : undefined,
    };
  });
}

/** Ends the call by its answer. */
export function answerCall(call: TracedCall, value: unknown): void {
  if (call.ended) return;
  close(call, () => describeAnswer(call, value));
}

/** Ends the call by what was thrown, with what has come of the answer so far. */
export function failCall(call: TracedCall, error: unknown): void {
  if (call.ended) return;
  close(call, () => {
    const { output } = partOfAnswer(call);
    call.span.setAttributes(knownOf(call.response));
    return { error: error ?? "nothing was thrown", ...output };
  });
}

/** Ends the call without a whole answer: somebody has stopped it, or nobody reads on. */
export function stopCall(call: TracedCall, end: EndSpanOptions): void {
  if (call.ended) return;
  if (end.status === "abandoned") {
    guard(call, () => call.span.end({ ...end, ...partOfAnswer(call).output }));
    return;
  }
  close(call, () => ({ ...end, ...partOfAnswer(call).output }));
}

/** Ends the call as one whose answer the app reads itself. */
export function releaseCall(call: TracedCall): void {
  if (call.ended) return;
  close(call, () => {
    call.span.setAttributes(knownOf(call.response));
    return {};
  });
}

function close(call: TracedCall, describe: () => EndSpanOptions): void {
  call.ended = true;
  call.watch?.stop();
  let end: EndSpanOptions = {};
  guard(call, () => {
    end = describe();
  });
  call.span.end(end);
}

function partOfAnswer(call: TracedCall): { readonly output: Pick<EndSpanOptions, "output"> } {
  let output: Pick<EndSpanOptions, "output"> = {};
  guard(call, () => {
    const value = call.reader?.answer();
    if (value === undefined) return;
    const answer = call.endpoint.answer(value);
    writeAnswer(call, answer);
    if (answer.output !== undefined) output = { output: answer.output };
  });
  return { output };
}

function describeAnswer(call: TracedCall, value: unknown): EndSpanOptions {
  const answer = call.endpoint.answer(value);
  writeAnswer(call, answer);
  const output = answer.output === undefined ? {} : { output: answer.output };
  return answer.error === undefined || answer.error === null
    ? output
    : { ...output, error: answer.error };
}

function writeAnswer({ span, provider, response }: TracedCall, answer: CallAnswer): void {
  const { model, usage, cost, attributes } = answer;
  if (model !== undefined) span.setModel(model, provider);
  if (usage !== undefined) span.setUsage(usage);
  if (cost !== undefined) span.setCost(cost);
  span.setAttributes(withoutNothing({ ...response, ...attributes }));
}

function knownOf(facts: Fields | undefined): Fields {
  return facts === undefined ? {} : withoutNothing(facts);
}

/** A defect of ours must not spoil the app's answer. */
export function guard({ rivulet }: Pick<TracedCall, "rivulet">, work: () => void): void {
  try {
    work();
  } catch (error) {
    rivulet.reportError(error);
  }
}

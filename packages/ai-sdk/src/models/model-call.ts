import { AsyncLocalStorage } from "node:async_hooks";
import {
  type ActiveSpan,
  type EndSpanOptions,
  isReadable,
  type PromptRef,
  type Rivulet,
  type StreamObserver,
  tapReadable,
} from "@rivulet/core";
import { toAnswer, toStoredMessages, toStoredTools } from "../sdk/chat-message.ts";
import { endOfFailure, keptError, type RecordPolicy } from "../sdk/policy.ts";
import { processState } from "../sdk/process-state.ts";
import { compact, type Fields, fieldsOf, textOf } from "../sdk/read-value.ts";
import { type AnswerRecorder, createAnswerRecorder } from "./answer-recorder.ts";
import {
  describeAnswer,
  requestDetails,
  requestedTier,
  requestSettings,
} from "./model-attributes.ts";

/** One call of a language model, with all its attempts: a span, and what is known of it until it ends. */
export interface ModelCall {
  readonly rivulet: Rivulet;
  readonly span: ActiveSpan;
  readonly parent: ActiveSpan | undefined;
  readonly policy: RecordPolicy;
  /** Something happened. */
  readonly onNews: () => void;
  /** The stream broke: no event may come of it. */
  readonly onBroken: (error: unknown) => void;
  /** Its input is known. */
  described: boolean;
  attempts: number;
  /** How many wait for the provider now; 0 while nobody reads the stream. */
  waiting: number;
  ended: boolean;
  /** The model has said what it had to: what comes now is not within it, although its end is not told yet. */
  answered: boolean;
  /** The provider has told its usage. */
  counted: boolean;
  signal: AbortSignal | undefined;
  failure: { readonly error: unknown } | undefined;
  recorder: AnswerRecorder | undefined;
  /** What a stream has told of its answer so far. */
  told: Fields | undefined;
}

/** What {@link startModelCall} takes. */
export interface ModelCallOptions extends ModelRequest {
  readonly rivulet: Rivulet;
  /** @default the active span */
  readonly parent?: ActiveSpan | undefined;
  readonly policy: RecordPolicy;
  readonly provider: unknown;
  readonly modelId: unknown;
  readonly experimentId?: string | undefined;
  readonly onNews?: () => void;
  readonly onBroken?: (error: unknown) => void;
}

const nothing = (): void => undefined;
/** The model call whose attempt runs. */
const current = processState("model-call", () => new AsyncLocalStorage<ModelCall>());

/** The model call that encloses this code, when it is still going on. */
export function activeModelCall(rivulet: Rivulet): ModelCall | undefined {
  const call = current.getStore();
  if (call === undefined || isOver(call)) return undefined;
  // Its tools may run while it streams: they hang beside it.
  return rivulet.activeSpan()?.isWithin(call.span) === true ? call : undefined;
}

/** The span under which a new call hangs: a model call that is over is no longer around it. */
export function enclosingSpan(rivulet: Rivulet): ActiveSpan | undefined {
  const active = rivulet.activeSpan();
  const call = current.getStore();
  return call?.span === active && call !== undefined && isOver(call)
    ? (call.parent ?? active)
    : active;
}

/** Makes the call the active one for the rest of the running function; see `Rivulet.enterSpan`. */
export function enterModelCall(call: ModelCall): void {
  current.enterWith(call);
  call.rivulet.enterSpan(call.span);
}

function isOver({ ended, answered }: ModelCall): boolean {
  return ended || answered;
}

/** Starts the span of a model call. */
export function startModelCall(options: ModelCallOptions): ModelCall {
  const { rivulet, parent, policy, experimentId } = options;
  const modelId = textOf(options.modelId) ?? "unknown model";
  const provider = textOf(options.provider);
  const span = rivulet.startSpan(`chat ${modelId}`, {
    type: "chat_model",
    model: modelId,
    ...(parent === undefined ? {} : { parent }),
    ...(provider === undefined ? {} : { provider }),
    ...(experimentId === undefined ? {} : { experimentId }),
  });
  const call: ModelCall = {
    rivulet,
    span,
    parent,
    policy,
    onNews: options.onNews ?? nothing,
    onBroken: options.onBroken ?? nothing,
    described: false,
    attempts: 0,
    waiting: 0,
    ended: false,
    answered: false,
    counted: false,
    signal: undefined,
    failure: undefined,
    recorder: undefined,
    told: undefined,
  };
  if (span.sampled !== false) describeRequest(call, options);
  return call;
}

/** What goes to the model. */
export interface ModelRequest {
  readonly instructions?: unknown;
  readonly messages: unknown;
  readonly tools?: unknown;
  /** Where `temperature` and the like are read from. */
  readonly settings: object;
  readonly prompts: readonly PromptRef[];
}

/** Writes what goes to the model; the first who knows it does. */
export function describeRequest(call: ModelCall, request: ModelRequest): void {
  for (const ref of request.prompts) call.span.linkPrompt(ref);
  // The model itself is told more than the telemetry: of its format, and of its options in AI SDK 6.
  const details = call.policy.inputs ? requestDetails(request.settings) : undefined;
  if (details !== undefined) call.span.setAttributes(details);
  const tier = requestedTier(request.settings);
  if (tier !== undefined) call.span.setAttributes(tier);
  if (call.described || request.messages === undefined) return;
  call.described = true;
  const { span, policy } = call;
  if (policy.inputs) {
    const messages = toStoredMessages(request.instructions, request.messages);
    const tools = toStoredTools(request.tools);
    span.setInput(tools === undefined ? { messages } : { messages, tools });
  }
  const settings = requestSettings(request.settings);
  if (settings !== undefined) span.setAttributes(settings);
}

/** One attempt at the call. What comes back, or is thrown, is what `execute` gave. */
export async function runAttempt<T>(call: ModelCall, execute: () => PromiseLike<T>): Promise<T> {
  const { rivulet, span } = call;
  if (span.sampled === false) return rivulet.runInSpan(span, execute);
  beginAttempt(call);
  try {
    return observe(call, await runInModelCall(call, execute));
  } catch (error) {
    call.failure = { error };
    throw error;
  } finally {
    call.waiting--;
    call.onNews();
  }
}

/** Runs `work` as part of the call. */
export function runInModelCall<T>(call: ModelCall, work: () => T): T {
  return current.run(call, () => call.rivulet.runInSpan(call.span, work));
}

/** Ends a call that has not ended by its answer: with what has come so far. */
export function closeModelCall(call: ModelCall, end: EndSpanOptions): void {
  if (call.ended) return;
  call.ended = end.status !== "abandoned";
  const output = call.policy.outputs ? call.recorder?.answer() : undefined;
  const characters = call.recorder?.characters() ?? 0;
  // Marked as what it is: the provider bills a stopped answer, but does not say how much.
  if (!call.counted && call.told !== undefined) describeAnswer(call, call.told);
  if (!call.counted && characters > 0)
    call.span.setAttributes({ outputTokensEstimate: Math.ceil(characters / 4) });
  call.span.end(output === undefined ? end : { ...end, output: { messages: [output] } });
}

/** Ends a call whose last attempt failed, by that failure, else as given. */
export function closeByFailure(call: ModelCall, otherwise: EndSpanOptions): void {
  const { failure } = call;
  closeModelCall(
    call,
    failure === undefined ? otherwise : endOfFailure(failure.error, call.policy, call.signal),
  );
}

/** Ends a call by an answer that is known as a whole. */
export function completeModelCall(call: ModelCall, result: Fields, endTime?: number): void {
  if (call.ended) return;
  call.ended = true;
  describeAnswer(call, result);
  const time = endTime === undefined ? {} : { endTime };
  const output = { messages: [toAnswer(result["content"])] };
  call.span.end(call.policy.outputs ? { ...time, output } : time);
}

function beginAttempt(call: ModelCall): void {
  const { failure, policy, span } = call;
  call.attempts++;
  call.waiting++;
  call.onNews();
  if (failure === undefined) return;
  const error = keptError(failure.error, policy);
  const message = error instanceof Error ? error.message : error;
  span.addEvent("retry", { attempt: call.attempts, error: message });
  call.failure = undefined;
}

/** The result with its stream tapped. A defect of ours must not spoil the user's answer. */
function observe<T>(call: ModelCall, result: T): T {
  try {
    const fields = fieldsOf(result);
    if (fields === undefined) return result;
    const { stream } = fields;
    if (isReadable(stream)) {
      const observer = streamObserver(call, fields["response"]);
      return { ...result, stream: tapReadable(stream, observer) };
    }
    if (Array.isArray(fields["content"])) completeModelCall(call, fields);
  } catch (error) {
    call.rivulet.reportError(error);
  }
  return result;
}

function streamObserver(call: ModelCall, response: unknown): StreamObserver {
  const recorder = createAnswerRecorder();
  call.recorder = recorder;
  const answer: Record<string, unknown> = { response };
  call.told = answer;
  let hasOutput = false;

  function take(chunk: Fields): void {
    switch (chunk["type"]) {
      case "stream-start":
        answer["warnings"] = chunk["warnings"];
        break;
      case "response-metadata":
        answer["response"] = { ...fieldsOf(answer["response"]), ...chunk };
        break;
      case "raw":
        // Only where the app asks for them; providers say there what the SDK leaves out.
        answer["response"] = { ...fieldsOf(answer["response"]), ...bodyOf(chunk["rawValue"]) };
        break;
      case "error":
        call.failure = { error: chunk["error"] };
        break;
      case "finish":
        describeAnswer(call, { ...answer, ...chunk });
        call.counted = true;
        closeByFailure(call, {});
        break;
      default:
        if (recorder.add(chunk) && !hasOutput) {
          hasOutput = true;
          call.span.markFirstToken();
        }
    }
  }
  return safeObserver(call, take);
}

/** The first chunks of a stream of OpenAI's shape repeat the facts of its answer. */
function bodyOf(raw: unknown): Fields {
  const { system_fingerprint, service_tier } = fieldsOf(raw) ?? {};
  const body = compact({ system_fingerprint, service_tier });
  return Object.keys(body).length === 0 ? {} : { body };
}

function safeObserver(call: ModelCall, take: (chunk: Fields) => void): StreamObserver {
  function arrived(work: () => void): void {
    call.waiting--;
    call.onNews();
    try {
      work();
    } catch (error) {
      call.rivulet.reportError(error);
    }
  }
  return {
    pulled(): void {
      call.waiting++;
    },
    chunk: (chunk) => arrived(() => take(fieldsOf(chunk) ?? {})),
    done: () => arrived(() => closeByFailure(call, {})),
    failed: (error) =>
      arrived(() => {
        call.failure = { error };
        closeByFailure(call, {});
        call.onBroken(error);
      }),
    left(reason): void {
      call.onNews();
      closeByFailure(call, cancelledEnd(call, reason));
    },
  };
}

function cancelledEnd(call: ModelCall, reason: unknown): EndSpanOptions {
  const end = endOfFailure(reason, call.policy, call.signal);
  return end.status === "cancelled" ? end : { status: "cancelled" };
}

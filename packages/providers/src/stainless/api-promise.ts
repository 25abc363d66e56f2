import { replaceMethod, tapIterators } from "@rivulet/core";
import { observeStream } from "../calls/observe-stream.ts";
import { type Fields, fieldOf, isMethod, isThenable } from "../calls/read-value.ts";
import {
  answerCall,
  failCall,
  guard,
  noteResponse,
  releaseCall,
  type TracedCall,
} from "../calls/traced-call.ts";

/** The promise of a client that reads its answer only when it is asked to. */
interface ApiPromise {
  readonly responsePromise: PromiseLike<unknown>;
}

/**
 * Lets the call see what the app gets from the promise of an OpenAI or Anthropic client. It stays the promise that it is
 * (`withResponse()`, `asResponse()`), and reads its answer as late as ever.
 */
export function followPromise(promise: unknown, call: TracedCall): void {
  if (isApiPromise(promise)) followApiPromise(promise, call);
  else if (isThenable(promise)) watchOutcome(promise, call);
  else see(promise, call);
}

function isApiPromise(value: unknown): value is ApiPromise {
  const isParser = typeof fieldOf(value, "parse") === "function";
  return isParser && isThenable(fieldOf(value, "responsePromise"));
}

/** Calls whose response is read by something else than their promise. */
const handedOver = new WeakMap<object, TracedCall>();

/** The call of a response that the client reads by another way than the call's promise; only the first who asks gets it. */
export function takeOver(response: unknown): TracedCall | undefined {
  if (typeof response !== "object" || response === null) return undefined;
  const call = handedOver.get(response);
  handedOver.delete(response);
  return call;
}

function followApiPromise(promise: ApiPromise, call: TracedCall): void {
  let isParsed = false;
  replaceMethod(promise, "parse", (parse) => () => {
    if (isParsed) return parse();
    isParsed = true;
    notePromised(promise, call);
    const parsed = parse();
    if (isThenable(parsed)) watchOutcome(parsed, call);
    return parsed;
  });
  replaceMethod(promise, "asResponse", (asResponse) => () => {
    const response = asResponse();
    if (!isParsed && isThenable(response)) {
      response.then(
        (given) => {
          noteResponse(call, given);
          if (!isParsed) releaseCall(call);
        },
        (error: unknown) => failCall(call, error),
      );
    }
    return response;
  });
  // Helpers of Anthropic's client take the response from it, and may read that themselves.
  replaceMethod(promise, "_responseProps", (responseProps) => () => {
    const props = responseProps();
    if (isThenable(props)) handOver(props, call);
    return props;
  });
  // What helpers of the client make of the answer, or throw at it, is theirs; the answer is seen before.
  replaceMethod(promise, "_thenUnwrap", (unwrap) => (transform) => {
    const inner = unwrap((data: unknown, props: unknown) => {
      see(data, call);
      return (transform as (data: unknown, props: unknown) => unknown)(data, props);
    });
    followPromise(inner, call);
    return inner;
  });
}

function handOver(props: PromiseLike<unknown>, call: TracedCall): void {
  props.then(
    (given) => {
      const response = fieldOf(given, "response");
      noteResponse(call, response);
      if (typeof response === "object" && response !== null) handedOver.set(response, call);
    },
    (error: unknown) => failCall(call, error),
  );
}

function notePromised({ responsePromise }: ApiPromise, call: TracedCall): void {
  responsePromise.then(
    (props) => noteResponse(call, fieldOf(props, "response")),
    () => undefined,
  );
}

function watchOutcome(promise: PromiseLike<unknown>, call: TracedCall): void {
  promise.then(
    (value) => see(value, call),
    (error: unknown) => failCall(call, error),
  );
}

/** Sees the answer, or its stream, before the app does. */
function see(value: unknown, call: TracedCall): void {
  if (call.seen || call.ended) return;
  call.seen = true;
  if (!isStream(value)) {
    answerCall(call, value);
    return;
  }
  guard(call, () => {
    const observer = observeStream(call, fieldOf(value["controller"], "signal"));
    const method = typeof value["iterator"] === "function" ? "iterator" : Symbol.asyncIterator;
    if (!tapIterators(value, method, observer)) releaseCall(call);
  });
}

function isStream(value: unknown): value is Fields {
  return isMethod(value, Symbol.asyncIterator);
}

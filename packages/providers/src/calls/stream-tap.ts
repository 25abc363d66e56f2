import { type Method, replaceMethod } from "./own-methods.ts";
import { fieldOf, isThenable } from "./read-value.ts";
import { answerCall, failCall, guard, stopCall, type TracedCall } from "./traced-call.ts";

/** Sees a stream pass by. */
export interface StreamObserver {
  /** The app wants the next chunk. */
  pulled(): void;
  /** A chunk is on its way to the app. */
  chunk(chunk: unknown): void;
  /** There are no more. */
  done(): void;
  /** It broke. */
  failed(error: unknown): void;
  /** The app stops reading. */
  left(): void;
}

const LEFT = "The consumer stopped reading.";

/** Follows a stream to the end of its call. `signal` says that the app has stopped it. */
export function observeStream(call: TracedCall, signal?: unknown): StreamObserver {
  const isAborted = (): boolean => signal instanceof AbortSignal && signal.aborted;
  call.seen = true;
  call.reader = call.endpoint.readStream?.();
  if (signal instanceof AbortSignal) stopWith(call, signal);
  const observer: StreamObserver = {
    pulled() {
      call.waiting = true;
    },
    chunk: (chunk) => takeChunk(call, chunk),
    done() {
      if (isAborted() && call.reader?.isComplete() !== true)
        stopCall(call, { status: "cancelled" });
      else answerCall(call, call.reader?.answer());
    },
    failed: (error) => failCall(call, error),
    left() {
      if (call.reader?.isComplete() === true) answerCall(call, call.reader.answer());
      else stopCall(call, { status: "cancelled", statusMessage: LEFT });
    },
  };
  startWatch(call, observer);
  return observer;
}

/** What is watched must not hold what it is alive with. */
function startWatch(call: TracedCall, aliveWith: object): void {
  call.watch = call.rivulet.watchSpan(call.span, {
    aliveWith,
    onAbandoned: (end) => stopCall(call, end),
  });
}

/**
 * Ends a call that is stopped while nobody waits for its stream. Else the stream tells how it ends: clients abort their
 * requests themselves when these break.
 */
function stopWith(call: TracedCall, signal: AbortSignal): void {
  const stop = (): void => {
    if (!call.waiting && call.reader?.isComplete() !== true)
      stopCall(call, { status: "cancelled" });
  };
  signal.addEventListener("abort", stop, { once: true });
}

function takeChunk(call: TracedCall, chunk: unknown): void {
  if (call.ended) return;
  call.waiting = false;
  guard(call, () => {
    call.watch?.touch();
    const { reader } = call;
    if (reader?.add(chunk) === true) call.span.markFirstToken();
    if (reader?.isFinal?.() === true) answerCall(call, reader.answer());
  });
}

/**
 * Lets `observer` see what an iterator gives. It stays the iterator that it is: only its steps are told of, in their
 * order and at the pace of who reads.
 */
export function tapIterator(iterator: object, observer: StreamObserver): void {
  const follow = (step: unknown): unknown =>
    isThenable(step) ? step.then(noted, thrown) : noted(step);
  const noted = (step: unknown): unknown => {
    if (fieldOf(step, "done") === true) observer.done();
    else observer.chunk(fieldOf(step, "value"));
    return step;
  };
  const thrown = (error: unknown): never => {
    observer.failed(error);
    throw error;
  };
  replaceMethod(iterator, "next", (next) => (...values) => {
    observer.pulled();
    return follow(next(...values));
  });
  const leaving = (method: Method): Method => {
    return (...values) => {
      observer.left();
      return method(...values);
    };
  };
  replaceMethod(iterator, "return", leaving);
  replaceMethod(iterator, "throw", leaving);
}

/** The same for each iterator that the method of an object makes. */
export function tapIterators(stream: object, method: PropertyKey, observer: StreamObserver): void {
  replaceMethod(stream, method, (make) => (...values) => {
    const iterator = make(...values);
    if (typeof iterator === "object" && iterator !== null) tapIterator(iterator, observer);
    return iterator;
  });
}

/** A stream of the same class in its place, which holds no chunk of its own. */
export function tapReadable(
  source: ReadableStream<unknown>,
  observer: StreamObserver,
): ReadableStream<unknown> {
  const reader = source.getReader();
  async function pull(controller: ReadableStreamDefaultController<unknown>): Promise<void> {
    observer.pulled();
    const next = await reader.read().catch((error: unknown) => {
      observer.failed(error);
      throw error;
    });
    if (next.done) {
      observer.done();
      controller.close();
      return;
    }
    observer.chunk(next.value);
    controller.enqueue(next.value);
  }
  function cancel(reason: unknown): Promise<void> {
    observer.left();
    return reader.cancel(reason);
  }
  // Its own constructor would read bytes; what it makes is a plain stream with the class's methods.
  return Reflect.construct(
    ReadableStream,
    [{ pull, cancel }, { highWaterMark: 0 }],
    source.constructor as typeof ReadableStream,
  );
}

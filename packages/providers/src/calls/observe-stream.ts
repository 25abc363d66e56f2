import type { StreamObserver } from "@rivulet/core";
import { answerCall, failCall, guard, stopCall, type TracedCall } from "./traced-call.ts";

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

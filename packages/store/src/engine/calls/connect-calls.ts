import { type BirpcReturn, createBirpc } from "birpc";
import { receiveError, type SentError, sendError } from "./sent-error.ts";

/** One end of a way between two threads, such as a worker or its parent port. */
export interface Channel {
  postMessage(message: unknown): void;
  on(event: "message", listen: (message: unknown) => void): unknown;
}

/** The other thread's functions, callable from here. */
export type Calls<Remote extends object> = BirpcReturn<Remote>;

/** A failed answer of birpc. Its error crosses in parts: a copied error has lost its code. */
interface FailedAnswer {
  readonly e: unknown;
}

/**
 * Lets two threads call each other's functions. Arguments and results cross as `structuredClone` copies them,
 * bytes included; errors keep code, message, details, and the text of their cause.
 */
export function connectCalls<Remote extends object, Local extends object>(
  channel: Channel,
  functions: Local,
): Calls<Remote> {
  return createBirpc<Remote, Record<string, unknown>>(functions as Record<string, unknown>, {
    bind: "functions",
    // A call takes as long as its database: a dead worker is noticed by its end, not by a clock.
    timeout: -1,
    post: (message: unknown) => channel.postMessage(message),
    on(receive) {
      channel.on("message", receive);
    },
    serialize: (message: object) =>
      isFailed(message) ? { ...message, e: sendError(message.e) } : message,
    deserialize: (message: object) =>
      isFailed(message) ? { ...message, e: receiveError(message.e as SentError) } : message,
    // An answer that cannot be copied becomes a failed answer; a call that cannot be copied throws where it is made.
    onGeneralError: (_error, answered) => answered !== undefined,
  });
}

function isFailed(message: object): message is FailedAnswer {
  return "e" in message && message.e !== undefined;
}

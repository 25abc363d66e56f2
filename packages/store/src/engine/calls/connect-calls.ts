import { type BirpcReturn, createBirpc } from "birpc";
import { receiveError, type SentError, sendError } from "./sent-error.ts";

/** One end of a channel between two threads, such as a worker or its parent port. */
export interface Channel {
  postMessage(message: unknown): void;
  on(event: "message", listen: (message: unknown) => void): unknown;
}

/** The other thread's functions. */
export type Calls<Remote extends object> = BirpcReturn<Remote>;

/** A failed response of birpc. Its error is sent in parts, because a copied error loses its code. */
interface FailedAnswer {
  readonly e: unknown;
}

/**
 * Lets two threads call each other's functions. Arguments and results are copied as by `structuredClone`, bytes
 * included; errors keep their code, message, details and the text of their cause.
 */
export function connectCalls<Remote extends object, Local extends object>(
  channel: Channel,
  functions: Local,
): Calls<Remote> {
  return createBirpc<Remote, Record<string, unknown>>(functions as Record<string, unknown>, {
    bind: "functions",
    // A call may take as long as the database takes: a dead worker is noticed by its exit, not by a timeout.
    timeout: -1,
    post: (message: unknown) => channel.postMessage(message),
    on(receive) {
      channel.on("message", receive);
    },
    serialize: (message: object) =>
      isFailed(message) ? { ...message, e: sendError(message.e) } : message,
    deserialize: (message: object) =>
      isFailed(message) ? { ...message, e: receiveError(message.e as SentError) } : message,
    // A result that cannot be copied becomes a failed response; a call that cannot be copied throws at the caller.
    onGeneralError: (_error, answered) => answered !== undefined,
  });
}

function isFailed(message: object): message is FailedAnswer {
  return "e" in message && message.e !== undefined;
}

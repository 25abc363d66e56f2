import type { Rivulet } from "@rivulet/core";
import { Refusal } from "../http/refusal.ts";
import { createEventStream, type EventStream } from "./event-stream.ts";

/** The open live views of one handler. */
export interface EventStreams {
  /** A response that streams changes for as long as it is read. @throws Refusal 503 when there are too many */
  open(): Response;
  close(): void;
}

/** Live views over one subscription, which lasts as long as somebody looks. */
export function createEventStreams(
  rivulet: Pick<Rivulet, "subscribe">,
  maxStreams: number,
): EventStreams {
  const streams = new Set<EventStream>();
  let unsubscribe: (() => void) | undefined;

  const add = (stream: EventStream): void => {
    streams.add(stream);
    unsubscribe ??= rivulet.subscribe((change) => {
      for (const { tell } of streams) tell(change);
    });
  };
  const remove = (stream: EventStream): void => {
    streams.delete(stream);
    if (streams.size > 0) return;
    unsubscribe?.();
    unsubscribe = undefined;
  };

  return {
    open() {
      if (streams.size >= maxStreams) {
        throw new Refusal({
          status: 503,
          code: "limit_exceeded",
          message: `There are ${maxStreams} live views already.`,
          headers: { "retry-after": "10" },
        });
      }
      const stream = createEventStream(() => remove(stream));
      add(stream);
      return new Response(stream.body, {
        headers: {
          "content-type": "text/event-stream; charset=utf-8",
          // A compressing middleware would hold the events back.
          "cache-control": "no-store, no-transform",
          "x-accel-buffering": "no",
        },
      });
    },
    close() {
      for (const stream of [...streams]) stream.end();
    },
  };
}

import type { StoreChange } from "@rivulet/core";
import { createChangeGatherer } from "./change-gatherer.ts";

/** One live view. */
export interface EventStream {
  readonly body: ReadableStream<Uint8Array>;
  tell(change: StoreChange): void;
  end(): void;
}

/** Changes are gathered this long, so that a busy trainer makes a few events a second, not hundreds. */
const GATHER_MS = 100;
const HEARTBEAT_MS = 15_000;
/** Milliseconds after which a browser comes back. */
const RETRY_MS = 2000;

/**
 * Changes as server-sent events. Where the reader is slow, changes are merged instead of queued.
 *
 * @param onEnd called once, however it ends
 */
export function createEventStream(onEnd: () => void): EventStream {
  const changes = createChangeGatherer();
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const send = (text: string): void => stream?.enqueue(Buffer.from(text));
  const isTaking = (): boolean => (stream?.desiredSize ?? 0) > 0;
  const flush = (): void => {
    timer = undefined;
    if (!isTaking()) return;
    for (const change of changes.take()) {
      send(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
    }
  };
  const later = (): void => {
    timer ??= setTimeout(flush, GATHER_MS).unref();
  };
  const heartbeat = setInterval(() => {
    if (isTaking()) send(": still here\n\n");
  }, HEARTBEAT_MS).unref();
  const stop = (): void => {
    if (stream === undefined) return;
    stream = undefined;
    clearInterval(heartbeat);
    clearTimeout(timer);
    onEnd();
  };

  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stream = controller;
        send(`retry: ${RETRY_MS}\n\n`);
      },
      pull() {
        if (!changes.isEmpty()) later();
      },
      cancel: stop,
    },
    { highWaterMark: 16 },
  );
  return {
    body,
    tell(change) {
      changes.add(change);
      later();
    },
    end() {
      stream?.close();
      stop();
    },
  };
}

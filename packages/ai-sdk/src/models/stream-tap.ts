/** Sees a stream pass by. */
export interface StreamObserver {
  /** The consumer wants the next chunk. */
  pulled(): void;
  chunk(chunk: unknown): void;
  done(): void;
  failed(error: unknown): void;
  cancelled(reason: unknown): void;
}

/**
 * The same stream, seen by `observer`. It holds no chunk of its own, so back-pressure reaches the source as
 * if nothing was between. The observer must not throw.
 */
export function tapStream<T>(
  source: ReadableStream<T>,
  observer: StreamObserver,
): ReadableStream<T> {
  const reader = source.getReader();
  async function pull(controller: ReadableStreamDefaultController<T>): Promise<void> {
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
    observer.cancelled(reason);
    return reader.cancel(reason);
  }
  return new ReadableStream<T>({ pull, cancel }, { highWaterMark: 0 });
}

/** Whether the value can be tapped. */
export function isStream(value: unknown): value is ReadableStream<unknown> {
  return value instanceof ReadableStream && !value.locked;
}

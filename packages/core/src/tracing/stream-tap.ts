import { type Method, replaceMethod } from "./own-methods.ts";

/** Sees a stream pass by, on behalf of an adapter. It must not throw. */
export interface StreamObserver {
  /** The consumer wants the next chunk. */
  readonly pulled: () => void;
  /** A chunk is on its way to the consumer. */
  readonly chunk: (chunk: unknown) => void;
  /** There are no more. */
  readonly done: () => void;
  /** It broke. */
  readonly failed: (error: unknown) => void;
  /** The consumer stops reading; a `ReadableStream` is told a reason. */
  readonly left: (reason?: unknown) => void;
}

/** Whether this is a `ReadableStream` that nobody reads yet. */
export function isReadable(value: unknown): value is object {
  return value instanceof ReadableStream && !value.locked;
}

/**
 * The same `ReadableStream`, of the same class, seen by `observer`. It holds no chunk of its own, so that back-pressure
 * reaches the source as if nothing was between. The source is locked from now on.
 *
 * @throws {TypeError} when somebody reads it already
 */
export function tapReadable<S extends object>(source: S, observer: StreamObserver): S {
  let reader: ReadableStreamDefaultReader<unknown>;
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
    observer.left(reason);
    return reader.cancel(reason);
  }
  // Its own constructor may want something else; what is made is a plain stream with the methods of the class.
  const tapped = Reflect.construct(
    ReadableStream,
    [{ pull, cancel }, { highWaterMark: 0 }],
    source.constructor as typeof ReadableStream,
  ) as unknown as S;
  reader = (source as unknown as ReadableStream<unknown>).getReader();
  return tapped;
}

/**
 * Lets `observer` see what an iterator gives. It stays the iterator that it is: only its steps are told of, in their
 * order and at the pace of who reads. `false` when it cannot be changed.
 */
export function tapIterator(iterator: object, observer: StreamObserver): boolean {
  const noted = (step: unknown): unknown => {
    if (field(step, "done") === true) observer.done();
    else observer.chunk(field(step, "value"));
    return step;
  };
  const thrown = (error: unknown): never => {
    observer.failed(error);
    throw error;
  };
  const isTapped = replaceMethod(iterator, "next", (next) => (...values) => {
    observer.pulled();
    const step = next(...values);
    return isThenable(step) ? step.then(noted, thrown) : noted(step);
  });
  const leaving = (method: Method): Method => {
    return (...values) => {
      observer.left();
      return method(...values);
    };
  };
  replaceMethod(iterator, "return", leaving);
  replaceMethod(iterator, "throw", leaving);
  return isTapped;
}

/** The same for each iterator that the method of an object makes. `false` when there is no such method to change. */
export function tapIterators(
  iterable: object,
  method: PropertyKey,
  observer: StreamObserver,
): boolean {
  return replaceMethod(iterable, method, (make) => (...values) => {
    const iterator = make(...values);
    if (typeof iterator === "object" && iterator !== null) tapIterator(iterator, observer);
    return iterator;
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof field(value, "then") === "function";
}

import { isReadable, type StreamObserver, tapIterators, tapReadable } from "./stream-tap.ts";
import type { ActiveSpan, EndSpanOptions, SpanWatch, SpanWatchOptions } from "./tracing.ts";

/** Watches over a span; see `Tracing.watchSpan`. */
export type WatchOver = (span: ActiveSpan, options: SpanWatchOptions) => SpanWatch;

/** What the caller gets in the place of a result with a stream. */
export interface FollowedResult {
  readonly result: unknown;
}

/**
 * Lets the end of a result's stream end the span. `undefined` for a result that has none, or whose stream is read already
 * or cannot be followed. Never throws.
 */
export function followStream(
  span: ActiveSpan,
  watchOver: WatchOver,
  result: unknown,
): FollowedResult | undefined {
  if (typeof result !== "object" || result === null) return undefined;
  try {
    return follow(result, (tap, readPart) => {
      const reading = startReading(span, readPart);
      const stream = tap(reading.observer);
      // What is watched must not hold what it is alive with.
      if (stream !== undefined) reading.watch(watchOver, stream);
      return stream;
    });
  } catch {
    return undefined;
  }
}

/** Taps a stream, and watches over what comes of it; `undefined` when it cannot be tapped. */
type Follow = <S extends object>(
  tap: (observer: StreamObserver) => S | undefined,
  readPart?: (chunk: unknown) => PartEnd | undefined,
) => S | undefined;

function follow(result: object, followed: Follow): FollowedResult | undefined {
  if (result instanceof Response) return followBody(result, followed);
  if (result instanceof ReadableStream) return followReadable(result, followed);
  if (followSdkResult(result, followed)) return { result };
  const method = Symbol.asyncIterator;
  const same = followed((observer) =>
    tapIterators(result, method, observer) ? result : undefined,
  );
  return same && { result: same };
}

function followReadable(stream: object, followed: Follow): FollowedResult | undefined {
  if (!isReadable(stream)) return undefined;
  return { result: followed((observer) => tapReadable(stream, observer)) };
}

/** A response cannot be given another body: it is another one with the same status and headers. */
function followBody(response: Response, followed: Follow): FollowedResult | undefined {
  const { body, status, statusText, headers, url } = response;
  if (body === null || body.locked) return undefined;
  const stream = followed((observer) => tapReadable(body, observer));
  const result = new Response(stream, { status, statusText, headers });
  if (url !== "") Object.defineProperty(result, "url", { value: url, configurable: true });
  return { result };
}

/** The results of the AI SDK give all of their streams and promises out of one stream, in versions 5 to 7. */
function followSdkResult(result: object, followed: Follow): boolean {
  const base: unknown = Reflect.get(result, "baseStream");
  if (!isReadable(base) || !Reflect.set(result, "baseStream", base)) return false;
  const tapped = followed((observer) => tapReadable(base, observer), endOfPart);
  return Reflect.set(result, "baseStream", tapped);
}

/** How a part of a stream says that it ends. */
type PartEnd = Pick<EndSpanOptions, "error" | "status">;

/** Failures and aborts are parts of the SDK's streams, which then end well. */
function endOfPart(chunk: unknown): PartEnd | undefined {
  const { type, error } = fieldsOf(fieldsOf(chunk)["part"] ?? chunk);
  if (type === "abort") return { status: "cancelled" };
  return type === "error" ? { error: error ?? "nothing was told" } : undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

interface Reading {
  readonly observer: StreamObserver;
  watch(watchOver: WatchOver, aliveWith: object): void;
}

const LEFT = "The consumer stopped reading.";

function startReading(
  span: ActiveSpan,
  readPart?: (chunk: unknown) => PartEnd | undefined,
): Reading {
  let watch: SpanWatch | undefined;
  let waiting = 0;
  let told: PartEnd | undefined;

  function end(options: EndSpanOptions = {}): void {
    watch?.stop();
    span.end(told ?? options);
  }
  return {
    observer: {
      pulled: () => void waiting++,
      chunk(chunk) {
        waiting--;
        watch?.touch();
        told ??= readPart?.(chunk);
      },
      done: () => end(),
      failed: (error) => end({ error: error ?? "nothing was thrown" }),
      left: () => end({ status: "cancelled", statusMessage: LEFT }),
    },
    watch(watchOver, aliveWith) {
      watch = watchOver(span, {
        aliveWith,
        isWaiting: () => waiting > 0,
        onAbandoned: (abandoned) => span.end(abandoned),
      });
    },
  };
}

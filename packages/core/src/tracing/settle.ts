import type { ActiveSpan } from "./tracing.ts";

/** What {@link runAndSettle} does with one call. */
export interface SettledWork {
  readonly span: ActiveSpan;
  /** Runs a piece of the work with the span active. */
  readonly run: <T>(work: () => T) => T;
  /** Takes the result, when there is one. */
  readonly onResult: (result: unknown) => void;
}

/** Items of a generator that are kept as its output. */
const MAX_ITEMS = 1_000;

/**
 * Runs `work` and ends the span when it settles: at once, when its promise settles, or when the generator
 * it returned is done. Errors are recorded and thrown on.
 */
export function runAndSettle<T>(settled: SettledWork, work: () => T): T {
  const { span, run } = settled;
  try {
    return follow(settled, run(work)) as T;
  } catch (error) {
    span.end({ error: error ?? "nothing was thrown" });
    throw error;
  }
}

function follow(settled: SettledWork, result: unknown): unknown {
  if (isThenable(result)) return followPromise(settled, result) ?? result;
  if (isGenerator(result, "[object AsyncGenerator]")) {
    return followAsyncGenerator(settled, result as AsyncGenerator);
  }
  if (isGenerator(result, "[object Generator]")) {
    return followGenerator(settled, result as Generator);
  }
  finish(settled, result);
  return result;
}

function finish({ span, onResult }: SettledWork, result: unknown): void {
  try {
    onResult(result);
  } catch {
    // It cannot be looked at, and the app gets it all the same.
  }
  span.end();
}

function fail({ span }: SettledWork, error: unknown): never {
  span.end({ error: error ?? "nothing was thrown" });
  throw error;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return looksLike(
    () =>
      typeof value === "object" &&
      value !== null &&
      typeof (value as { then?: unknown }).then === "function",
  );
}

function isGenerator(value: unknown, tag: string): boolean {
  return looksLike(
    () =>
      typeof value === "object" &&
      Object.prototype.toString.call(value) === tag &&
      typeof (value as Generator).next === "function",
  );
}

/** `false` where looking throws, as at a revoked proxy: the app gets its result as it is. */
function looksLike(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false;
  }
}

/** `undefined` for what has a `then` and is no promise: the app gets it as it is. */
function followPromise(settled: SettledWork, promise: PromiseLike<unknown>): unknown {
  const then = (): unknown =>
    promise.then(
      (result) => {
        finish(settled, result);
        return result;
      },
      (error: unknown) => fail(settled, error),
    );
  try {
    return then();
  } catch {
    finish(settled, undefined);
    return undefined;
  }
}

/** Collects what a generator yields, and ends the span with it. */
function collect(settled: SettledWork): {
  take(item: unknown): void;
  finish(result: unknown): void;
  leave(): void;
} {
  const items: unknown[] = [];
  return {
    take(item) {
      if (items.length < MAX_ITEMS) items.push(item);
    },
    finish(result) {
      finish(settled, items.length === 0 && result !== undefined ? result : items);
    },
    leave() {
      if (settled.span.ended) return;
      settled.onResult(items);
      settled.span.end({ status: "cancelled", statusMessage: "The consumer stopped reading." });
    },
  };
}

function* followGenerator(settled: SettledWork, source: Generator): Generator {
  const items = collect(settled);
  let advance = (): IteratorResult<unknown> => source.next();
  try {
    for (;;) {
      const step = settled.run(advance);
      if (step.done === true) {
        items.finish(step.value);
        return step.value;
      }
      items.take(step.value);
      try {
        const sent: unknown = yield step.value;
        advance = () => source.next(sent);
      } catch (thrown) {
        advance = () => source.throw(thrown);
      }
    }
  } catch (error) {
    return fail(settled, error);
  } finally {
    if (!settled.span.ended) settled.run(() => source.return(undefined));
    items.leave();
  }
}

async function* followAsyncGenerator(settled: SettledWork, source: AsyncGenerator): AsyncGenerator {
  const items = collect(settled);
  let advance = (): Promise<IteratorResult<unknown>> => source.next();
  try {
    for (;;) {
      const step = await settled.run(advance);
      if (step.done === true) {
        items.finish(step.value);
        return step.value;
      }
      items.take(step.value);
      try {
        const sent: unknown = yield step.value;
        advance = () => source.next(sent);
      } catch (thrown) {
        advance = () => source.throw(thrown);
      }
    }
  } catch (error) {
    return fail(settled, error);
  } finally {
    if (!settled.span.ended) await settled.run(() => source.return(undefined));
    items.leave();
  }
}

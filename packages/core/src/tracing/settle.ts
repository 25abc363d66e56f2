import { nextStatusOf } from "./next-answer.ts";
import { RecordedSpan } from "./recorded-span.ts";
import { followStream, type WatchOver } from "./settle-stream.ts";
import type { ActiveSpan } from "./tracing.ts";

/** What {@link runAndSettle} does with one call. */
export interface SettledWork {
  readonly span: ActiveSpan;
  /** Runs a piece of the work with the span active. */
  readonly run: <T>(work: () => T) => T;
  /** A stream that the work gives is followed to its end, and watched over by this. */
  readonly watchStream?: WatchOver | undefined;
}

/** Items of a generator that are kept as its output. */
const MAX_ITEMS = 1_000;

/** What a generator is driven with. */
const STEPS = ["next", "throw", "return"] as const;

/**
 * Runs `work` and ends the span when it settles: at once, when its promise settles, or when the generator
 * it returned is done. What is thrown is recorded, and thrown on.
 */
export function runAndSettle<T>(settled: SettledWork, work: () => T): T {
  try {
    return follow(settled, settled.run(work)) as T;
  } catch (error) {
    return fail(settled, error);
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
  return settle(settled, result);
}

/** What the caller gets of a result that is no promise. */
function settle(settled: SettledWork, result: unknown): unknown {
  const { span, watchStream } = settled;
  if (watchStream !== undefined && span.sampled) {
    const followed = followStream(span, watchStream, result);
    if (followed !== undefined) return followed.result;
  }
  finish(settled, result);
  return result;
}

function finish(settled: SettledWork, result: unknown): void {
  keep(settled, result);
  settled.span.end();
}

function keep({ span }: SettledWork, result: unknown): void {
  try {
    keepResult(span, result);
  } catch {
    // It cannot be looked at, and the app gets it all the same.
  }
}

/** The result of the work is its output, unless one was set, or it is an object with a life of its own. */
function keepResult(span: ActiveSpan, result: unknown): void {
  if (!(span instanceof RecordedSpan) || span.hasOutput || result === undefined) return;
  if (isData(result)) span.setOutput(result);
}

function isData(value: unknown): boolean {
  if (typeof value === "function") return false;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || "toJSON" in value;
}

/** Ends the span with what was thrown, and throws it on. An answer that Next.js has thrown, such as a redirect, is no failure. */
function fail({ span }: SettledWork, error: unknown): never {
  const status = nextStatusOf(error);
  if (status === undefined) span.end({ error: error ?? "nothing was thrown" });
  else {
    span.setAttributes({ "http.response.status_code": status });
    span.end();
  }
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
      STEPS.every((step) => typeof (value as Generator)[step] === "function"),
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
      (result) => settle(settled, result),
      (error: unknown) => fail(settled, error),
    );
  try {
    return then();
  } catch {
    finish(settled, undefined);
    return undefined;
  }
}

/** The record of a generator's reading. */
interface Reading {
  /** Notes a step of the generator, and ends the span with the last one. */
  readonly note: <T>(step: IteratorResult<T>) => IteratorResult<T>;
  /** Ends the span with what the generator threw, and throws it on. */
  readonly fail: (error: unknown) => never;
  /** The consumer wants no more. */
  readonly leave: () => void;
}

function startReading(settled: SettledWork): Reading {
  const { span } = settled;
  const items: unknown[] = [];
  let isOver = false;
  let isLeft = false;

  function end(result: unknown): void {
    isOver = true;
    if (!isLeft) finish(settled, items.length === 0 && result !== undefined ? result : items);
    else if (!span.ended) {
      keep(settled, items);
      span.end({ status: "cancelled", statusMessage: "The consumer stopped reading." });
    }
  }

  return {
    note(step) {
      if (isOver) return step;
      if (step.done === true) end(step.value);
      else if (items.length < MAX_ITEMS) items.push(step.value);
      return step;
    },
    fail(error) {
      if (isOver) throw error;
      isOver = true;
      if (items.length > 0) keep(settled, items);
      return fail(settled, error);
    },
    leave() {
      isLeft = true;
    },
  };
}

/** The generator itself, except that its steps are run with the span active, and noted. */
function followGenerator(settled: SettledWork, source: Generator): Generator {
  const reading = startReading(settled);
  const take = (step: () => IteratorResult<unknown>): IteratorResult<unknown> => {
    try {
      return reading.note(settled.run(step));
    } catch (error) {
      return reading.fail(error);
    }
  };
  return withSteps(source, {
    next: (sent) => take(() => source.next(sent)),
    throw: (thrown) => take(() => source.throw(thrown)),
    return: (value) => {
      reading.leave();
      return take(() => source.return(value));
    },
  });
}

/** {@link followGenerator}, for what answers with promises. */
function followAsyncGenerator(settled: SettledWork, source: AsyncGenerator): AsyncGenerator {
  const reading = startReading(settled);
  type Step = Promise<IteratorResult<unknown>>;
  const take = async (step: () => Step): Step => {
    try {
      return reading.note(await settled.run(step));
    } catch (error) {
      return reading.fail(error);
    }
  };
  return withSteps(source, {
    next: (sent) => take(() => source.next(sent)),
    throw: (thrown) => take(() => source.throw(thrown)),
    return: (value) => {
      reading.leave();
      return take(() => source.return(value));
    },
  });
}

type Steps = Readonly<Record<(typeof STEPS)[number], (value: unknown) => unknown>>;

/** What is not given is inherited, such as the iterator's own helpers. */
function withSteps<G extends object>(source: G, steps: Steps): G {
  return Object.create(source, {
    next: { value: steps.next },
    throw: { value: steps.throw },
    return: { value: steps.return },
  }) as G;
}

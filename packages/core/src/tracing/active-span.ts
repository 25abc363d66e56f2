import { AsyncLocalStorage } from "node:async_hooks";
import type { ActiveSpan, EnteredSpan, LibraryContext, Tracing } from "./tracing.ts";

/** Knows which span encloses the running code, across `await` and callbacks. */
export interface ActiveSpanContext {
  get(): ActiveSpan | undefined;
  run<T>(span: ActiveSpan, work: () => T): T;
  /** Makes the span active for the rest of the running function and what it starts. */
  enter(span: ActiveSpan): void;
  /** See `Tracing.joinContext`. */
  join(context: LibraryContext): () => EnteredSpan | undefined;
  /** See `Tracing.bindChannel`. */
  bind: Tracing["bindChannel"];
}

/** One context per client, so that two clients in a process do not nest in each other. */
export function createActiveSpanContext(reportError: (error: unknown) => void): ActiveSpanContext {
  const storage = new AsyncLocalStorage<Entered>();
  let library: LibraryContext | undefined;

  const currentWork = (): unknown => attempt(() => library?.current(), reportError);
  const enter = (span: ActiveSpan): Entered => ({ span, within: currentWork() });
  return {
    get() {
      const entered = storage.getStore();
      if (library === undefined) return entered?.span;
      try {
        return innermost(library, entered);
      } catch (error) {
        reportError(error);
        return entered?.span;
      }
    },
    run: (span, work) => storage.run(enter(span), work),
    enter: (span) => storage.enterWith(enter(span)),
    join(joined) {
      library = joined;
      return () => enteredSpan(storage.getStore());
    },
    bind(channel, lookUp) {
      channel.bindStore(storage as never, (message) => {
        const outer = storage.getStore();
        const look = attempt(() => lookUp(message), reportError);
        return look === undefined
          ? outer
          : lazily(look, { outer, within: currentWork(), reportError });
      });
    },
  };
}

/**
 * The span of the library's work that encloses the code, or the one that was made active inside this work: where
 * that one comes from does not matter.
 */
function innermost(
  { current, spanOf }: LibraryContext,
  entered: Entered | undefined,
): ActiveSpan | undefined {
  const work = current();
  const theirs = work === undefined ? undefined : spanOf(work);
  if (theirs === undefined || theirs.ended) return entered?.span;
  const { span, within } = entered ?? {};
  if (span === undefined || span.ended) return theirs;
  const isInside = within === work || (within !== undefined && spanOf(within) === theirs);
  return isInside || span.isWithin(theirs) ? span : theirs;
}

/** What was made active. */
interface Entered {
  readonly span: ActiveSpan | undefined;
  /** The work of the library that enclosed the code then. */
  readonly within: unknown;
}

function enteredSpan({ span, within }: Partial<Entered> = {}): EnteredSpan | undefined {
  return span === undefined ? undefined : { span, within };
}

interface LookContext {
  /** What was made active around it. */
  readonly outer: Entered | undefined;
  readonly within: unknown;
  readonly reportError: (error: unknown) => void;
}

/** The span that is looked up whenever it is asked for. */
function lazily(
  look: () => ActiveSpan | undefined,
  { outer, within, reportError }: LookContext,
): Entered {
  return {
    get span() {
      return attempt(look, reportError) ?? outer?.span;
    },
    within,
  };
}

function attempt<T>(work: () => T, reportError: (error: unknown) => void): T | undefined {
  try {
    return work();
  } catch (error) {
    reportError(error);
    return undefined;
  }
}

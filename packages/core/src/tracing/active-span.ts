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
  /** Ends all bindings to channels. */
  unbind(): void;
}

/** One context per client, so that two clients in a process do not nest in each other. */
export function createActiveSpanContext(reportError: (error: unknown) => void): ActiveSpanContext {
  const storage = new AsyncLocalStorage<Entered>();
  const bindings = new Set<() => void>();
  const libraries: LibraryContext[] = [];

  const currentWork = (): readonly unknown[] =>
    libraries.map((library) => attempt(() => library.current(), reportError));
  const enter = (span: ActiveSpan): Entered => ({ span, within: currentWork() });
  return {
    get() {
      const entered = stillEntered(storage.getStore());
      const nearer = libraries.flatMap(
        (library, place) => attempt(() => nearerOf(library, entered, place), reportError) ?? [],
      );
      // Of the works of several libraries the one inside of the others counts.
      return nearer.length === 0
        ? entered?.span
        : nearer.reduce((one, other) => (one.isWithin(other) ? one : other));
    },
    run: (span, work) => storage.run(enter(span), work),
    enter(span) {
      const outer = stillEntered(storage.getStore());
      storage.enterWith({ ...enter(span), around: { outer } });
    },
    join(joined) {
      const place = libraries.push(joined) - 1;
      return () => enteredSpan(stillEntered(storage.getStore()), place);
    },
    bind(channel, lookUp) {
      channel.bindStore(storage as never, (message) => {
        const outer = storage.getStore();
        const look = attempt(() => lookUp(message), reportError);
        return look === undefined
          ? outer
          : lazily(look, { outer, within: currentWork(), reportError });
      });
      const unbind = (): void => {
        bindings.delete(unbind);
        channel.unbindStore(storage as never);
      };
      bindings.add(unbind);
      return unbind;
    },
    unbind() {
      for (const unbind of bindings) unbind();
    },
  };
}

/**
 * The span of the library's work that encloses the code, unless what was made active was made so inside of this work:
 * where that one comes from does not matter.
 */
function nearerOf(
  { current, spanOf }: LibraryContext,
  { span, within = [] }: Partial<Entered> = {},
  place: number,
): ActiveSpan | undefined {
  const work = current();
  const theirs = work === undefined ? undefined : spanOf(work);
  if (theirs === undefined || theirs.ended) return undefined;
  if (span === undefined || span.ended) return theirs;
  const around = within[place];
  const isInside = around === work || (around !== undefined && spanOf(around) === theirs);
  return isInside || span.isWithin(theirs) ? undefined : theirs;
}

/** What was made active. */
interface Entered {
  readonly span: ActiveSpan | undefined;
  /** The work of each joined library that enclosed the code then. */
  readonly within: readonly unknown[];
  /** What it was entered in, when nobody says where it is left: it is as soon as it has ended. */
  readonly around?: { readonly outer: Entered | undefined };
}

/** What is active, without the entered spans that have ended. */
function stillEntered(entered: Entered | undefined): Entered | undefined {
  let still = entered;
  while (still?.around !== undefined && still.span?.ended === true) still = still.around.outer;
  return still;
}

function enteredSpan(
  { span, within = [] }: Partial<Entered> = {},
  place: number,
): EnteredSpan | undefined {
  return span === undefined ? undefined : { span, within: within[place] };
}

interface LookContext {
  /** What was made active around it. */
  readonly outer: Entered | undefined;
  readonly within: readonly unknown[];
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

import { AsyncLocalStorage } from "node:async_hooks";
import type { ActiveSpan, ActiveSpanResolver } from "./tracing.ts";

/** Knows which span encloses the running code, across `await` and callbacks. */
export interface ActiveSpanContext {
  get(): ActiveSpan | undefined;
  run<T>(span: ActiveSpan, work: () => T): T;
  /** Makes the span active for the rest of the running function and what it starts. */
  enter(span: ActiveSpan): void;
  /** See `Tracing.setActiveSpanResolver`. */
  resolveWith(resolve: ActiveSpanResolver): void;
}

/** One context per client, so that two clients in a process do not nest in each other. */
export function createActiveSpanContext(reportError: (error: unknown) => void): ActiveSpanContext {
  const storage = new AsyncLocalStorage<ActiveSpan>();
  let resolver: ActiveSpanResolver | undefined;
  return Object.freeze({
    get(): ActiveSpan | undefined {
      const own = storage.getStore();
      if (resolver === undefined) return own;
      try {
        return resolver(own);
      } catch (error) {
        reportError(error);
        return own;
      }
    },
    resolveWith(resolve: ActiveSpanResolver): void {
      resolver = resolve;
    },
    run: <T>(span: ActiveSpan, work: () => T): T => storage.run(span, work),
    enter: (span: ActiveSpan): void => storage.enterWith(span),
  });
}

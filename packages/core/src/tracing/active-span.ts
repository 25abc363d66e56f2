import { AsyncLocalStorage } from "node:async_hooks";
import type { ActiveSpan } from "./tracing.ts";

/** Knows which span encloses the running code, across `await` and callbacks. */
export interface ActiveSpanContext {
  get(): ActiveSpan | undefined;
  run<T>(span: ActiveSpan, work: () => T): T;
}

/** One context per client, so that two clients in a process do not nest in each other. */
export function createActiveSpanContext(): ActiveSpanContext {
  const storage = new AsyncLocalStorage<ActiveSpan>();
  return Object.freeze({
    get: () => storage.getStore(),
    run: <T>(span: ActiveSpan, work: () => T): T => storage.run(span, work),
  });
}

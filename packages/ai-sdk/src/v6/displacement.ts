import { AsyncLocalStorage } from "node:async_hooks";
import { processState } from "../sdk/process-state.ts";

/**
 * One call of AI SDK 6 that a tracer records: the integration must leave it alone. Calls inside its tools
 * are calls of their own, so the mark is taken off by the first that sees it.
 */
interface Displacement {
  taken: boolean;
}

const storage = processState("displacement", () => new AsyncLocalStorage<Displacement>());

/** Runs one call that the integration must leave alone. */
export function displaceIntegration<T>(work: () => T): T {
  return storage.run({ taken: false }, work);
}

/** Whether the call that asks is to be left alone. */
export function takeDisplacement(): boolean {
  const displacement = storage.getStore();
  if (displacement === undefined || displacement.taken) return false;
  displacement.taken = true;
  return true;
}

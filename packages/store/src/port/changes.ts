import type { StoreChange } from "./store.ts";

/** What is told when it is known that something changed, and not what. */
export const EVERYTHING_CHANGED: readonly StoreChange[] = (
  ["experiment", "run", "model", "prompt", "trace", "assessment", "dataset", "evaluation"] as const
).map((entity) => ({ entity, ids: [] }));

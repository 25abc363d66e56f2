import type { StoreChange } from "@rivulet/core";

/** Merges changes until they are taken. */
export interface ChangeGatherer {
  add(change: StoreChange): void;
  /** The changes so far, one per entity; then starts anew. */
  take(): readonly StoreChange[];
  isEmpty(): boolean;
}

/** More ids than this are "something of this kind". */
const MAX_IDS = 500;

/** An empty gatherer. Its size is bounded by the number of entities. */
export function createChangeGatherer(): ChangeGatherer {
  // `undefined`: the ids are not known, or too many to name.
  const pending = new Map<StoreChange["entity"], Set<string> | undefined>();
  return {
    add({ entity, ids }) {
      const known = pending.has(entity) ? pending.get(entity) : new Set<string>();
      if (known === undefined || ids.length === 0 || known.size + ids.length > MAX_IDS) {
        pending.set(entity, undefined);
        return;
      }
      for (const id of ids) known.add(id);
      pending.set(entity, known);
    },
    take() {
      const changes = [...pending].map(([entity, ids]) => ({ entity, ids: [...(ids ?? [])] }));
      pending.clear();
      return changes;
    },
    isEmpty: () => pending.size === 0,
  };
}

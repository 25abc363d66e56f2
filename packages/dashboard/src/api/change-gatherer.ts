import type { StoreChange } from "@rivulet/core";
import { follow } from "./query-client.ts";

/** Gathers changes until it is time to look at them. */
export interface ChangeGatherer {
  readonly add: (change: StoreChange) => void;
  readonly stop: () => void;
}

/** The first change waits this long for others. */
const GATHER_MS = 400;
/** The next ones wait for each request that the last ones took: at most two requests a second. */
const REST_MS = 500;
/** Stands for "ids not known". */
const ANY = "";

/**
 * Gathers changes, so that a busy app costs two requests a second, not hundreds. The next ones also wait for the
 * answers to the last: a slow server is not asked faster than it answers.
 */
export function createChangeGatherer(): ChangeGatherer {
  const pending = new Map<StoreChange["entity"], Set<string>>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isSending = false;
  let restUntil = 0;
  const schedule = (): void => {
    if (isSending || pending.size === 0) return;
    timer ??= setTimeout(() => void send(), Math.max(GATHER_MS, restUntil - performance.now()));
  };
  const send = async (): Promise<void> => {
    timer = undefined;
    isSending = true;
    const changes = [...pending];
    pending.clear();
    const began = performance.now();
    const counts = await Promise.all(
      changes.map(([subject, ids]) => follow({ subject, ids: ids.has(ANY) ? [] : [...ids] })),
    );
    restUntil = began + REST_MS * counts.reduce((sum, count) => sum + count, 0);
    isSending = false;
    schedule();
  };
  return {
    add: ({ entity, ids }) => {
      const known = pending.get(entity) ?? new Set();
      for (const id of ids.length === 0 ? [ANY] : ids) known.add(id);
      pending.set(entity, known);
      schedule();
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
      pending.clear();
    },
  };
}

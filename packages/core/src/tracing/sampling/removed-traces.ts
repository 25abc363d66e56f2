import { RivuletError } from "@rivulet/domain";
import type { Journal, Store } from "@rivulet/store";

/** Removes traces from the store that were dropped after some of them had been written. */
export interface RemovedTraces {
  /** Removes it soon. */
  add(traceId: string): void;
  /** Resolves when all are removed that were added. */
  settle(): Promise<void>;
  /** Removes no more. */
  stop(): void;
}

/** What {@link createRemovedTraces} works with. */
export interface RemovalParts {
  readonly store: () => Promise<Store>;
  readonly journal: Pick<Journal, "flush">;
  /** Whether feedback of this value saves its trace. */
  readonly isLow: (value: unknown) => boolean;
  /** Feedback in the store has saved the trace. */
  readonly saved: (traceId: string) => void;
  readonly reportError: (error: unknown) => void;
}

/** So long they are collected. */
const COLLECT_MS = 1_000;
const AT_ONCE = 1_000;
/** More are kept: the store does not answer. */
const MAX_WAITING = 100_000;

/**
 * Makes {@link RemovedTraces}. Also asks for those of which this client has written nothing: another service may have
 * written its part of them into the same store.
 */
export function createRemovedTraces(parts: RemovalParts): RemovedTraces {
  const { reportError } = parts;
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let removing: Promise<void> = Promise.resolve();

  function settle(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    removing = removing.then(removeAll).catch(reportError);
    return removing;
  }

  async function removeAll(): Promise<void> {
    while (waiting.size > 0) {
      const ids = [...waiting].slice(0, AT_ONCE);
      for (const id of ids) waiting.delete(id);
      await remove(ids, parts);
    }
  }

  return {
    add(traceId) {
      if (waiting.size >= MAX_WAITING) return reportError(tooMany());
      waiting.add(traceId);
      timer ??= setTimeout(settle, COLLECT_MS).unref();
    },
    settle,
    stop() {
      clearTimeout(timer);
      waiting.clear();
    },
  };
}

async function remove(
  ids: readonly string[],
  { store, journal, isLow, saved }: RemovalParts,
): Promise<void> {
  // What is on its way would bring them back.
  await journal.flush();
  const { traces, assessments } = await store();
  const given = await assessments.list({ traceIds: ids });
  const low = given.filter(({ kind, value }) => kind === "feedback" && isLow(value));
  const kept = new Set(low.map(({ traceId }) => traceId));
  for (const id of kept) saved(id);
  await traces.delete(ids.filter((id) => !kept.has(id)));
}

function tooMany(): RivuletError {
  const message = `More than ${MAX_WAITING} traces wait to be removed, so further ones are kept.`;
  return new RivuletError("limit_exceeded", message, { details: { limit: MAX_WAITING } });
}

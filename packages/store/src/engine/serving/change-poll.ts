import type { ChangeLog } from "../../port/backend.ts";
import type { StoreChange } from "../../port/store.ts";

/** Polls for changes by others while somebody listens. */
export interface ChangePoll {
  watch(isWanted: boolean): void;
  stop(): void;
}

/** Options of {@link createChangePoll}. */
export interface ChangePollParts {
  readonly changes: ChangeLog;
  /** The engine whose changes are known without polling. */
  readonly owner: string;
  readonly changed: (changes: readonly StoreChange[]) => void;
}

/** Milliseconds between two polls. */
const POLL_MS = 1000;

/** Polls from the first subscription on; earlier changes are not reported. */
export function createChangePoll({ changes, owner, changed }: ChangePollParts): ChangePoll {
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;

  const look = async (tell: (found: readonly StoreChange[]) => void): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      const found = await changes.poll(owner);
      if (timer !== undefined && found.length > 0) tell(found);
    } catch {
      // An unreachable database shows in the calls of the app, so nothing is reported here.
    } finally {
      isLooking = false;
    }
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    watch(isWanted) {
      stop();
      if (!isWanted) return;
      timer = setInterval(() => void look(changed), POLL_MS).unref();
      void look(() => undefined);
    },
    stop,
  };
}

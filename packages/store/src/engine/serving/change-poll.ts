import type { ChangeLog } from "../../port/backend.ts";
import type { StoreChange } from "../../port/store.ts";

/** Looks, while somebody listens, what others have changed in the database. */
export interface ChangePoll {
  watch(isWanted: boolean): void;
  stop(): void;
}

/** What {@link createChangePoll} works with. */
export interface ChangePollParts {
  readonly changes: ChangeLog;
  /** Whose changes are known without asking. */
  readonly owner: string;
  readonly changed: (changes: readonly StoreChange[]) => void;
}

/** How often. */
const POLL_MS = 1000;

/** Polls from the moment somebody listens; what happened before that moment is not told. */
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
      // A database that is away shows in the calls of the app; there is nothing to tell here.
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
